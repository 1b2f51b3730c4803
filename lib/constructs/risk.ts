/** What watches the recorded use of keys and accounts, as the stream of the audit table brings it. */
import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { functionFor } from './function.ts';
import type { Tables } from './tables.ts';
import { table } from './use.ts';

/** functions/risk/use.ts has them: what a person changed is no use. */
const USE_ACTIONS = ['key.used', 'call.made', 'call.refused'];

export function makeRisk(scope: Construct, stage: Stage, { core, jobs, audit }: Tables): void {
  const watch = functionFor(scope, 'functions/risk/watch-use.lambda.ts', stage, {
    timeout: Duration.minutes(1),
    uses: {
      CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem'], ['keysByAccount']),
      JOBS_TABLE: table(jobs, ['PutItem']),
      AUDIT_TABLE: table(audit, ['PutItem']),
    },
    settings: { USE_RULES: stage.useRules },
  });
  watch.addEventSource(
    new DynamoEventSource(audit as ITable, {
      startingPosition: StartingPosition.LATEST,
      // Many calls of one account that are recorded together are taken up by one write.
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(1),
      // One that always fails is put apart from the others; a rule that is met a day late helps nobody.
      bisectBatchOnError: true,
      maxRecordAge: Duration.hours(6),
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { NewImage: { action: { S: FilterRule.or(...USE_ACTIONS) } } },
        }),
      ],
    }),
  );
}
