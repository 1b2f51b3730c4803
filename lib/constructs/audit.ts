import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { ITable, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { functionFor } from './function.ts';
import { table } from './use.ts';

/** The audit trail: what seals it as it grows, and what verifies it. */
export function makeAudit(scope: Construct, stage: Stage, audit: TableV2): void {
  const seal = functionFor(scope, 'functions/audit/seal.lambda.ts', stage, {
    timeout: Duration.seconds(30),
    uses: { AUDIT_TABLE: table(audit, ['GetItem', 'PutItem']) },
  });
  seal.addEventSource(
    new DynamoEventSource(audit as ITable, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      // A seal holds a hash of each event: 1,000 stay far below the 400 KB of an item.
      batchSize: 1000,
      maxBatchingWindow: Duration.seconds(1),
      // In order, whatever happens: a chain with a gap is worth nothing. The stream keeps what waits for a day.
      filters: [FilterCriteria.filter({ eventName: FilterRule.isEqual('INSERT') })],
    }),
  );

  const verify = functionFor(scope, 'functions/audit/verify-audit.lambda.ts', stage, {
    timeout: Duration.minutes(15),
    memory: 2048,
    uses: { AUDIT_TABLE: table(audit, ['Query']) },
  });
  new CfnOutput(Stack.of(scope), 'VerifyAuditFunction', { value: verify.functionName });
}
