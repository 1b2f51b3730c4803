import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stage.ts';
import { alarmOnExports } from './alarms.ts';
import { functionFor } from './function.ts';
import { sender } from './mail.ts';
import type { Reports } from './reports.ts';
import type { Tables } from './tables.ts';
import { usagePlanPrefix } from './usage-plans.ts';
import { table, type Use } from './use.ts';

/** The nightly export of the day before, which closing a month starts for days that lack it, and reports for today. */
export function makeFinanceExport(
  scope: Construct,
  stage: Stage,
  { core, jobs, ledger, audit }: Tables,
  reports: Reports,
): LambdaFunction {
  const exportDay = functionFor(scope, 'functions/finance/export-day.lambda.ts', stage, {
    // The longest that Lambda gives: a day of a million jobs takes some minutes.
    timeout: Duration.minutes(15),
    memory: 1024,
    uses: {
      CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem', 'Query']),
      JOBS_TABLE: table(jobs, [], ['byStart', 'byEnd']),
      LEDGER_TABLE: table(ledger, [], ['byDay', 'byTime']),
      REPORTS_BUCKET: written(reports.bucket),
    },
    settings: {
      USAGE_PLANS: usagePlanPrefix(stage.name),
      INVOICE_ISSUER: stage.invoiceIssuer,
      PROVIDER_NAME: stage.providerName || stage.invoiceIssuer,
    },
  });
  const dead = makeDeadQueue(scope);
  // The schedule is done once Lambda has the event: what fails after that, Lambda itself puts aside.
  exportDay.configureAsyncInvoke({ onFailure: new SqsDestination(dead) });
  const expire = makeExpiry(scope, stage, { core, ledger, audit });
  expire.configureAsyncInvoke({ onFailure: new SqsDestination(dead) });
  // What was booked in the last moment of a day stands in every index by then.
  const nightly = [
    { id: 'ExportSchedule', of: exportDay, minute: 20, description: "Exports the day before into finance's files" },
    { id: 'ExpirySchedule', of: expire, minute: 50, description: 'Ends gifts whose day has come, after the export' },
  ];
  scheduleNightly(scope, nightly, dead);
  alarmOnExports(scope, stage, { exportDay, expire, dead });
  new CfnOutput(Stack.of(scope), 'ExportDayFunction', { value: exportDay.functionName });
  return exportDay;
}

/** Ends gifts on their day, and writes to their owners. */
function makeExpiry(
  scope: Construct,
  stage: Stage,
  { core, ledger, audit }: Pick<Tables, 'core' | 'ledger' | 'audit'>,
): LambdaFunction {
  const expire = functionFor(scope, 'functions/finance/expire-credits.lambda.ts', stage, {
    timeout: Duration.minutes(15),
    uses: {
      CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem', 'Query']),
      LEDGER_TABLE: table(ledger, ['PutItem'], ['byTime']),
      AUDIT_TABLE: table(audit, ['PutItem']),
      MAIL_FROM: sender(scope, stage),
    },
    settings: { SUPPORT: stage.support },
  });
  new CfnOutput(Stack.of(scope), 'ExpireCreditsFunction', { value: expire.functionName });
  return expire;
}

function written(bucket: Bucket): Use {
  const bucketArn = bucket.stack.exportValue(bucket.bucketArn);
  return {
    value: bucket.bucketName,
    grants: [
      {
        actions: ['s3:PutObject', 's3:GetObject', 's3:AbortMultipartUpload'],
        resources: [`${bucketArn}/csv/*`, `${bucketArn}/parquet/*`],
        wildcard: 'A file is named by its dataset and its day.',
      },
      // Without it S3 refuses to read what is not there, instead of saying so; a condition on the prefix is not met then.
      { actions: ['s3:ListBucket'], resources: [bucketArn] },
    ],
  };
}

/** Exports, and endings of gifts, that did not begin, or began and failed. */
function makeDeadQueue(scope: Construct): Queue {
  const dead = new Queue(scope, 'DeadExports', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  acknowledge(dead, {
    'AwsSolutions-SQS3': "It is itself the schedule's dead-letter queue, which the check does not look at.",
  });
  return dead;
}

interface Nightly {
  readonly id: string;
  readonly of: IFunction;
  /** After midnight, UTC. */
  readonly minute: number;
  readonly description: string;
}

function scheduleNightly(scope: Construct, nightly: readonly Nightly[], dead: Queue): void {
  const role = new Role(scope, 'ExportScheduleRole', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
  const resources = nightly.map(({ of }) => of.functionArn);
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources }));
  role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [dead.queueArn] }));
  for (const { id, of, minute, description } of nightly) {
    new CfnSchedule(scope, id, {
      description,
      scheduleExpression: `cron(${minute} 0 * * ? *)`,
      scheduleExpressionTimezone: 'UTC',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: of.functionArn,
        roleArn: role.roleArn,
        input: '{}',
        // Within the day that it is about: later it would be for another.
        retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 6 * 3600 },
        deadLetterConfig: { arn: dead.queueArn },
      },
    });
  }
}
