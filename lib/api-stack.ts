import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { PAGES } from '../functions/reference/contract.ts';
import { FAMILIES } from '../functions/routes.ts';
import { makeAccountExports } from './constructs/account-exports.ts';
import { makeAlerts, makeFollowUse } from './constructs/alerts.ts';
import { makeAudit } from './constructs/audit.ts';
import { certifyDeletions, makeCertificatePages } from './constructs/certificates.ts';
import { makeEnforcement } from './constructs/enforcement.ts';
import { makeFinanceExport } from './constructs/finance-export.ts';
import { functionFor } from './constructs/function.ts';
import { baseUrlOf, makeGateway } from './constructs/gateway.ts';
import { makeInvoices } from './constructs/invoices.ts';
import { makeMailDomain } from './constructs/mail.ts';
import { makeOperatorFunctions } from './constructs/operator-functions.ts';
import { makeRetention } from './constructs/retention.ts';
import { makeRisk } from './constructs/risk.ts';
import { API_TIMEOUT, answerSettings, makeRoutes, preflights, publicPages } from './constructs/routes.ts';
import { makeStripeWebhook } from './constructs/stripe.ts';
import { makeTermination } from './constructs/termination.ts';
import { makeTopUps } from './constructs/top-ups.ts';
import { letCount, letJoin, makeUsagePlans } from './constructs/usage-plans.ts';
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
  /** Where what follows events stands, which nothing here refers to. */
  readonly platform: Stack;
}

/** What callers see: the REST API, its authorizer and plans, and the functions that respond. */
export class ApiStack extends Stack {
  constructor(scope: Construct, id: string, props: ApiStackProps) {
    super(scope, id, { description: 'Mutoscope: what callers see', ...props });
    const { stage, data, platform } = props;
    const { tables, media, documents, invoices, accountExports, reports, stripeKeys, offenderKey } = data;
    const { machine, queue } = props.generation;

    const authorizer = functionFor(this, 'functions/keys/authorizer.lambda.ts', stage, {
      timeout: Duration.seconds(10),
      settings: { TOKEN_ISSUERS: props.identity.issuers, SUPPORT: stage.support },
      uses: { CORE_TABLE: table(tables.core, ['GetItem']), AUDIT_TABLE: table(tables.audit, ['PutItem']) },
    });
    const exportDay = makeFinanceExport(this, stage, tables, reports);
    const exportMachine = makeAccountExports(this, stage, {
      tables,
      media,
      invoices,
      accountExports,
      certificates: data.certificates,
    });
    const buckets = { media, documents, invoices, accountExports };
    const secrets = { stripeKeys, offenderKey };
    const resources = { ...buckets, ...secrets, tables, machine, exportMachine, queue, reports, exportDay };
    const { operations, functions } = makeRoutes(this, FAMILIES, { stage, resources });
    const webhook = makeStripeWebhook(this, stage, { keys: stripeKeys, tables });
    const certificatePages = makeCertificatePages(this, stage, data.certificates);
    const reference = functionFor(this, 'functions/reference/reference.lambda.ts', stage, {
      timeout: API_TIMEOUT,
      settings: {
        ...answerSettings(stage),
        SIGN_INS: props.identity.signIns,
        SIGN_IN_CALLBACKS: stage.signInCallbacks.join(','),
      },
      uses: {},
    });
    const pages = Object.values(PAGES).map(({ path }) => path);
    const called = [...operations, webhook, ...certificatePages, ...publicPages(reference, pages)];
    const paths = new Set(called.map(({ path }) => path));
    const api = makeGateway(this, stage, authorizer, [...called, ...preflights(reference, paths)]);

    const plans = makeUsagePlans(api, stage.name);
    letJoin(api, plans, [
      makeOperatorFunctions(this, stage, tables),
      ...new Set([...functions].flatMap(([{ uses }, made]) => (uses.usagePlans ? [made] : []))),
    ]);
    letCount(api, plans, exportDay);
    new CfnOutput(this, 'ApiUrl', { value: baseUrlOf(api, stage) });

    makeMailDomain(platform, stage);
    makeAlerts(platform, stage, tables);
    makeFollowUse(platform, stage, tables);
    makeEnforcement(platform, stage, tables);
    makeInvoices(platform, stage, { tables, bucket: invoices });
    makeTopUps(platform, stage, { tables, keys: stripeKeys });
    certifyDeletions(platform, stage, { tables, certificates: data.certificates });
    makeTermination(platform, stage, { data, machine, developers: props.identity.developers.pool });
    makeAudit(platform, stage, tables, data.auditAnchors);
    makeRetention(platform, stage, { tables, media });
    makeRisk(platform, stage, tables);
  }
}
