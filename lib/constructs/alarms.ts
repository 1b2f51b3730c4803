/** What somebody must look at. An alarm's description says what it means and what to do. */
import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { METRICS_NAMESPACE } from './function.ts';
import { HEARTBEAT_SECONDS } from './generation-flow.ts';
import { MAX_CLAIMS } from './generation-queue.ts';

interface Watched {
  readonly machine: IStateMachine;
  readonly waiting: IQueue;
  readonly dead: IQueue;
  readonly sweep: IFunction;
}

interface Watch {
  readonly metric: IMetric;
  /** The alarm goes off above this. */
  readonly above: number;
  readonly meaning: string;
}

/** Alarms on generation. */
export function alarmOnGeneration(scope: Construct, stage: Stage, watched: Watched): void {
  const { machine, waiting, dead, sweep } = watched;
  const minutes = { period: Duration.minutes(5) };
  const alarms: Readonly<Record<string, Watch>> = {
    GenerationsStuck: {
      metric: machine.metricFailed(minutes),
      above: 0,
      meaning:
        'Settling failed for two minutes, so credits are held for a job that ended. The sweeper tries again; see the log of the settle function.',
    },
    NoWorker: {
      metric: waiting.metricApproximateAgeOfOldestMessage(minutes),
      // Two thirds of the wait after which jobs fail: time to act.
      above: (HEARTBEAT_SECONDS * 2) / 3,
      meaning:
        'Jobs have waited ten minutes for a worker and fail with a refund after fifteen. See the worker service: capacity, crashes, or workerMax too low.',
    },
    JobsPutAside: {
      metric: dead.metricApproximateNumberOfMessagesVisible(minutes),
      above: 0,
      meaning: `A message was claimed ${MAX_CLAIMS} times, and no worker could finish or even read it: it may be what stops the workers. See the worker log for its job, then delete the message.`,
    },
    SweepFailing: {
      metric: sweep.metricErrors(minutes),
      above: 2,
      meaning: 'The sweeper fails, so lost starts and lost ends are not mended. See its log.',
    },
  };
  raise(scope, stage, alarms);
}

/** An alarm on the dates by which something is to be rectified: what follows from them waits while this fails. */
export function alarmOnDates(scope: Construct, stage: Stage, follow: IFunction): void {
  raise(scope, stage, {
    DatesFailing: {
      metric: follow.metricErrors({ period: Duration.minutes(5) }),
      above: 0,
      meaning:
        'What was not rectified in time could not be followed by the next step. The next hour goes on where this one was. See its log.',
    },
  });
}

/** Alarms on the nightly export: without its files finance reads reports that lack a day, and closes no month. */
export function alarmOnExports(
  scope: Construct,
  stage: Stage,
  { exportDay, expire, dead }: { readonly exportDay: IFunction; readonly expire: IFunction; readonly dead: IQueue },
): void {
  const minutes = { period: Duration.minutes(5) };
  raise(scope, stage, {
    ExportsPutAside: {
      metric: dead.metricApproximateNumberOfMessagesVisible(minutes),
      above: 0,
      meaning:
        'A day was not exported, or gifts of credits did not end, and nothing tries again. See the log of the function that the message names, invoke it again, for the export with the day that is missing, then delete the message.',
    },
    ExportFailing: {
      metric: exportDay.metricErrors(minutes),
      above: 0,
      meaning:
        'An export failed. Lambda tries the nightly one twice more, and then puts it aside; one that was invoked by hand must be invoked again. See its log.',
    },
    ExpiryFailing: {
      metric: expire.metricErrors(minutes),
      above: 0,
      meaning:
        'Credits that were given could not be ended on their day, or nobody could be told. Lambda tries twice more, and the next night goes on where this one was. See its log.',
    },
    DifferencesUnexplained: {
      metric: new Metric({
        namespace: METRICS_NAMESPACE,
        metricName: 'FinanceDaysUnexplained',
        dimensionsMap: { service: 'finance' },
        statistic: Stats.SUM,
        ...minutes,
      }),
      above: 0,
      meaning:
        'A day was exported with differences that nobody explains: credits or counts that do not agree. See GET /v1/reports/reconciliation; the month is closed only with a reason.',
    },
  });
}

/** Alarms on the documents of payments: what is put aside has neither invoice nor number until somebody acts. */
export function alarmOnInvoices(scope: Construct, stage: Stage, dead: IQueue): void {
  raise(scope, stage, {
    InvoicesPutAside: {
      metric: dead.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5) }),
      above: 0,
      meaning:
        'A payment or refund has no document, and nothing tries again. See the log of IssueDocuments, invoke it with the day of the booking once the cause is gone, then delete the message.',
    },
  });
}

/** They are told to the stage's address where it has one. */
function raise(scope: Construct, stage: Stage, alarms: Readonly<Record<string, Watch>>): void {
  const topic = stage.alarmEmail ? topicOf(scope, stage.alarmEmail) : undefined;
  for (const [id, { metric, above, meaning }] of Object.entries(alarms)) {
    const alarm = new Alarm(scope, id, {
      metric,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: meaning,
    });
    if (topic) alarm.addAlarmAction(new SnsAction(topic));
  }
}

/** One of a stack, whatever it watches. */
function topicOf(scope: Construct, email: string): Topic {
  const known = scope.node.tryFindChild('Alarms');
  if (known instanceof Topic) return known;
  const topic = new Topic(scope, 'Alarms', { enforceSSL: true });
  topic.addSubscription(new EmailSubscription(email));
  return topic;
}
