/** Uploads by an HTML form, as browsers send them: with a policy that a server has signed. */
import { createHmac } from 'node:crypto';
import { GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createS3 } from '../../lib/local/s3/s3.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';

let cloud: EngineCloud;
let s3: S3Client;
let Bucket: string;
beforeAll(async () => {
  cloud = await startEngines([createS3]);
  s3 = new S3Client(cloud.client);
  Bucket = (await cloud.make('AWS::S3::Bucket', 'Uploads', {})).ref;
});
afterAll(() => cloud.stop());

interface Signed {
  readonly conditions?: readonly unknown[];
  readonly fields?: Readonly<Record<string, string>>;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  readonly livesSeconds?: number;
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** The fields that a server hands to a browser, with the policy that they are held to. */
function sign({ conditions = [], fields = {}, credentials = cloud.client.credentials, livesSeconds = 60 }: Signed) {
  const now = new Date(cloud.clock.now());
  const date = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = [date.slice(0, 8), 'us-east-1', 's3', 'aws4_request'];
  const signing = {
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': [credentials.accessKeyId, ...scope].join('/'),
    'x-amz-date': date,
    ...(credentials.sessionToken && { 'x-amz-security-token': credentials.sessionToken }),
  };
  const named = Object.entries(signing).map(([name, value]) => ({ [name]: value }));
  const expiration = new Date(now.getTime() + livesSeconds * 1000).toISOString();
  const document = { expiration, conditions: [{ bucket: Bucket }, ...named, ...conditions] };
  const policy = Buffer.from(JSON.stringify(document)).toString('base64');
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
  return { ...fields, ...signing, policy, 'x-amz-signature': hmac(key, policy).toString('hex') };
}

async function post(fields: Readonly<Record<string, string>>, bytes = 'film', name = 'clip.mp4') {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append('file', new Blob([bytes], { type: 'video/mp4' }), name);
  form.append('submit', 'Upload');
  const url = `${cloud.client.endpoint}/${Bucket}`;
  const answer = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });
  return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() };
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: S3 puts the file's name in its place.
const UPLOAD = { fields: { key: 'up/${filename}' }, conditions: [['starts-with', '$key', 'up/']] };

test('a form with a signed policy stores its file, with the fields that describe it', async () => {
  const fields = {
    ...UPLOAD.fields,
    'Content-Type': 'video/quicktime',
    'x-amz-meta-by': 'me',
    'Cache-Control': 'no-store',
    tagging: '<Tagging><TagSet><Tag><Key>purge</Key><Value>true</Value></Tag></TagSet></Tagging>',
  };
  const conditions = [
    ...UPLOAD.conditions,
    ['starts-with', '$Content-Type', 'video/'],
    { 'x-amz-meta-by': 'me' },
    ['eq', '$cache-control', 'no-store'],
    ['starts-with', '$tagging', ''],
    ['content-length-range', 1, 100],
  ];
  const answer = await post({ ...sign({ fields, conditions }) });
  expect([answer.status, answer.text]).toEqual([204, '']);
  const stored = await s3.send(new GetObjectCommand({ Bucket, Key: 'up/clip.mp4' }));
  expect(await stored.Body?.transformToString()).toBe('film');
  expect(answer.headers).toMatchObject({
    etag: stored.ETag,
    location: `${cloud.client.endpoint}/${Bucket}/up/clip.mp4`,
  });
  expect(stored).toMatchObject({
    ContentType: 'video/quicktime',
    CacheControl: 'no-store',
    Metadata: { by: 'me' },
    TagCount: 1,
  });
});

test('it answers as the form asks: with a document, or by sending the user on', async () => {
  const asking = (fields: Record<string, string>) =>
    sign({
      fields: { ...UPLOAD.fields, ...fields },
      conditions: [...UPLOAD.conditions, ...Object.entries(fields).map(([name, value]) => ({ [name]: value }))],
    });
  const created = await post(asking({ success_action_status: '201' }));
  expect(created.status).toBe(201);
  expect(created.text).toMatch(/<PostResponse.*<Key>up\/clip.mp4<\/Key><ETag>&quot;[0-9a-f]{32}&quot;<\/ETag>/s);
  const sent = await post(asking({ success_action_redirect: 'https://example.test/done?id=7' }));
  expect(sent.status).toBe(303);
  expect(Object.fromEntries(new URL(sent.headers.location ?? '').searchParams)).toMatchObject({
    id: '7',
    bucket: Bucket,
    key: 'up/clip.mp4',
  });
});

describe('a form is refused and stores nothing', () => {
  const refused = async (fields: Readonly<Record<string, string>>, bytes?: string) => {
    const { status, text } = await post(fields, bytes, 'refused.mp4');
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'up/refused.mp4' }))).rejects.toThrow();
    return `${status} ${/<Code>(.*?)<\/Code>/.exec(text)?.[1]} ${/<Message>(.*?)<\/Message>/.exec(text)?.[1]}`;
  };
  const ranged = { ...UPLOAD, conditions: [...UPLOAD.conditions, ['content-length-range', 3, 5]] };

  test.each([
    [
      'whose policy is over',
      { ...UPLOAD, livesSeconds: -1 },
      '403 AccessDenied Invalid according to Policy: Policy expired.',
    ],
    [
      'whose key is another',
      { ...UPLOAD, fields: { key: 'other/x' } },
      'Policy Condition failed: [&quot;starts-with&quot;',
    ],
    [
      'with a field that no condition names',
      { ...UPLOAD, fields: { ...UPLOAD.fields, 'x-amz-meta-a': 'b' } },
      'Extra input fields: x-amz-meta-a',
    ],
    [
      'without a key',
      { conditions: UPLOAD.conditions },
      '400 InvalidArgument Bucket POST must contain a field named &apos;key&apos;',
    ],
    [
      'with a condition that there is none of',
      { ...UPLOAD, conditions: [['ends-with', '$key', 'x']] },
      '400 InvalidPolicyDocument',
    ],
  ])('%s', async (_, signed: Signed, expected) => {
    expect(await refused(sign(signed))).toContain(expected);
  });

  test('whose file is larger or smaller than the policy allows', async () => {
    expect(await refused(sign(ranged), 'longer')).toContain('400 EntityTooLarge');
    expect(await refused(sign(ranged), 'no')).toContain('400 EntityTooSmall');
  });

  test('that is changed after it was signed, or signed by nobody', async () => {
    const signed = sign(UPLOAD);
    const { policy } = sign({ ...UPLOAD, livesSeconds: 9999 });
    expect(await refused({ ...signed, policy })).toContain('403 SignatureDoesNotMatch');
    expect(await refused({ ...signed, policy: 'bm90IGpzb24=' })).toContain('403 SignatureDoesNotMatch');
    expect(await refused(UPLOAD.fields)).toContain('403 AccessDenied');
    const stranger = { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' };
    expect(await refused(sign({ ...UPLOAD, credentials: stranger }))).toContain('403 InvalidAccessKeyId');
    expect(await refused({ ...UPLOAD.fields, policy, AWSAccessKeyId: 'AKIA', signature: 'x' })).toContain(
      '400 InvalidRequest The authorization mechanism you have provided is not supported.',
    );
  });

  test('that is no form, has two files, or none', async () => {
    const url = `${cloud.client.endpoint}/${Bucket}`;
    expect((await fetch(url, { method: 'POST', body: 'a=b' })).status).toBe(412);
    const broken = { 'content-type': 'multipart/form-data; boundary=x' };
    const cut = await fetch(url, {
      method: 'POST',
      body: '--x\r\ncontent-disposition: form-data; name="key"',
      headers: broken,
    });
    expect(await cut.text()).toContain('<Code>MalformedPOSTRequest</Code>');
    const form = new FormData();
    form.append('key', 'up/refused.mp4');
    const bare = await fetch(url, { method: 'POST', body: form });
    expect(await bare.text()).toContain('POST requires exactly one file upload per request.');
  });
});

test('a form may do what the role that signed it may, and no more', async () => {
  const role = 'arn:aws:iam::000000000000:role/Uploader';
  const credentials = cloud.context.iam.sessionFor(role, 'web');
  const signed = { ...UPLOAD, credentials };
  expect((await post(sign(signed))).status).toBe(403);
  await cloud.make('AWS::S3::BucketPolicy', 'Policy', {
    Bucket,
    PolicyDocument: {
      Statement: [
        { Effect: 'Allow', Principal: { AWS: role }, Action: 's3:PutObject', Resource: `arn:aws:s3:::${Bucket}/up/*` },
      ],
    },
  });
  expect((await post(sign(signed))).status).toBe(204);
  const { sessionToken: _, ...tokenless } = credentials;
  expect((await post(sign({ ...signed, credentials: tokenless }))).text).toContain('InvalidAccessKeyId');
});
