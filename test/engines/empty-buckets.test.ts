import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { emptyBucket } from '../../functions/deployment/empty-buckets-client.ts';
import { createS3 } from '../../lib/local/s3/s3.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';

let cloud: EngineCloud;
let bucket: string;

beforeAll(async () => {
  cloud = await startEngines([createS3]);
  bucket = (await cloud.make('AWS::S3::Bucket', 'Bucket', {})).ref;
  const { endpoint, region, credentials } = cloud.client;
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_REGION', region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await cloud?.stop();
});

describe('a bucket that is emptied', () => {
  it('is empty also where somebody deleted it before: the stack goes on', async () => {
    await expect(emptyBucket('gone-already', { locked: false, outOfTime: () => false })).resolves.toBeUndefined();
  });

  it('with more than there is time for says so, and what to do', async () => {
    const client = new S3Client(cloud.client);
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'one', Body: 'x' }));
    client.destroy();
    await expect(emptyBucket(bucket, { locked: false, outOfTime: () => true })).rejects.toThrow(
      `${bucket}: much was removed, and there is more: delete the stack again`,
    );
  });
});
