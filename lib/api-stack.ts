import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import * as generation from '../functions/generation/contract.ts';
import { imageResult } from '../functions/generation/pixverse/avatar-contract.ts';
import { uploadImage as uploadImageRoute } from '../functions/uploads/contract.ts';
import * as credits from '../functions/usage/pixverse-contract.ts';
import { makeAccountsApi } from './constructs/accounts-api.ts';
import { makeAlerts } from './constructs/alerts.ts';
import { makeAudit } from './constructs/audit.ts';
import { makeFinanceApi } from './constructs/finance-api.ts';
import { makeFinanceExport } from './constructs/finance-export.ts';
import { functionFor } from './constructs/function.ts';
import { makeGateway } from './constructs/gateway.ts';
import { makeKeysApi } from './constructs/keys-api.ts';
import { makeOperatorFunctions } from './constructs/operator-functions.ts';
import { makePaymentsApi } from './constructs/payments-api.ts';
import { makePixverseApi } from './constructs/pixverse-api.ts';
import { addPublicPages, addRoutes, Door } from './constructs/routes.ts';
import { makeUsageApi } from './constructs/usage-api.ts';
import { letJoin, makeUsagePlans } from './constructs/usage-plans.ts';
import { media, table } from './constructs/use.ts';
import { makeVideosApi } from './constructs/videos-api.ts';
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

/** What callers see: the REST API, its authorizer and plans, and the functions that answer. */
export class ApiStack extends Stack {
  constructor(scope: Construct, id: string, props: ApiStackProps) {
    super(scope, id, { description: 'Mutoscope: what callers see', ...props });
    const { stage, data } = props;
    const { core, jobs, audit } = data.tables;
    const api = makeGateway(this, stage);
    // Within the 29 seconds after which API Gateway stops waiting.
    const timeout = Duration.seconds(28);

    const authorizer = new Door(this, 'Keys', {
      audit,
      handler: functionFor(this, 'functions/keys/authorizer.lambda.ts', stage, {
        timeout: Duration.seconds(10),
        settings: { TOKEN_ISSUERS: props.identity.issuers },
        uses: { CORE_TABLE: table(core, ['GetItem']), AUDIT_TABLE: table(audit, ['PutItem']) },
      }),
      // Nothing is remembered, so a revoked key is refused at once; and it sees each request, with or without a key.
      resultsCacheTtl: Duration.seconds(0),
      identitySources: [],
    });

    const uploadImage = functionFor(this, 'functions/uploads/upload-image.lambda.ts', stage, {
      timeout,
      memory: 1024,
      settings: { IMAGE_SOURCE_ALLOW: stage.trustedImageHosts.join(',') },
      uses: {
        JOBS_TABLE: table(jobs, ['PutItem']),
        MEDIA_BUCKET: media(data.media, ['GetObject', 'PutObject']),
      },
    });
    const result = functionFor(this, 'functions/generation/result.lambda.ts', stage, {
      timeout,
      uses: { JOBS_TABLE: table(jobs, ['GetItem']), MEDIA_BUCKET: media(data.media, ['GetObject']) },
    });
    const balance = functionFor(this, 'functions/usage/balance.lambda.ts', stage, {
      timeout,
      uses: { CORE_TABLE: table(core, ['GetItem']) },
    });

    addRoutes(api, authorizer, result, { videoResult: generation.videoResult, imageResult });
    addRoutes(api, authorizer, uploadImage, { uploadImage: uploadImageRoute });
    addRoutes(api, authorizer, balance, { balance: credits.balance });

    const reference = functionFor(this, 'functions/reference/reference.lambda.ts', stage, { timeout, uses: {} });
    addPublicPages(api, reference, ['/', '/docs', '/docs/problems', '/openapi.json', '/v1/terms']);

    const { machine, queue } = props.generation;
    makePixverseApi(this, stage, api, authorizer, { tables: data.tables, media: data.media, machine });
    makeVideosApi(this, stage, api, authorizer, { tables: data.tables, media: data.media, machine, queue });
    makeUsageApi(props.platform, stage, api, authorizer, data.tables);

    makeAlerts(props.platform, stage, api, authorizer, data.tables);
    makePaymentsApi(props.platform, stage, api, authorizer, data.tables);
    makeAudit(props.platform, stage, api, authorizer, audit);
    const plans = makeUsagePlans(api, stage.name);
    letJoin(api, plans, [
      makeOperatorFunctions(props.platform, stage, data.tables),
      makeAccountsApi(props.platform, stage, api, authorizer, { tables: data.tables, media: data.media }),
      makeKeysApi(props.platform, stage, api, authorizer, data.tables),
    ]);
    makeFinanceApi(props.platform, stage, api, authorizer, { reports: data.reports, tables: data.tables });
    makeFinanceExport(this, stage, data.tables, { reports: data.reports, plans, api });
    new CfnOutput(this, 'ApiUrl', { value: api.url });
  }
}
