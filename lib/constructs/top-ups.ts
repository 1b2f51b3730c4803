import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { pricingSettings, type Stage } from '../stage.ts';
import { alarmOnTopUps } from './alarms.ts';
import { functionFor } from './function.ts';
import { sender } from './mail.ts';
import type { Tables } from './tables.ts';
import { secret, table } from './use.ts';

/**
 * Who buys credits for accounts that want it, as soon as the ledger has taken some of theirs: apart from the alerts, which do
 * not wait for Stripe. And every five minutes, what is to be tried again and what nobody reported.
 */
export function makeTopUps(
  scope: Construct,
  stage: Stage,
  { tables: { core, ledger, audit }, keys }: { readonly tables: Tables; readonly keys: Secret },
): void {
  const topUp = functionFor(scope, 'functions/payments/top-up.lambda.ts', stage, {
    // A batch of 25 accounts, 8 at once, each with some calls of Stripe of 7 s at the longest.
    timeout: Duration.minutes(5),
    uses: {
      CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem', 'Query']),
      LEDGER_TABLE: table(ledger, ['PutItem']),
      AUDIT_TABLE: table(audit, ['PutItem']),
      STRIPE_SECRET_ARN: secret(keys),
      MAIL_FROM: sender(scope, stage),
    },
    settings: {
      STRIPE_API_URL: stage.stripeApiUrl,
      CHECKOUT_RETURN_URL: stage.checkoutReturnUrl,
      SUPPORT: stage.support,
      ...pricingSettings(stage),
    },
  });
  const dead = new Queue(scope, 'DeadTopUps', {
    retentionPeriod: Duration.days(14),
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
  });
  acknowledge(dead, {
    'AwsSolutions-SQS3': 'It is itself where what failed is put aside, which the check does not look at.',
  });
  topUp.addEventSource(
    new DynamoEventSource(ledger as ITable, {
      startingPosition: StartingPosition.LATEST,
      batchSize: 25,
      maxBatchingWindow: Duration.seconds(1),
      bisectBatchOnError: true,
      // What has begun is on the list of the schedule, and what has not begins with the next entry.
      retryAttempts: 5,
      maxRecordAge: Duration.hours(1),
      onFailure: new SqsDlq(dead),
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { NewImage: { kind: { S: FilterRule.or('hold', 'refund', 'reversal', 'adjustment', 'expiry') } } },
        }),
      ],
    }),
  );
  scheduleTopUps(scope, topUp.functionArn, dead);
  alarmOnTopUps(scope, stage, { topUp, dead });
  new CfnOutput(Stack.of(scope), 'TopUpFunction', { value: topUp.functionName });
}

function scheduleTopUps(scope: Construct, arn: string, dead: Queue): void {
  const role = new Role(scope, 'TopUpScheduleRole', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [arn] }));
  role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [dead.queueArn] }));
  new CfnSchedule(scope, 'TopUpSchedule', {
    description: 'Looks every five minutes for top-ups that are to be tried again',
    scheduleExpression: 'rate(5 minutes)',
    flexibleTimeWindow: { mode: 'OFF' },
    target: {
      arn,
      roleArn: role.roleArn,
      input: '{}',
      // The next one looks for the same.
      retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 300 },
      deadLetterConfig: { arn: dead.queueArn },
    },
  });
}
