/** AWS::S3::Bucket. A property that nothing here carries out is refused by name. */
import { createHash } from 'node:crypto';
import { refuseUnknown } from '../properties.ts';
import type { PolicyStatement, Resource, ResourceType } from '../service.ts';
import type { BucketConfig, CorsRule, ObjectLock } from './buckets.ts';
import type { S3 } from './call.ts';
import { type LifecycleRule, RULE_PROPERTIES } from './lifecycle-rules.ts';

const PROPERTIES = [
  'BucketName',
  'VersioningConfiguration',
  'LifecycleConfiguration',
  'BucketEncryption',
  'CorsConfiguration',
  'PublicAccessBlockConfiguration',
  'ObjectLockEnabled',
  'ObjectLockConfiguration',
  'OwnershipControls',
  'Tags',
  // Access logs are not delivered: the local cloud logs its own calls. LogDeliveryWrite is the grant for receiving them.
  'LoggingConfiguration',
  'AccessControl',
];
const CORS_PROPERTIES = ['Id', 'AllowedMethods', 'AllowedOrigins', 'AllowedHeaders', 'ExposedHeaders', 'MaxAge'];

export function bucketType(s3: S3): ResourceType {
  const { region, clock } = s3.context;
  return {
    identify({ logicalId, name, properties }) {
      const ref = bucketName(logicalId, properties.BucketName ?? validName(name));
      return {
        ref,
        attributes: {
          Arn: `arn:aws:s3:::${ref}`,
          DomainName: `${ref}.s3.amazonaws.com`,
          DualStackDomainName: `${ref}.s3.dualstack.${region}.amazonaws.com`,
          RegionalDomainName: `${ref}.s3.${region}.amazonaws.com`,
          WebsiteURL: `http://${ref}.s3-website-${region}.amazonaws.com`,
        },
      };
    },
    apply(resource) {
      const before = s3.buckets.find(resource.ref)?.config;
      s3.buckets.configure(resource.ref, clock.now(), configOf(resource, before));
    },
    remove: ({ ref }) => s3.buckets.remove(ref),
    made: () => s3.buckets.all().map(({ name }) => name),
  };
}

/** The configuration that the template asks for, of a bucket that was `before`; throws for what is not carried out. */
function configOf({ logicalId, properties }: Resource, before: BucketConfig | undefined): BucketConfig {
  refuseUnknown(`${logicalId} (AWS::S3::Bucket)`, properties, PROPERTIES);
  const access = properties.AccessControl ?? 'Private';
  if (access !== 'Private' && access !== 'LogDeliveryWrite')
    throw new Error(`${logicalId}: AccessControl ${access} is not carried out here`);
  const rules = (properties.LifecycleConfiguration?.Rules ?? []) as LifecycleRule[];
  refuseUnknown(`${logicalId} (LifecycleConfiguration)`, properties.LifecycleConfiguration ?? {}, ['Rules']);
  for (const rule of rules) refuseUnknown(`${logicalId} (lifecycle rule)`, rule, RULE_PROPERTIES);
  const cors = (properties.CorsConfiguration?.CorsRules ?? []) as CorsRule[];
  for (const rule of cors) refuseUnknown(`${logicalId} (CORS rule)`, rule, CORS_PROPERTIES);
  const objectLock = objectLockOf(properties);
  const encryption = properties.BucketEncryption?.ServerSideEncryptionConfiguration?.[0];
  const block = properties.PublicAccessBlockConfiguration;
  const wanted = properties.VersioningConfiguration?.Status ?? (before?.versioning ? 'Suspended' : '');
  if (objectLock && wanted === 'Suspended')
    throw new Error(`${logicalId}: a bucket with Object Lock keeps its versions`);
  return {
    versioning: objectLock ? 'Enabled' : wanted,
    objectLock,
    lifecycle: rules.map((rule, index) => ({ ...rule, Id: rule.Id ?? `${logicalId}-${index + 1}` })),
    encryption: {
      algorithm: encryption?.ServerSideEncryptionByDefault?.SSEAlgorithm ?? 'AES256',
      ...(encryption?.ServerSideEncryptionByDefault?.KMSMasterKeyID && {
        keyId: encryption.ServerSideEncryptionByDefault.KMSMasterKeyID,
      }),
      bucketKey: isTrue(encryption?.BucketKeyEnabled),
    },
    publicAccessBlock: block && {
      BlockPublicAcls: isTrue(block.BlockPublicAcls),
      IgnorePublicAcls: isTrue(block.IgnorePublicAcls),
      BlockPublicPolicy: isTrue(block.BlockPublicPolicy),
      RestrictPublicBuckets: isTrue(block.RestrictPublicBuckets),
    },
    cors,
    // The bucket's AWS::S3::BucketPolicy, if the template still has one, is made after it.
    policy: undefined,
  };
}

function objectLockOf(properties: Resource['properties']): ObjectLock | undefined {
  if (!isTrue(properties.ObjectLockEnabled)) return undefined;
  const { Mode, Days, Years } = properties.ObjectLockConfiguration?.Rule?.DefaultRetention ?? {};
  if (!Mode) return {};
  return { mode: Mode, ...(Days && { days: Number(Days) }), ...(Years && { years: Number(Years) }) };
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

/** A physical name as S3 takes it: lower case, 3 to 63 of a-z, 0-9, `.` and `-`. A long one ends in a digest of itself. */
function validName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  if (plain.length <= 63) return plain.padEnd(3, '0');
  return `${plain.slice(0, 52)}-${createHash('sha256').update(name).digest('hex').slice(0, 10)}`;
}

function bucketName(logicalId: string, name: unknown): string {
  if (typeof name === 'string' && /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) return name;
  throw new Error(
    `${logicalId}: BucketName must be a literal of 3 to 63 of a-z, 0-9, '.', '-', not ${JSON.stringify(name)}`,
  );
}

// AWS::S3::BucketPolicy: its statements stand on the bucket and its objects.

export function bucketPolicyType(s3: S3): ResourceType {
  return {
    identify: ({ name }) => ({ ref: name, attributes: {} }),
    apply({ logicalId, stack, properties }: Resource) {
      refuseUnknown(`${logicalId} (AWS::S3::BucketPolicy)`, properties, ['Bucket', 'PolicyDocument']);
      const bucket = s3.buckets.find(properties.Bucket);
      if (!bucket) throw new Error(`${logicalId}: there is no bucket ${properties.Bucket}`);
      const statements = [properties.PolicyDocument.Statement].flat() as PolicyStatement[];
      const open = statements.find(
        ({ Effect, Principal, Condition }) => Effect === 'Allow' && !Condition && isAnyone(Principal),
      );
      if (open && bucket.config.publicAccessBlock?.BlockPublicPolicy) {
        throw new Error(`${logicalId}: the bucket ${bucket.name} blocks public policies, and this one lets anyone in`);
      }
      s3.buckets.configure(bucket.name, bucket.created, { ...bucket.config, policy: properties.PolicyDocument });
      s3.context.iam.setResourcePolicy(`arn:aws:s3:::${bucket.name}`, `${stack}/${logicalId}`, statements);
    },
    remove({ logicalId, stack, properties }) {
      const bucket = s3.buckets.find(properties.Bucket);
      if (bucket) s3.buckets.configure(bucket.name, bucket.created, { ...bucket.config, policy: undefined });
      s3.context.iam.setResourcePolicy(`arn:aws:s3:::${properties.Bucket}`, `${stack}/${logicalId}`, []);
    },
    immutable: ['Bucket'],
  };
}

function isAnyone(principal: PolicyStatement['Principal']): boolean {
  if (principal === undefined) return false;
  return (typeof principal === 'string' ? [principal] : Object.values(principal).flat()).includes('*');
}
