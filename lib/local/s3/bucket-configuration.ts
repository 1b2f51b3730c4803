/** What a bucket says of itself, and ListBuckets. The template alone changes it. */
import type { XmlNode } from '../protocols/xml.ts';
import type { AwsResponse } from '../service.ts';
import { authorize, authorizeBucket, type Call, document } from './call.ts';
import { ruleDocument } from './lifecycle-rules.ts';
import { refusal } from './s3-error.ts';

export function listBuckets(call: Call): AwsResponse {
  authorize(call, 's3:ListAllMyBuckets', '*', {});
  const prefix = call.query('prefix') ?? '';
  const buckets = call.buckets.all().filter(({ name }) => name.startsWith(prefix));
  const listed = buckets.map(({ name, created }): XmlNode => {
    return [
      'Bucket',
      [
        ['Name', name],
        ['CreationDate', new Date(created).toISOString()],
      ],
    ];
  });
  const owner: XmlNode = ['Owner', [['ID', call.context.accountId]]];
  return document(['ListAllMyBucketsResult', [['Buckets', listed], owner]]);
}

export function headBucket(call: Call): AwsResponse {
  authorizeBucket(call, 's3:ListBucket');
  return { status: 200, headers: { 'x-amz-bucket-region': call.context.region } };
}

export function getBucketLocation(call: Call): AwsResponse {
  authorizeBucket(call, 's3:GetBucketLocation');
  const { region } = call.context;
  // us-east-1 is written as nothing, since before it had a name.
  return document(['LocationConstraint', region === 'us-east-1' ? '' : region]);
}

export function getBucketVersioning(call: Call): AwsResponse {
  authorizeBucket(call, 's3:GetBucketVersioning');
  const { versioning } = call.bucket.config;
  return document(['VersioningConfiguration', versioning === '' ? [] : [['Status', versioning]]]);
}

export function getBucketLifecycleConfiguration(call: Call): AwsResponse {
  authorizeBucket(call, 's3:GetLifecycleConfiguration');
  const { lifecycle } = call.bucket.config;
  if (lifecycle.length === 0) throw refusal('NoSuchLifecycleConfiguration');
  return document(['LifecycleConfiguration', lifecycle.map(ruleDocument)]);
}

export function getBucketEncryption(call: Call): AwsResponse {
  authorizeBucket(call, 's3:GetEncryptionConfiguration');
  const { algorithm, keyId, bucketKey } = call.bucket.config.encryption;
  const byDefault: XmlNode = [
    'ApplyServerSideEncryptionByDefault',
    [
      ['SSEAlgorithm', algorithm],
      ['KMSMasterKeyID', keyId],
    ],
  ];
  return document(['ServerSideEncryptionConfiguration', [['Rule', [byDefault, ['BucketKeyEnabled', bucketKey]]]]]);
}

export function getPublicAccessBlock(call: Call): AwsResponse {
  authorizeBucket(call, 's3:GetBucketPublicAccessBlock');
  const block = call.bucket.config.publicAccessBlock;
  if (!block) throw refusal('NoSuchPublicAccessBlockConfiguration');
  return document(['PublicAccessBlockConfiguration', Object.entries(block)]);
}

export function getBucketPolicy(call: Call): AwsResponse {
  authorizeBucket(call, 's3:GetBucketPolicy');
  const { policy } = call.bucket.config;
  if (!policy) throw refusal('NoSuchBucketPolicy');
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(policy) };
}
