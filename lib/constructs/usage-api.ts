import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { listLedger, readUsage } from '../../functions/usage/usage-contract.ts';
import type { Stage } from '../stage.ts';
import { functionFor } from './function.ts';
import { addRoutes, type Door } from './routes.ts';
import type { Tables } from './tables.ts';
import { table } from './use.ts';

/** What an account reads of its own use and money: /v1/usage and /v1/ledger. */
export function makeUsageApi(
  scope: Construct,
  stage: Stage,
  api: RestApi,
  authorizer: Door,
  { core, ledger }: Tables,
): void {
  const read = functionFor(scope, 'functions/usage/read-usage.lambda.ts', stage, {
    // Within the 29 seconds after which API Gateway stops waiting.
    timeout: Duration.seconds(28),
    uses: { CORE_TABLE: table(core, ['Query']), LEDGER_TABLE: table(ledger, [], ['byTime']) },
  });
  addRoutes(api, authorizer, read, { readUsage, listLedger });
}
