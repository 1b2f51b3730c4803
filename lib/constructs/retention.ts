import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stage.ts';
import { alarmOnRetention } from './alarms.ts';
import { functionFor } from './function.ts';
import { sender } from './mail.ts';
import type { Tables } from './tables.ts';
import { expirable, table } from './use.ts';

/** What ends by itself is removed every night, and owners are written to before the first time. */
export function makeRetention(
  parent: Construct,
  stage: Stage,
  { tables: { core, jobs, audit }, media }: { readonly tables: Tables; readonly media: Bucket },
): void {
  const scope = new Construct(parent, 'Retention');
  const expire = functionFor(scope, 'functions/retention/expire-media.lambda.ts', stage, {
    // The longest that Lambda gives: some 100,000 objects. What is left then, the next try or night removes.
    timeout: Duration.minutes(15),
    uses: {
      CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem', 'Query']),
      JOBS_TABLE: table(jobs, ['GetItem', 'PutItem', 'UpdateItem'], ['open']),
      AUDIT_TABLE: table(audit, ['PutItem']),
      MEDIA_BUCKET: expirable(media),
      MAIL_FROM: sender(parent, stage),
    },
    settings: { SUPPORT: stage.support },
  });
  const dead = makeDeadQueue(scope);
  // The schedule is done once Lambda has the event: what fails after that, Lambda itself puts aside.
  expire.configureAsyncInvoke({ onFailure: new SqsDestination(dead) });
  scheduleNightly(scope, expire, dead);
  alarmOnRetention(scope, stage, { expire, dead });
  new CfnOutput(Stack.of(parent), 'ExpireMediaFunction', { value: expire.functionName });
}

/** Nights that did not begin, or began and failed. */
function makeDeadQueue(scope: Construct): Queue {
  const dead = new Queue(scope, 'DeadNights', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  acknowledge(dead, {
    'AwsSolutions-SQS3': "It is itself the schedule's dead-letter queue, which the check does not look at.",
  });
  return dead;
}

/** At 2 o'clock: what ends with a day is in no open job any more. */
function scheduleNightly(scope: Construct, expire: IFunction, dead: Queue): void {
  const role = new Role(scope, 'ScheduleRole', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [expire.functionArn] }));
  role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [dead.queueArn] }));
  new CfnSchedule(scope, 'Schedule', {
    description: 'Removes what was kept until this day',
    scheduleExpression: 'cron(0 2 * * ? *)',
    scheduleExpressionTimezone: 'UTC',
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: expire.functionArn,
      roleArn: role.roleArn,
      input: '{}',
      retryPolicy: { maximumRetryAttempts: 10, maximumEventAgeInSeconds: 6 * 3600 },
      deadLetterConfig: { arn: dead.queueArn },
    },
  });
}
