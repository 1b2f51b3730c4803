/** Deleting a video, over the product's own tables and buckets, cut off after every call of AWS. A process of its own. */
import { createHash } from 'node:crypto';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { DeleteObjectCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateStore } from '../../functions/certificates/certificates-store.ts';
import { publicJwkOf, signedBy } from '../../functions/certificates/signing-client.ts';
import { filesIn, verifyCertificate } from '../../functions/certificates/verified-certificate.ts';
import { pairedJobKey } from '../../functions/data/item-keys.ts';
import { certifyDeletion } from '../../functions/generation/certify-deletion-command.ts';
import { LATE_UPLOAD_MS } from '../../functions/generation/deletion.ts';
import type { Job } from '../../functions/generation/job.ts';
import { findJob } from '../../functions/generation/jobs-store.ts';
import { removeFiles } from '../../functions/generation/remove-files-command.ts';
import { deleteVideo } from '../../functions/generation/videos/end-video-command.ts';
import { random } from '../../functions/runtime/runtime.ts';
import { putMedia } from '../../functions/uploads/media-store.ts';
import { deliverableKeys, jobFolder } from '../../functions/uploads/object-keys.ts';
import { createKms } from '../../lib/local/kms/kms.ts';
import { createS3 } from '../../lib/local/s3/s3.ts';
import { jobOf } from '../rules/sample-job.ts';
import { CutEndpoint } from '../support/cut-endpoint.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';

const MEDIA = 'test-media';
const CERTIFICATES = 'test-certificates';
const ACCOUNT = 'acct_of_a_deleted_video';
const START = Date.parse('2026-11-30T09:00:00.000Z');
const METADATA = { order: 'a-secret-order' };

let product: ProductTables;
let endpoint: CutEndpoint;
let s3: S3Client;
let keyId: string;
let jwk: Awaited<ReturnType<typeof publicJwkOf>>;
let clock = START;
let last = 250_473_926_504_802;

beforeAll(async () => {
  product = await startProductTables([createS3, createKms]);
  const { client } = product.cloud;
  endpoint = new CutEndpoint(client.endpoint);
  process.env.AWS_ENDPOINT_URL = await endpoint.start();
  // One that was killed tries nothing again.
  process.env.AWS_MAX_ATTEMPTS = '1';
  s3 = new S3Client({ ...client, forcePathStyle: true });
  for (const BucketName of [MEDIA, CERTIFICATES]) {
    const properties = { BucketName, VersioningConfiguration: { Status: 'Enabled' } };
    await product.cloud.make('AWS::S3::Bucket', BucketName, properties);
  }
  const made = await new KMSClient(client).send(
    new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
  );
  keyId = made.KeyMetadata?.KeyId ?? '';
  jwk = await publicJwkOf(keyId);
});
afterAll(async () => {
  await endpoint?.stop();
  await product?.stop();
});

const dependencies = () => ({ jobsTable: product.tables.jobs, mediaBucket: MEDIA, now: () => clock, random });
const certify = (jobId: number) =>
  certifyDeletion(
    {
      jobsTable: product.tables.jobs,
      certificates: {
        store: certificateStore(CERTIFICATES),
        sign: signedBy(keyId),
        stamp: undefined,
        // Drawing is proven elsewhere, and costs more than all else here.
        pdfOf: async (_, { jws }) => Buffer.from(`%PDF- of ${jws}`),
        issuer: 'Mutoscope',
        now: () => clock,
      },
    },
    { accountId: ACCOUNT, jobId },
  );

const CONTENTS = { 'video.mp4': 'a video', 'thumbnail.jpg': 'a thumbnail', 'spritesheet.jpg': 'sprites' };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A finished video with its files: one of them has two versions and a delete marker, one was stored without a hash. */
async function finished(change: Partial<Job> = {}): Promise<Job> {
  clock = START;
  const at = (ms: number) => new Date(START - 60_000 + ms).toISOString();
  const jobId = ++last;
  const keys = deliverableKeys(ACCOUNT, jobId, 1);
  const { videoKey, thumbnailKey, spritesheetKey } = keys;
  await putMedia(MEDIA, videoKey, Buffer.from(CONTENTS['video.mp4']), 'video/mp4');
  await s3.send(new PutObjectCommand({ Bucket: MEDIA, Key: thumbnailKey, Body: CONTENTS['thumbnail.jpg'] }));
  for (const Body of ['older', CONTENTS['spritesheet.jpg']]) {
    await s3.send(new PutObjectCommand({ Bucket: MEDIA, Key: spritesheetKey, Body }));
  }
  await s3.send(new DeleteObjectCommand({ Bucket: MEDIA, Key: spritesheetKey }));
  const job = jobOf({
    accountId: ACCOUNT,
    jobId,
    state: 'succeeded',
    attempt: 1,
    progress: 100,
    request: { ...jobOf().request, prompt: 'a-secret-prompt' },
    metadata: METADATA,
    createdAt: at(0),
    updatedAt: at(3),
    timeline: [
      { state: 'queued', at: at(0) },
      { state: 'generating', at: at(1) },
      { state: 'succeeded', at: at(3) },
    ],
    deliverable: {
      ...keys,
      bytes: 7,
      sha256: '',
      width: 1,
      height: 1,
      durationSeconds: 1,
      hasAudio: false,
      engine: 'preview',
    },
    ...change,
  });
  const { jobs } = product.tables;
  await product.put(jobs, { pk: ACCOUNT, sk: `JOB#${String(jobId).padStart(16, '0')}`, ...job });
  await product.put(jobs, { ...pairedJobKey(ACCOUNT, ['order', METADATA.order], jobId), jobId });
  return job;
}

const remove = ({ jobId }: Job) =>
  deleteVideo({ ...dependencies(), coreTable: product.tables.core }, ACCOUNT, `video_${jobId}`);
const stored = async ({ jobId }: Job): Promise<Job> =>
  (await findJob(product.tables.jobs, ACCOUNT, jobId)) ?? expect.fail('the trace is gone');
const filesOf = async ({ jobId }: Job) => {
  const Prefix = jobFolder(ACCOUNT, jobId);
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: MEDIA, Prefix }));
  return [...Versions, ...DeleteMarkers].map(({ Key = '' }) => Key.slice(Prefix.length));
};
const events = async ({ jobId }: Job) => {
  const items = await product.items<{ type?: string; jobId: number }>(product.tables.jobs, ACCOUNT);
  return items.filter(item => item.type === 'video.deleted' && item.jobId === jobId).length;
};
/** What the reconciler does with a deleted job that is due. */
const reconcile = async (job: Job) => removeFiles(dependencies(), await stored(job));

/** The lines of the certificate, which is verified with its manifest. */
async function certified(job: Job): Promise<{ name: string; bytes: number; sha256: string | null }[]> {
  const { certificateId: id = '' } = await stored(job);
  const store = certificateStore(CERTIFICATES);
  const text = (await store.read(id, 'certificate.json')) ?? expect.fail('no certificate');
  const { sealed } = filesIn(Buffer.from(text));
  const payload = verifyCertificate({ sealed, parts: [] }, { keys: [jwk] }).certificate ?? expect.fail('not signed');
  const parts = await Promise.all(
    payload.manifest.parts.map(async part => (await store.read(id, `manifest-${part.sha256}.jsonl`)) ?? ''),
  );
  expect(verifyCertificate({ sealed, parts }, { keys: [jwk] }).problems).toEqual([]);
  expect(await store.read(id, 'certificate.pdf')).toBe(`%PDF- of ${sealed.jws}`);
  const lines = parts.flatMap(part => part.trim().split('\n')).map(line => JSON.parse(line));
  for (const { key } of lines) expect(key).toMatch(/^accounts\/~\/videos\//);
  return lines.map(line => ({ name: line.key.split('/').at(-1), bytes: line.bytes, sha256: line.sha256 }));
}

const EVERY_VERSION = [
  { name: 'spritesheet.jpg', bytes: 5, sha256: sha256('older') },
  ...Object.entries(CONTENTS).map(([name, text]) => ({ name, bytes: text.length, sha256: sha256(text) })),
];
const sorted = (lines: readonly { name: string; bytes: number }[]) =>
  lines.toSorted((a, b) => a.name.localeCompare(b.name) || a.bytes - b.bytes);

/** Everything that must hold in the end, however it came to it. */
async function isDone(job: Job): Promise<void> {
  expect(await filesOf(job)).toEqual([]);
  expect(sorted(await certified(job))).toEqual(sorted(EVERY_VERSION));
  expect(await events(job)).toBe(1);
  const trace = await stored(job);
  expect(trace).toMatchObject({
    state: 'deleted',
    endedAs: 'succeeded',
    credits: job.credits,
    createdAt: job.createdAt,
  });
  for (const gone of ['deliverable', 'metadata', 'deletion', 'kept', 'openShard', 'dueAt'])
    expect(trace).not.toHaveProperty(gone);
  expect(JSON.stringify(trace)).not.toMatch(/a-secret/);
}

describe('a deleted video', () => {
  it('is gone with every version at once, has a certificate of all of them by hash, and leaves a trace', async () => {
    const job = await finished();
    const { certificateId } = await remove(job);
    expect(await filesOf(job)).toEqual([]);
    expect(await certify(job.jobId)).toBe(certificateId);
    await isDone(job);
    const [pair] = (
      await product.items<{ sk: string; jobId: number; expiresAt?: number }>(product.tables.jobs, ACCOUNT)
    ).filter(item => item.sk.startsWith('PAIR#') && item.jobId === job.jobId);
    expect(pair?.expiresAt).toBe(START / 1000);
  });

  it('deleted twice, and certified twice, has the same certificate', async () => {
    const job = await finished();
    const [one, other] = await Promise.all([remove(job), remove(job)]);
    expect(other).toEqual(one);
    await Promise.all([certify(job.jobId), certify(job.jobId)]);
    expect(await remove(job)).toEqual(one);
    expect(await certify(job.jobId)).toBeUndefined();
    await isDone(job);
  });

  it('ends in the same way wherever it was cut off', async () => {
    const whole = await finished();
    endpoint.heal();
    await remove(whole);
    await certify(whole.jobId);
    const { calls } = endpoint;
    expect(calls).toBeGreaterThan(15);
    for (let done = 1; done < calls; done++) {
      const job = await finished();
      endpoint.cutAfter(done);
      const life = remove(job).then(() => certify(job.jobId));
      await expect(life, `after ${done} calls`).rejects.toThrow();
      endpoint.heal();
      // Who called tries again where nothing was decided; else nobody does, and the reconciler comes.
      clock = START + LATE_UPLOAD_MS;
      if ((await stored(job)).state === 'deleted') await reconcile(job);
      else await remove(job);
      await certify(job.jobId);
      await isDone(job);
    }
  });

  it('waits for a worker that may still upload: what comes late is in the certificate too', async () => {
    const job = await finished();
    const { timeline = [] } = job;
    const again = [...timeline.slice(0, 2), ...timeline.slice(1)];
    await product.put(product.tables.jobs, {
      pk: ACCOUNT,
      sk: `JOB#${String(job.jobId).padStart(16, '0')}`,
      ...job,
      timeline: again,
    });
    await remove(job);
    expect([await filesOf(job), await certify(job.jobId), await events(job)]).toEqual([[], undefined, 0]);
    await putMedia(MEDIA, deliverableKeys(ACCOUNT, job.jobId, 2).videoKey, Buffer.from('late'), 'video/mp4');
    clock = START + LATE_UPLOAD_MS;
    expect(await reconcile(job)).toMatchObject({ objects: 1, complete: true });
    await certify(job.jobId);
    const lines = await certified(job);
    expect(sorted(lines)).toEqual(sorted([...EVERY_VERSION, { name: 'video.mp4', bytes: 4, sha256: sha256('late') }]));
  });

  it('that others are made from has its certificate when the last of them has ended', async () => {
    const job = await finished({ usedBy: new Set([7]) });
    await remove(job);
    expect(await filesOf(job)).toEqual(['1/video.mp4', '1/video.mp4']);
    clock = START + LATE_UPLOAD_MS;
    expect(await reconcile(job)).toMatchObject({ complete: false });
    expect(await certify(job.jobId)).toBeUndefined();
    const { usedBy: _, ...free } = await stored(job);
    await product.put(product.tables.jobs, free);
    expect(await reconcile(job)).toMatchObject({ complete: true });
    await certify(job.jobId);
    await isDone(job);
  });

  it('of before there were certificates is gone without one, and is not looked at again', async () => {
    const job = await finished({ state: 'deleted', endedAs: 'succeeded' });
    const item = {
      pk: ACCOUNT,
      sk: `JOB#${String(job.jobId).padStart(16, '0')}`,
      ...job,
      openShard: 'OPEN#1',
      dueAt: START,
    };
    await product.put(product.tables.jobs, item);
    clock = START + LATE_UPLOAD_MS;
    expect(await remove(job)).toEqual({ jobId: job.jobId, certificateId: undefined });
    expect([await filesOf(job), await events(job)]).toEqual([[], 0]);
    expect(await stored(job)).not.toHaveProperty('openShard');
  });
});
