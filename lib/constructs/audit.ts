import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { listAccountAudit, listAudit } from '../../functions/audit/contract.ts';
import type { Stage } from '../stage.ts';
import { functionFor } from './function.ts';
import { addRoutes, type Door } from './routes.ts';
import { table } from './use.ts';

/** The audit trail: who reads it, what seals it as it grows, and what verifies it. */
export function makeAudit(scope: Construct, stage: Stage, api: RestApi, authorizer: Door, audit: TableV2): void {
  const read = functionFor(scope, 'functions/audit/audit.lambda.ts', stage, {
    timeout: Duration.seconds(28),
    uses: { AUDIT_TABLE: table(audit, ['Query']) },
  });
  addRoutes(api, authorizer, read, { listAudit, listAccountAudit });

  functionFor(scope, 'functions/audit/seal.lambda.ts', stage, {
    timeout: Duration.seconds(30),
    uses: { AUDIT_TABLE: table(audit, ['GetItem', 'PutItem']) },
  });

  const verify = functionFor(scope, 'functions/audit/verify-audit.lambda.ts', stage, {
    timeout: Duration.minutes(15),
    memory: 2048,
    uses: { AUDIT_TABLE: table(audit, ['Query']) },
  });
  new CfnOutput(Stack.of(scope), 'VerifyAuditFunction', { value: verify.functionName });
}
