import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { RequestAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { FAMILIES } from '../functions/routes.ts';
import { makeAlerts, makeFollowUse } from './constructs/alerts.ts';
import { makeAudit } from './constructs/audit.ts';
import { makeFinanceExport } from './constructs/finance-export.ts';
import { functionFor } from './constructs/function.ts';
import { makeGateway } from './constructs/gateway.ts';
import { makeMailIdentity } from './constructs/mail.ts';
import { makeOperatorFunctions } from './constructs/operator-functions.ts';
import { API_TIMEOUT, addPreflights, addPublicPages, addRoutes, answerSettings } from './constructs/routes.ts';
import { makeStripeKeys, makeStripeWebhook } from './constructs/stripe.ts';
import { letJoin, makeUsagePlans } from './constructs/usage-plans.ts';
import { table } from './constructs/use.ts';
import type { DataStack } from './data-stack.ts';
import type { GenerationStack } from './generation-stack.ts';
import type { IdentityStack } from './identity-stack.ts';
import type { Stage } from './stage.ts';

export interface ApiStackProps extends StackProps {
  readonly stage: Stage;
  readonly data: DataStack;
  readonly generation: GenerationStack;
  readonly identity: IdentityStack;
  /** Where the functions of accounts, keys, money and the audit trail stand; a stack may have 500 resources. */
  readonly platform: Stack;
}

/** What callers see: the REST API, its authorizer and plans, and the functions that respond. */
export class ApiStack extends Stack {
  constructor(scope: Construct, id: string, props: ApiStackProps) {
    super(scope, id, { description: 'Mutoscope: what callers see', ...props });
    const { stage, data, platform } = props;
    const { tables, media, documents, reports } = data;
    const api = makeGateway(this, stage);

    const authorizer = new RequestAuthorizer(this, 'Keys', {
      handler: functionFor(this, 'functions/keys/authorizer.lambda.ts', stage, {
        timeout: Duration.seconds(10),
        settings: { TOKEN_ISSUERS: props.identity.issuers, SUPPORT: stage.support },
        uses: { CORE_TABLE: table(tables.core, ['GetItem']), AUDIT_TABLE: table(tables.audit, ['PutItem']) },
      }),
      // Nothing is remembered, so a revoked key is refused at once; and it sees each request, with or without a key.
      resultsCacheTtl: Duration.seconds(0),
      identitySources: [],
    });

    makeMailIdentity(platform, stage);
    const stripeKeys = makeStripeKeys(platform, stage);
    const { machine, queue } = props.generation;
    const functions = addRoutes(api, FAMILIES, {
      stage,
      authorizer,
      resources: { tables, media, documents, machine, queue, reports, stripeKeys },
      scopeOf: ({ dialect }) => (dialect === 'platform' ? platform : this),
    });
    makeStripeWebhook(platform, stage, api, { keys: stripeKeys, tables });
    const reference = functionFor(this, 'functions/reference/reference.lambda.ts', stage, {
      timeout: API_TIMEOUT,
      settings: answerSettings(stage),
      uses: {},
    });
    const pages = ['/', '/docs', '/docs/problems', '/openapi.json', '/v1/terms'];
    addPublicPages(api, reference, pages);
    const paths = FAMILIES.flatMap(({ routes }) => Object.values(routes).map(({ path }) => path));
    addPreflights(api, reference, [...new Set([...paths, ...pages])]);

    makeAlerts(platform, stage, tables);
    makeFollowUse(platform, stage, tables);
    makeAudit(platform, stage, tables, data.auditAnchors);
    const plans = makeUsagePlans(api, stage.name);
    letJoin(api, plans, [
      makeOperatorFunctions(platform, stage, tables),
      ...new Set([...functions].flatMap(([{ uses }, made]) => (uses.usagePlans ? [made] : []))),
    ]);
    makeFinanceExport(this, stage, tables, { reports, plans, api });
    new CfnOutput(this, 'ApiUrl', { value: api.url });
  }
}
