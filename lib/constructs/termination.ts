/** What ends service to accounts: every minute a step, and at once what the ladder of standing has ordered. */
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { UserPool } from 'aws-cdk-lib/aws-cognito';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { DataStack } from '../data-stack.ts';
import type { Stage } from '../stage.ts';
import { alarmOnTerminations } from './alarms.ts';
import { issuing } from './certificates.ts';
import { functionFor } from './function.ts';
import { stoppable } from './generation-machine.ts';
import { sender } from './mail.ts';
import { scheduleRepeated } from './schedule.ts';
import { letDropKeys } from './usage-plans.ts';
import { erasable, secret, table } from './use.ts';

/** The key of the hashes by which terminated offenders are recognised; with another key they would not be. */
export function makeOffenderKey(scope: Construct, stage: Stage): Secret {
  const key = new Secret(scope, 'OffenderKey', {
    description: 'The key of the hashes by which terminated offenders are recognised',
    generateSecretString: {
      secretStringTemplate: '{}',
      generateStringKey: 'key',
      excludePunctuation: true,
      passwordLength: 64,
    },
    removalPolicy: stage.removal,
  });
  acknowledge(key, {
    'AwsSolutions-SMG4': 'Hashes are compared by the key that made them: with another, nobody would be recognised.',
  });
  return key;
}

export function makeTermination(
  scope: Construct,
  stage: Stage,
  {
    data,
    machine,
    developers,
  }: { readonly data: DataStack; readonly machine: StateMachine; readonly developers: UserPool },
): void {
  const { core, jobs, ledger, idempotency, audit } = data.tables;
  const certifying = issuing(data.certificates, stage);
  const advance = functionFor(scope, 'functions/termination/advance-terminations.lambda.ts', stage, {
    // Less than the minute after which it is called again.
    timeout: Duration.seconds(55),
    memory: 1024,
    // Two at once do no harm: each page is refused where the other was first.
    asynchronous: { retryAttempts: 0, maxEventAge: Duration.minutes(1) },
    uses: {
      ...certifying.uses,
      CORE_TABLE: table(
        core,
        ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem', 'Query'],
        ['terminations', 'keysByAccount', 'accounts'],
      ),
      JOBS_TABLE: table(jobs, ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query']),
      LEDGER_TABLE: table(ledger, ['PutItem', 'UpdateItem', 'Query'], ['byTime']),
      IDEMPOTENCY_TABLE: table(idempotency, ['DeleteItem'], ['byAccount']),
      AUDIT_TABLE: table(audit, ['PutItem', 'DeleteItem', 'Query']),
      MEDIA_BUCKET: erasable(data.media),
      DOCUMENTS_BUCKET: erasable(data.documents),
      ACCOUNT_EXPORTS_BUCKET: erasable(data.accountExports),
      STATE_MACHINE_ARN: stoppable(machine),
      MAIL_FROM: sender(scope, stage),
      OFFENDER_KEY_ARN: secret(data.offenderKey),
      USER_POOL_ID: {
        value: developers.userPoolId,
        grants: [
          { actions: ['cognito-idp:AdminDeleteUser', 'cognito-idp:ListUsers'], resources: [developers.userPoolArn] },
        ],
      },
    },
    settings: { ...certifying.settings, SUPPORT: stage.support },
  });
  letDropKeys(scope, advance);
  alarmOnTerminations(scope, stage, advance);
  scheduleRepeated(scope, {
    name: 'Termination',
    of: advance,
    description: 'Moves ends of accounts on every minute',
    expression: 'rate(1 minute)',
    every: Duration.minutes(1),
  });
  new CfnOutput(Stack.of(scope), 'AdvanceTerminationsFunction', { value: advance.functionName });

  const order = functionFor(scope, 'functions/termination/order-terminations.lambda.ts', stage, {
    timeout: Duration.minutes(1),
    uses: {
      CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem']),
      AUDIT_TABLE: table(audit, ['PutItem']),
      MAIL_FROM: sender(scope, stage),
    },
    settings: { SUPPORT: stage.support },
  });
  order.addEventSource(
    new DynamoEventSource(jobs as ITable, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 25,
      // What was ordered must happen: tried for as long as the stream keeps it, one that always fails apart from the others.
      bisectBatchOnError: true,
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { NewImage: { type: { S: FilterRule.isEqual('account.termination_ordered') } } },
        }),
      ],
    }),
  );
}
