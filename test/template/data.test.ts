import { describe, expect, test } from 'vitest';
import { OBJECT_CLASSES } from '../../functions/catalogue/retention.ts';
import { resources } from './synthesised.ts';

const tables = Object.fromEntries(
  resources('AWS::DynamoDB::GlobalTable').map(found => [found.logicalId.replace(/[0-9A-F]{8}$/, ''), found]),
);
const buckets = resources('AWS::S3::Bucket');
const bucketOf = (name: string) => buckets.find(({ logicalId }) => logicalId.startsWith(name));
const media = bucketOf('Media');
const documents = bucketOf('Documents');

describe('tables', () => {
  test('are these six', () => {
    expect(Object.keys(tables).sort()).toEqual(['Audit', 'Core', 'Idempotency', 'Jobs', 'Ledger', 'Seals']);
  });

  test.each(Object.keys(tables))('%s is kept, recoverable, protected and paid per request', name => {
    const { properties, resource } = tables[name] ?? expect.fail();
    expect(properties.BillingMode).toBe('PAY_PER_REQUEST');
    const [replica] = properties.Replicas;
    expect(replica.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled).toBe(true);
    expect(replica.DeletionProtectionEnabled).toBe(true);
    expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test.each(['Ledger', 'Seals'])('%s never forgets an item', name => {
    expect(tables[name]?.properties.TimeToLiveSpecification).toBeUndefined();
  });

  test.each(['Core', 'Jobs', 'Idempotency'])('%s forgets items by expiresAt', name => {
    expect(tables[name]?.properties.TimeToLiveSpecification).toEqual({ AttributeName: 'expiresAt', Enabled: true });
  });

  test.each([
    ['Core', 'keysByAccount', ['accountId', 'keyId']],
    ['Core', 'applications', ['applicationStatus', 'applicationSince']],
    ['Core', 'accounts', ['listed', 'createdAt']],
    ['Core', 'terminations', ['terminationState', 'dueAt']],
    ['Idempotency', 'byAccount', ['accountId']],
    ['Jobs', 'open', ['openShard', 'dueAt']],
    ['Ledger', 'byTime', ['pk', 'bookedAt']],
  ])('%s has the index %s', (name, index, keys) => {
    const indexes: { IndexName: string; KeySchema: { AttributeName: string }[] }[] =
      tables[name]?.properties.GlobalSecondaryIndexes ?? [];
    const found = indexes.find(({ IndexName }) => IndexName === index) ?? expect.fail();
    expect(found.KeySchema.map(key => key.AttributeName)).toEqual(keys);
  });

  test('jobs carry their outbox in a stream', () => {
    expect(tables.Jobs?.properties.StreamSpecification).toEqual({ StreamViewType: 'NEW_IMAGE' });
  });
});

describe('buckets', () => {
  test.each(buckets.map(bucket => [bucket.logicalId, bucket] as const))(
    '%s is private, encrypted and kept',
    (_, bucket) => {
      const { properties, resource } = bucket;
      expect(Object.values(properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
      expect(properties.OwnershipControls.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
      expect(properties.BucketEncryption.ServerSideEncryptionConfiguration).toHaveLength(1);
      expect(resource).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    },
  );

  test.each(buckets.map(({ logicalId }) => [logicalId]))('%s refuses whatever does not come by TLS', logicalId => {
    const policy = resources('AWS::S3::BucketPolicy').find(({ properties }) => properties.Bucket === `<${logicalId}>`);
    expect(policy?.properties.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 's3:*',
        Principal: { AWS: '*' },
        Resource: [`<${logicalId}.Arn>`, `<${logicalId}.Arn>/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  });

  test('media can be read by a page of any origin that has a link, and by links alone', () => {
    expect(media?.properties.CorsConfiguration.CorsRules).toEqual([
      expect.objectContaining({ AllowedMethods: ['GET', 'HEAD'], AllowedOrigins: ['*'] }),
    ]);
  });

  test('heads of the audit trail are kept for ten years, whoever asks to remove one', () => {
    const heads = buckets.find(({ logicalId }) => logicalId.startsWith('AuditHeads'));
    expect(heads?.properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 3650 } } },
    });
    expect(heads?.properties.LifecycleConfiguration).toBeUndefined();
  });

  test.each([
    ['media', media, [1, 7, 30, 90, 180, 365]],
    ['documents', documents, []],
  ])(
    '%s are versioned, can be held, and go by rules that nobody adds to: what is purged, what was kept for a period, and what is left of both',
    (_, bucket, periods) => {
      expect(bucket?.properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
      expect(bucket?.properties.ObjectLockEnabled).toBe(true);
      // Nothing is kept by itself: what a legal hold names is, and nothing else.
      expect(bucket?.properties.ObjectLockConfiguration).toBeUndefined();
      expect(bucket?.properties.LifecycleConfiguration.Rules).toEqual([
        { Id: 'purged', Status: 'Enabled', ExpirationInDays: 1, TagFilters: [{ Key: 'purge', Value: 'true' }] },
        ...periods.map(days => ({
          Id: `retention-${days}`,
          Status: 'Enabled',
          ExpirationInDays: days + 3,
          TagFilters: [{ Key: 'retention', Value: String(days) }],
        })),
        {
          Id: 'leftovers',
          Status: 'Enabled',
          ExpiredObjectDeleteMarker: true,
          NoncurrentVersionExpiration: { NoncurrentDays: 1 },
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        },
      ]);
    },
  );

  test("owners' exports go after the days for which they can be fetched, and so does what was begun and not ended", () => {
    const exported = buckets.find(({ logicalId }) => logicalId.startsWith('AccountExports'));
    expect(exported?.properties.LifecycleConfiguration.Rules).toEqual([
      {
        Id: 'expire',
        Status: 'Enabled',
        ExpirationInDays: 7,
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      },
    ]);
    expect(exported?.properties.VersioningConfiguration).toBeUndefined();
  });

  test('each is of a class that says what is in it and when that ends', () => {
    const classes = new Set(Object.values(OBJECT_CLASSES).map(({ bucket }) => bucket.replaceAll(' ', '')));
    const names = buckets.map(({ logicalId }) => logicalId.replace(/[0-9A-F]{8}$/, '').toLowerCase());
    expect(names.filter(name => !classes.has(name.replace(/^account(?=exports)/, '')))).toEqual([]);
  });
});
