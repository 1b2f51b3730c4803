/**
 * What code uses of a resource: the value that names it and the permissions on it, as one thing. An environment
 * variable made of a Use never comes without its grant, nor a grant without its variable.
 */
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type Conditions, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { acknowledge } from '../acknowledge.ts';

export interface Grant {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Why a resource must have a `*` in it; without it none may. */
  readonly wildcard?: string;
  readonly conditions?: Conditions;
}

export interface Use {
  /** The environment variable's value. */
  readonly value: string;
  readonly grants: readonly Grant[];
}

/** By the name of the environment variable. */
export type Uses = Readonly<Record<string, Use>>;

/** Exact actions: a transaction needs those of its writes, not an action of its own. */
export type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem'
  | 'Query';

/** A table by its name; `queries` names the indexes that are queried. */
export function table(of: TableV2, actions: readonly TableAction[], queries: readonly string[] = []): Use {
  const onTable = { actions: actions.map(action => `dynamodb:${action}`), resources: [of.tableArn] };
  const onIndexes = { actions: ['dynamodb:Query'], resources: queries.map(index => `${of.tableArn}/index/${index}`) };
  return {
    value: of.tableName,
    grants: [onTable, onIndexes].filter(grant => grant.actions.length > 0 && grant.resources.length > 0),
  };
}

/** A bucket of another stack by its name; the objects under `accounts/`, where what each account has lies below its id. */
export function accountObjects(
  bucket: Bucket,
  actions: readonly ('GetObject' | 'GetObjectVersion' | 'PutObject' | 'PutObjectTagging')[],
): Use {
  const grant = {
    actions: actions.map(action => `s3:${action}`),
    resources: [`${bucket.stack.exportValue(bucket.bucketArn)}/accounts/*`],
    wildcard: 'The code serves every account, and the ids of objects are made as they are stored.',
  };
  return { value: bucket.bucketName, grants: [grant] };
}

/** The bucket of media for one who removes media for good: every version, read for its hash, found by listing below `accounts/`. */
export function purgeable(bucket: Bucket): Use {
  const bucketArn = bucket.stack.exportValue(bucket.bucketArn);
  return {
    value: bucket.bucketName,
    grants: [
      {
        actions: ['s3:GetObjectVersion', 's3:DeleteObject', 's3:DeleteObjectVersion'],
        resources: [`${bucketArn}/accounts/*`],
        wildcard: 'The code serves every account, and the ids of objects are made as they are stored.',
      },
      {
        actions: ['s3:ListBucketVersions'],
        resources: [bucketArn],
        conditions: { StringLike: { 's3:prefix': 'accounts/*' } },
      },
    ],
  };
}

/** The same for the night, which takes the tags from what a legal hold keeps: no rule of the bucket may end that. */
export function expirable(bucket: Bucket): Use {
  const { value, grants } = purgeable(bucket);
  const untagged = {
    actions: ['s3:DeleteObjectTagging'],
    resources: [`${bucket.stack.exportValue(bucket.bucketArn)}/accounts/*`],
    wildcard: EVERY_ACCOUNT,
  };
  return { value, grants: [...grants, untagged] };
}

const EVERY_ACCOUNT = 'The code serves every account, and the ids of objects are made as they are stored.';

/** A bucket of accounts' objects for one who locks versions of them by a legal hold, and lets go of them. */
export function holdable(bucket: Bucket): Use {
  const bucketArn = bucket.stack.exportValue(bucket.bucketArn);
  const objects = {
    actions: ['s3:PutObjectLegalHold'],
    resources: [`${bucketArn}/accounts/*`],
    wildcard: EVERY_ACCOUNT,
  };
  return { value: bucket.bucketName, grants: [objects, listedVersions(bucketArn)] };
}

/** The same for the purge of accounts: every version goes for good, open uploads too. */
export function erasable(bucket: Bucket): Use {
  const bucketArn = bucket.stack.exportValue(bucket.bucketArn);
  const actions = [
    's3:DeleteObjectVersion',
    's3:PutObjectTagging',
    's3:DeleteObjectTagging',
    's3:PutObjectLegalHold',
    's3:AbortMultipartUpload',
  ];
  return {
    value: bucket.bucketName,
    grants: [
      { actions, resources: [`${bucketArn}/accounts/*`], wildcard: EVERY_ACCOUNT },
      listedVersions(bucketArn),
      // S3 has no condition on the prefix for this one.
      { actions: ['s3:ListBucketMultipartUploads'], resources: [bucketArn] },
    ],
  };
}

function listedVersions(bucketArn: string): Grant {
  return {
    actions: ['s3:ListBucketVersions'],
    resources: [bucketArn],
    conditions: { StringLike: { 's3:prefix': 'accounts/*' } },
  };
}

/** The bucket of the audit trail's heads, for one who adds to them; nobody takes one away before its time. */
export function anchored(heads: Bucket): Use {
  return { value: heads.bucketName, grants: [headsGrant(heads, ['s3:PutObject'])] };
}

/** The same bucket for one who verifies: every version is listed and read, whatever was put on top of it. */
export function headsRead(heads: Bucket): Use {
  const listed = {
    actions: ['s3:ListBucketVersions'],
    resources: [heads.stack.exportValue(heads.bucketArn)],
    conditions: { StringLike: { 's3:prefix': 'heads/*' } },
  };
  return { value: heads.bucketName, grants: [headsGrant(heads, ['s3:GetObjectVersion']), listed] };
}

function headsGrant(heads: Bucket, actions: readonly string[]): Grant {
  return {
    actions,
    resources: [`${heads.stack.exportValue(heads.bucketArn)}/heads/*`],
    wildcard: 'The heads of all accounts, each under a number that its chain gives it.',
  };
}

/** A queue by its URL, for one who looks how long it is. */
export function measured(queue: Queue): Use {
  return {
    value: queue.queueUrl,
    grants: [{ actions: ['sqs:GetQueueAttributes'], resources: [queue.queueArn] }],
  };
}

/** A queue by its URL, for one who works its messages off. */
export function consumed(queue: Queue): Use {
  const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'];
  return { value: queue.queueUrl, grants: [{ actions, resources: [queue.queueArn] }] };
}

/** A function by its name, for one who has it run. */
export function invoked(of: LambdaFunction): Use {
  return {
    value: of.functionName,
    grants: [{ actions: ['lambda:InvokeFunction'], resources: [of.functionArn] }],
  };
}

/** A secret by its ARN, for one who reads it when it starts. */
export function secret(of: Secret): Use {
  const { secretArn } = of;
  return { value: secretArn, grants: [{ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] }] };
}

/** Gives the role what the uses need, and answers the environment that goes with it. */
export function grantUses(role: IRole, uses: Uses): Record<string, string> {
  for (const { actions, resources, wildcard, conditions } of Object.values(uses).flatMap(use => use.grants)) {
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: [...actions], resources: [...resources], ...(conditions && { conditions }) }),
    );
    if (wildcard) acknowledge(role, Object.fromEntries(findings(role, resources).map(id => [id, wildcard])));
  }
  return Object.fromEntries(Object.entries(uses).map(([name, use]) => [name, use.value]));
}

/** The findings of the check of wildcards for those resources that have one. */
function findings(role: IRole, resources: readonly string[]): string[] {
  return resources
    .map(resource => flat(role.stack.resolve(resource)))
    .filter(resource => resource.includes('*'))
    .map(resource => `AwsSolutions-IAM5[Resource::${resource}]`);
}

/** A value of the template as cdk-nag writes it in a finding's id. */
function flat(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, argument] = ['', '']] = Object.entries(value);
  if (name === 'Ref') return `<${argument}>`;
  if (name === 'Fn::GetAtt') return `<${(argument as string[]).join('.')}>`;
  if (name === 'Fn::ImportValue') return String(argument);
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(flat).join((argument as [string])[0]);
  throw new Error(`a resource of a grant is made with ${name}, which is not known here`);
}
