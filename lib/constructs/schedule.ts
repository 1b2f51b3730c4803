import { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

/** A function that is called again and again, and goes on each time where it was. */
interface Repeated {
  /** Of the constructs: `Sweep`. */
  readonly name: string;
  readonly of: IFunction;
  readonly description: string;
  readonly expression: `rate(${string})`;
  /** The next call is the retry: one that is late by so much is not made any more. */
  readonly every: Duration;
}

export function scheduleRepeated(scope: Construct, { name, of, description, expression, every }: Repeated): void {
  const role = new Role(scope, `${name}ScheduleRole`, { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
  const dead = new Queue(scope, `Dead${name}s`, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  acknowledge(dead, {
    'AwsSolutions-SQS3': "It is itself the schedule's dead-letter queue, which the check does not look at.",
  });
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [of.functionArn] }));
  role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [dead.queueArn] }));
  new CfnSchedule(scope, `${name}Schedule`, {
    description,
    scheduleExpression: expression,
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn: of.functionArn,
      roleArn: role.roleArn,
      input: '{}',
      retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: every.toSeconds() },
      deadLetterConfig: { arn: dead.queueArn },
    },
  });
}
