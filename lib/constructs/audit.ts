/** The audit trail: what seals it as it grows, where the heads of its chains are kept, and what verifies it. */
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket, type IBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stage.ts';
import { functionFor } from './function.ts';
import { closedBucket } from './media-bucket.ts';
import type { Tables } from './tables.ts';
import { anchored, headsRead, secret, table } from './use.ts';

/** What no one who can write to the tables can undo. */
export interface AuditAnchors {
  /** `heads/<account>/…`: each head of a chain, signed, which S3 keeps whatever anybody asks for. */
  readonly heads: Bucket;
  /** What heads are signed with. */
  readonly signingKey: Secret;
}

/** As long as anybody may ask what was done; a stage that is thrown away must be able to let go of it. */
const RETENTION_DAYS = 3650;

/** The bucket of heads and the key that signs them, in the stack of what must not be lost. */
export function makeAuditAnchors(scope: Construct, stage: Stage, accessLog: Bucket): AuditAnchors {
  const heads = new Bucket(scope, 'AuditHeads', {
    ...closedBucket(stage),
    versioned: true,
    objectLockEnabled: true,
    // Compliance: not even the root of the AWS account removes a head before its time.
    objectLockDefaultRetention: stage.retain
      ? ObjectLockRetention.compliance(Duration.days(RETENTION_DAYS))
      : ObjectLockRetention.governance(Duration.days(1)),
    serverAccessLogsBucket: accessLog as IBucket,
    serverAccessLogsPrefix: 'audit-heads/',
  });
  // Not KMS: the seed of an Ed25519 key, which two functions can read.
  const signingKey = new Secret(scope, 'AuditSigningKey', {
    description: 'The seed of the key that signs the heads of the audit trail',
    generateSecretString: {
      secretStringTemplate: '{}',
      generateStringKey: 'seed',
      excludePunctuation: true,
      passwordLength: 64,
    },
    removalPolicy: stage.removal,
  });
  acknowledge(signingKey, {
    'AwsSolutions-SMG4':
      'Heads are verified by the key that signed them: with another key, those of before would not be.',
  });
  return { heads, signingKey };
}

export function makeAudit(
  scope: Construct,
  stage: Stage,
  { audit, seals }: Tables,
  { heads, signingKey }: AuditAnchors,
): void {
  const seal = functionFor(scope, 'functions/audit/seal.lambda.ts', stage, {
    timeout: Duration.seconds(30),
    uses: {
      SEALS_TABLE: table(seals, ['GetItem', 'PutItem']),
      AUDIT_HEADS_BUCKET: anchored(heads),
      AUDIT_KEY_ARN: secret(signingKey),
    },
  });
  seal.addEventSource(
    new DynamoEventSource(audit as ITable, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      // A seal holds a hash of each event: 1,000 stay far below the 400 KB of an item.
      batchSize: 1000,
      maxBatchingWindow: Duration.seconds(1),
      // In order, whatever happens: a chain with a gap is worth nothing. The stream keeps what waits for a day.
      filters: [FilterCriteria.filter({ eventName: FilterRule.isEqual('INSERT') })],
    }),
  );

  const verify = functionFor(scope, 'functions/audit/verify-audit.lambda.ts', stage, {
    timeout: Duration.minutes(15),
    memory: 2048,
    uses: {
      AUDIT_TABLE: table(audit, ['Query']),
      SEALS_TABLE: table(seals, ['GetItem', 'Query']),
      AUDIT_HEADS_BUCKET: headsRead(heads),
      AUDIT_KEY_ARN: secret(signingKey),
    },
  });
  new CfnOutput(Stack.of(scope), 'VerifyAuditFunction', { value: verify.functionName });
}
