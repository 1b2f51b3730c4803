/** Certificates of deletion: where they are kept, what signs them, what hands them out, and what issues those of videos. */
import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { readCertificate, readCertificatePdf, readKeySet } from '../../functions/certificates/contract.ts';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stage.ts';
import { alarmOnCertificates } from './alarms.ts';
import type { Operation } from './api-definition.ts';
import { functionFor } from './function.ts';
import { closedBucket } from './media-bucket.ts';
import { API_TIMEOUT, answerSettings, publicPages } from './routes.ts';
import type { Tables } from './tables.ts';
import { type Grant, table, type Use, type Uses } from './use.ts';

export interface Certificates {
  readonly bucket: Bucket;
  /** Which signs, and behind it those that did: their public keys stay in the key set. */
  readonly keys: readonly [Key, ...Key[]];
}

/**
 * The first signs. To change it, put another name before it and leave the others: what they signed is verified by their
 * public keys, which the key set has as long as they stand here.
 */
const KEYS = ['CertificateKey'] as const;

/** The bucket and the keys, in the stack of what must not be lost. */
export function makeCertificates(scope: Construct, stage: Stage, accessLog: Bucket): Certificates {
  // Apart from invoices and media, whose objects lie below an account: these are of nobody, outlive every account, and one
  // function that asks for no key reads them, and must read nothing else.
  const bucket = new Bucket(scope, 'Certificates', {
    ...closedBucket(stage),
    versioned: true,
    serverAccessLogsBucket: accessLog as IBucket,
    serverAccessLogsPrefix: 'certificates/',
    lifecycleRules: [{ id: 'leftovers', abortIncompleteMultipartUploadAfter: Duration.days(1) }],
  });
  const [first, ...former] = KEYS.map(name => signingKey(scope, stage, name));
  if (!first) throw new Error('a stage has a key that signs certificates');
  first.addAlias(`alias/mutoscope-${stage.name}-certificates`);
  return { bucket, keys: [first, ...former] };
}

function signingKey(scope: Construct, stage: Stage, name: string): Key {
  return new Key(scope, name, {
    description: 'Signs certificates of deletion',
    keySpec: KeySpec.ECC_NIST_P256,
    keyUsage: KeyUsage.SIGN_VERIFY,
    policy: keyPolicy(),
    removalPolicy: stage.removal,
    ...(stage.removal === RemovalPolicy.DESTROY && { pendingWindow: Duration.days(7) }),
  });
}

/** The account may manage the key, and its policies say who signs; what would let a key be used otherwise is left out. */
function keyPolicy(): PolicyDocument {
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: 'Manage',
        principals: [new AccountRootPrincipal()],
        actions: MANAGE.map(name => `kms:${name}`),
        resources: ['*'],
      }),
      new PolicyStatement({
        sid: 'AsPoliciesSay',
        principals: [new AccountRootPrincipal()],
        actions: ['kms:Sign', 'kms:GetPublicKey'],
        resources: ['*'],
      }),
    ],
  });
}

const MANAGE = [
  'CreateAlias',
  'UpdateAlias',
  'DeleteAlias',
  'DescribeKey',
  'EnableKey',
  'DisableKey',
  'GetKeyPolicy',
  'PutKeyPolicy',
  'GetKeyRotationStatus',
  'ListKeyPolicies',
  'ListResourceTags',
  'TagResource',
  'UntagResource',
  'UpdateKeyDescription',
  'ScheduleKeyDeletion',
  'CancelKeyDeletion',
];

/** The key for one who signs with it. */
export function signing({ keyArn }: Key): Use {
  return { value: keyArn, grants: [{ actions: ['kms:Sign', 'kms:GetPublicKey'], resources: [keyArn] }] };
}

/** What a function uses that issues certificates; `timeStamps` and the issuer are the stage's. */
export function issuing(
  { bucket, keys: [key] }: Certificates,
  stage: Stage,
): { readonly uses: Uses; readonly settings: Readonly<Record<string, string>> } {
  return {
    uses: {
      CERTIFICATES_BUCKET: {
        value: bucket.bucketName,
        grants: [onCertificates(bucket, ['s3:GetObject', 's3:PutObject'])],
      },
      CERTIFICATE_KEY: signing(key),
    },
    settings: { TIMESTAMP_URL: stage.timestampUrl, CERTIFICATE_ISSUER: stage.invoiceIssuer },
  };
}

function onCertificates(bucket: Bucket, actions: readonly string[]): Grant {
  return {
    actions,
    resources: [`${bucket.stack.exportValue(bucket.bucketArn)}/certificates/*`],
    wildcard: 'The certificates of all, each under an id that nobody can guess.',
  };
}

/** What anybody may read without a key: a certificate by its id, and the public keys. */
export function makeCertificatePages(
  scope: Construct,
  stage: Stage,
  { bucket, keys }: Certificates,
): readonly Operation[] {
  const handed = functionFor(scope, 'functions/certificates/certificates.lambda.ts', stage, {
    timeout: API_TIMEOUT,
    settings: answerSettings(stage),
    uses: { CERTIFICATES_BUCKET: { value: bucket.bucketName, grants: [onCertificates(bucket, ['s3:GetObject'])] } },
  });
  const arns = keys.map(({ keyArn }) => keyArn);
  const publicKeys: Use = { value: arns.join(','), grants: [{ actions: ['kms:GetPublicKey'], resources: arns }] };
  const keySet = functionFor(scope, 'functions/certificates/key-set.lambda.ts', stage, {
    timeout: API_TIMEOUT,
    settings: answerSettings(stage),
    uses: { CERTIFICATE_KEYS: publicKeys },
  });
  return [
    ...publicPages(handed, [readCertificate.path, readCertificatePdf.path]),
    ...publicPages(keySet, [readKeySet.path]),
  ];
}

/** What issues the certificates of deleted videos, as the stream of the jobs table brings that their files are gone. */
export function certifyDeletions(
  scope: Construct,
  stage: Stage,
  { tables: { jobs }, certificates }: { readonly tables: Tables; readonly certificates: Certificates },
): void {
  const { uses, settings } = issuing(certificates, stage);
  const certifying = functionFor(scope, 'functions/generation/certify-deletions.lambda.ts', stage, {
    timeout: Duration.minutes(2),
    uses: { JOBS_TABLE: table(jobs, ['GetItem', 'UpdateItem']), ...uses },
    settings,
  });
  const dead = new Queue(scope, 'DeadCertificates', {
    retentionPeriod: Duration.days(14),
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
  });
  acknowledge(dead, {
    'AwsSolutions-SQS3': 'It is itself where what failed is put aside, which the check does not look at.',
  });
  certifying.addEventSource(
    new DynamoEventSource(jobs as ITable, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 10,
      maxBatchingWindow: Duration.seconds(1),
      // One that always fails is put aside, apart from the others: what comes after it in its shard waits for it until then.
      bisectBatchOnError: true,
      retryAttempts: 20,
      onFailure: new SqsDlq(dead),
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { NewImage: { type: { S: FilterRule.isEqual('video.deleted') } } },
        }),
      ],
    }),
  );
  alarmOnCertificates(scope, stage, dead);
  new CfnOutput(Stack.of(scope), 'CertifyDeletionsFunction', { value: certifying.functionName });
}
