import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, type DynamoEventSourceProps } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { ACCOUNT_EVENT_TYPES } from '../../functions/catalogue/account-events.ts';
import type { Stage } from '../stage.ts';
import { functionFor } from './function.ts';
import { sender } from './mail.ts';
import type { Tables } from './tables.ts';
import { table } from './use.ts';

/** What watches the use of plans as videos are started, and alerts accounts. */
export function makeAlerts(scope: Construct, stage: Stage, tables: Tables): void {
  followEvents(scope, stage, tables, {
    entry: 'functions/alerts/watch-usage.lambda.ts',
    types: FilterRule.isEqual('video.queued'),
    // An alert that is hours late is worth little, and must not delay others.
    delivery: { retryAttempts: 5, maxRecordAge: Duration.hours(1) },
  });
}

/** Who draws from what is used: agreement to new terms, the notice that comes with the first video, and e-mails about standings. */
export function makeFollowUse(scope: Construct, stage: Stage, tables: Tables): void {
  followEvents(scope, stage, tables, {
    entry: 'functions/alerts/follow-use.lambda.ts',
    types: FilterRule.or('video.queued', 'video.succeeded', ...ACCOUNT_EVENT_TYPES),
    // What is agreed must be recorded: tried for as long as the stream keeps it, one that always fails apart from the others.
    // An e-mail makes no batch fail.
    delivery: { bisectBatchOnError: true },
  });
}

/** A function that is handed the events of the outbox as the stream of the jobs table brings them, and writes e-mails. */
function followEvents(
  scope: Construct,
  stage: Stage,
  { core, jobs, audit }: Tables,
  { entry, types, delivery }: { entry: string; types: string[]; delivery: Partial<DynamoEventSourceProps> },
): void {
  const follower = functionFor(scope, entry, stage, {
    timeout: Duration.minutes(1),
    uses: {
      CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem']),
      JOBS_TABLE: table(jobs, ['GetItem']),
      AUDIT_TABLE: table(audit, ['PutItem']),
      MAIL_FROM: sender(scope, stage),
    },
    settings: { SUPPORT: stage.support },
  });
  follower.addEventSource(
    new DynamoEventSource(jobs as ITable, {
      startingPosition: StartingPosition.LATEST,
      // Many videos of one account that are started together are looked at once.
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(1),
      ...delivery,
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { NewImage: { type: { S: types } } },
        }),
      ],
    }),
  );
}
