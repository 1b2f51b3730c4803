import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { listAlerts } from '../../functions/alerts/contract.ts';
import type { Stage } from '../stage.ts';
import { functionFor } from './function.ts';
import { sender } from './mail.ts';
import { addRoutes, type Door } from './routes.ts';
import type { Tables } from './tables.ts';
import { table } from './use.ts';

/** Who watches what is used as videos are started, and who lists what was told. */
export function makeAlerts(
  scope: Construct,
  stage: Stage,
  api: RestApi,
  door: Door,
  { core, jobs, audit }: Tables,
): void {
  const watch = functionFor(scope, 'functions/alerts/watch-usage.lambda.ts', stage, {
    timeout: Duration.minutes(1),
    uses: {
      CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem']),
      JOBS_TABLE: table(jobs, ['GetItem']),
      AUDIT_TABLE: table(audit, ['PutItem']),
      MAIL_FROM: sender(scope, stage),
    },
  });
  watch.addEventSource(
    new DynamoEventSource(jobs as ITable, {
      startingPosition: StartingPosition.LATEST,
      // Many videos of one account that are started together are looked at once.
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(1),
      // An alert that is hours late is worth little, and must not stand in the way of others.
      retryAttempts: 5,
      maxRecordAge: Duration.hours(1),
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { NewImage: { type: { S: FilterRule.isEqual('video.queued') } } },
        }),
      ],
    }),
  );
  const list = functionFor(scope, 'functions/alerts/alerts.lambda.ts', stage, {
    timeout: Duration.seconds(28),
    uses: { CORE_TABLE: table(core, ['Query']) },
  });
  addRoutes(api, door, list, { listAlerts });
}
