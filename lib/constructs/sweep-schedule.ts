import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

/** Calls a function every minute. The next minute is the retry: a call that is late by one is not made any more. */
export function scheduleMinutely(scope: Construct, name: string, called: IFunction, description: string): void {
  const role = new Role(scope, `${name}ScheduleRole`, { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
  const dead = new Queue(scope, `Dead${name}s`, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  acknowledge(dead, {
    'AwsSolutions-SQS3': "It is itself the schedule's dead-letter queue, which the check does not look at.",
  });
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [called.functionArn] }));
  role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [dead.queueArn] }));
  new CfnSchedule(scope, `${name}Schedule`, {
    description,
    scheduleExpression: 'rate(1 minute)',
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: called.functionArn,
      roleArn: role.roleArn,
      input: '{}',
      retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
      deadLetterConfig: { arn: dead.queueArn },
    },
  });
}
