/** Finance's files in S3: what was written is known by its checksum, and what became of it later is found by that. */
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DatasetFiles, type StoredFile } from '../../functions/finance/files.ts';
import { changedFiles, sinksIn } from '../../functions/finance/reports-store.ts';
import { createS3 } from '../../lib/local/s3/s3.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';

let cloud: EngineCloud;
let s3: S3Client;
let Bucket: string;

beforeAll(async () => {
  cloud = await startEngines([createS3]);
  const { endpoint, region, credentials } = cloud.client;
  // The stores' clients read where they are from the environment, as in Lambda.
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  });
  s3 = new S3Client(cloud.client);
  Bucket = (await cloud.make('AWS::S3::Bucket', 'Reports', {})).ref;
});
afterAll(async () => {
  s3?.destroy();
  await cloud?.stop();
});

/** The two files of a day; `rows` of 1 KB each. */
async function stored(day: string, rows: number): Promise<{ csv: StoredFile; parquet: StoredFile }> {
  const files = new DatasetFiles('gateway_usage', day, sinksIn(Bucket));
  for (let row = 0; row < rows; row++) await files.add(['p', 'trial', `${row}`.padEnd(1000, 'k'), null, row, 0]);
  return files.end();
}

it('a file in one part has its own digest for a checksum, and one in many that of its parts', async () => {
  const small = await stored('2026-10-01', 3);
  expect(small.csv.checksum).toBe(Buffer.from(small.csv.sha256, 'hex').toString('base64'));
  const large = await stored('2026-10-02', 20_000);
  expect(large.csv.checksum).toMatch(/^[A-Za-z0-9+/]{43}=-3$/);
  expect(await changedFiles(Bucket, [small.csv, small.parquet, large.csv, large.parquet])).toEqual([]);
  expect(await stored('2026-10-02', 20_000)).toEqual(large);
});

it('files that were changed or deleted are named, and the others are not', async () => {
  const days = await Promise.all(Array.from({ length: 30 }, (_, day) => stored(`2026-09-${day + 1}`, 2)));
  const files = days.flatMap(({ csv, parquet }) => [csv, parquet]);
  const [changed, deleted, last] = [files[3], files[10], files[59]] as [StoredFile, StoredFile, StoredFile];
  await s3.send(new PutObjectCommand({ Bucket, Key: changed.key, Body: 'other', ChecksumAlgorithm: 'SHA256' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: deleted.key }));
  await s3.send(new PutObjectCommand({ Bucket, Key: last.key, Body: 'with no SHA-256' }));
  expect(await changedFiles(Bucket, files)).toEqual([changed.key, deleted.key, last.key]);
});
