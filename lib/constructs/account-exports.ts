import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stage.ts';
import { alarmOnAccountExports } from './alarms.ts';
import { type Certificates, signing } from './certificates.ts';
import { functionFor } from './function.ts';
import { sender } from './mail.ts';
import { nameOnce } from './name-once.ts';
import type { Tables } from './tables.ts';
import { accountObjects, table, type Use } from './use.ts';

/** The machine that makes owners' exports, volume by volume, with the function that makes one. */
export function makeAccountExports(
  parent: Construct,
  stage: Stage,
  places: {
    readonly tables: Tables;
    readonly media: Bucket;
    readonly invoices: Bucket;
    readonly accountExports: Bucket;
    readonly certificates: Certificates;
  },
): StateMachine {
  const { core, jobs, ledger, audit } = places.tables;
  const scope = new Construct(parent, 'AccountExports');
  const making = functionFor(scope, 'functions/retention/make-volume.lambda.ts', stage, {
    timeout: Duration.minutes(15),
    memory: 1024,
    uses: {
      CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem', 'Query'], ['keysByAccount']),
      JOBS_TABLE: table(jobs, ['Query']),
      LEDGER_TABLE: table(ledger, ['Query']),
      AUDIT_TABLE: table(audit, ['PutItem', 'Query']),
      MEDIA_BUCKET: accountObjects(places.media, ['GetObject']),
      INVOICES_BUCKET: accountObjects(places.invoices, ['GetObject']),
      ACCOUNT_EXPORTS_BUCKET: writable(places.accountExports),
      // The same that signs certificates: its public key is in the key set that everybody reads.
      CERTIFICATE_KEY: signing(places.certificates.keys[0]),
      MAIL_FROM: sender(parent, stage),
    },
    settings: { SUPPORT: stage.support },
  });
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
  role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [making.functionArn] }));
  acknowledge(role, {
    'AwsSolutions-IAM5[Resource::*]':
      'Log delivery and X-Ray are set up by calls that name no resource; every other statement names its own.',
  });
  const machine = new StateMachine(scope, 'Machine', {
    stateMachineType: StateMachineType.STANDARD,
    definitionBody: DefinitionBody.fromString(Stack.of(scope).toJsonString(exportFlow(making.functionArn))),
    role,
    tracingEnabled: true,
    logs: {
      destination: new LogGroup(scope, 'Logs', {
        logGroupName: nameOnce(`/aws/vendedlogs/states/mutoscope-${stage.name}-exports`),
        retention: stage.logRetention,
        removalPolicy: stage.removal,
      }),
      level: LogLevel.ALL,
      includeExecutionData: false,
    },
  });
  alarmOnAccountExports(scope, stage, machine);
  new CfnOutput(Stack.of(parent), 'ExportMachineArn', { value: machine.stateMachineArn });
  return machine;
}

/** Minutes of trouble of others, and then hours: an owner waits for an export of days anyway. */
const RETRY = {
  ErrorEquals: ['States.ALL'],
  IntervalSeconds: 5,
  MaxAttempts: 10,
  BackoffRate: 2,
  MaxDelaySeconds: 900,
  JitterStrategy: 'FULL',
};

/** Input `{accountId, exportId}`: a volume after another until there is no more; one that is never made fails the export. */
function exportFlow(functionArn: string): Record<string, unknown> {
  const named = { accountId: '{% $states.input.accountId %}', exportId: '{% $states.input.exportId %}' };
  const call = {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    TimeoutSeconds: 930,
    Retry: [RETRY],
    Output: '{% $states.result.Payload %}',
  };
  return {
    Comment: "An owner's export, volume by volume.",
    QueryLanguage: 'JSONata',
    StartAt: 'Volume',
    States: {
      Volume: {
        ...call,
        Arguments: { FunctionName: functionArn, Payload: named },
        Catch: [{ ErrorEquals: ['States.ALL'], Output: named, Next: 'GiveUp' }],
        Next: 'IsMore',
      },
      IsMore: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input.more %}', Next: 'Volume' }],
        Default: 'Made',
      },
      Made: { Type: 'Succeed' },
      GiveUp: {
        ...call,
        Arguments: { FunctionName: functionArn, Payload: { ...named, failed: true } },
        Next: 'Failed',
      },
      Failed: { Type: 'Fail', Error: 'ExportFailed', Cause: 'a volume could not be made; see the log of the function' },
    },
  };
}

/** For one who starts exports. */
export function exportable(machine: StateMachine): Use {
  return {
    value: machine.stateMachineArn,
    grants: [{ actions: ['states:StartExecution'], resources: [machine.stateMachineArn] }],
  };
}

function writable(bucket: Bucket): Use {
  const bucketArn = bucket.stack.exportValue(bucket.bucketArn);
  return {
    value: bucket.bucketName,
    grants: [
      {
        actions: ['s3:PutObject', 's3:AbortMultipartUpload'],
        resources: [`${bucketArn}/accounts/*`],
        wildcard: 'The code serves every account, and a volume is named as it is made.',
      },
    ],
  };
}
