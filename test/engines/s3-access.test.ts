import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutBucketTaggingCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createS3 } from '../../lib/local/s3/s3.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';

const role = 'arn:aws:iam::000000000000:role/Reader';
let cloud: EngineCloud;
let s3: S3Client;
let Bucket: string;

beforeEach(async () => {
  cloud = await startEngines([createS3]);
  s3 = new S3Client(cloud.client);
  Bucket = (await cloud.make('AWS::S3::Bucket', 'Media', {})).ref;
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a b/é.mp4', Body: 'video bytes', ContentType: 'video/mp4' }));
});
afterEach(() => cloud.stop());

function policy(...Statement: object[]) {
  return cloud.make('AWS::S3::BucketPolicy', 'Policy', {
    Bucket,
    PolicyDocument: { Version: '2012-10-17', Statement },
  });
}
const grant = (Action: string, Resource: string, more: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS: role },
  Action,
  Resource,
  ...more,
});

describe('a presigned URL', () => {
  const sign = (more: object = {}, expiresIn = 60) =>
    getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'a b/é.mp4', ...more }), { expiresIn });

  test('is read by any HTTP client, with type, length, ranges and the overrides it was signed with', async () => {
    const url = await sign({
      ResponseContentDisposition: 'attachment; filename="film.mp4"',
      ResponseContentType: 'video/x',
    });
    const whole = await fetch(url);
    expect(await whole.text()).toBe('video bytes');
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      'content-type': 'video/x',
      'content-length': '11',
      'accept-ranges': 'bytes',
      'content-disposition': 'attachment; filename="film.mp4"',
    });
    const part = await fetch(url, { headers: { range: 'bytes=6-' } });
    expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([
      206,
      'bytes',
      'bytes 6-10/11',
    ]);
  });

  test('is refused once its time is over', async () => {
    const url = await sign({}, 60);
    cloud.clock.advance(59_000);
    expect((await fetch(url)).status).toBe(200);
    cloud.clock.advance(2_000);
    const late = await fetch(url);
    expect([late.status, late.headers.get('content-type')]).toEqual([403, 'application/xml']);
    expect(await late.text()).toContain('<Code>AccessDenied</Code>');
  });

  test('lives a week at most, and says so in the words of S3', async () => {
    const url = new URL(await sign({}, 7 * 24 * 60 * 60));
    expect((await fetch(url)).status).toBe(200);
    const refusals = [
      ['X-Amz-Expires', '604801', 'X-Amz-Expires must be less than a week (in seconds)'],
      ['X-Amz-Expires', '-1', 'X-Amz-Expires must be non-negative'],
      ['X-Amz-Expires', 'long', 'X-Amz-Expires should be a number'],
      ['X-Amz-Expires', '', 'Query-string authentication version 4 requires the'],
      ['X-Amz-Date', 'today', 'X-Amz-Date must be in the ISO8601 Long Format'],
      ['X-Amz-Credential', 'AKIA/x', 'Error parsing the X-Amz-Credential parameter'],
    ] as const;
    for (const [name, value, message] of refusals) {
      const changed = new URL(url);
      changed.searchParams.set(name, value);
      const answer = await fetch(changed);
      expect([answer.status, await answer.text()]).toEqual([
        400,
        expect.stringMatching(/<Code>AuthorizationQueryParametersError</),
      ]);
      expect(await (await fetch(changed)).text()).toContain(message.replaceAll("'", '&apos;'));
    }
    const later = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'a b/é.mp4' }), {
      signingDate: new Date(Date.now() + 3600_000),
    });
    expect(await (await fetch(later)).text()).toContain('Request is not yet valid');
  });

  test('of Signature Version 2 is refused as such', async () => {
    const words = 'Please use AWS4-HMAC-SHA256.';
    const link = `${cloud.client.endpoint}/${Bucket}/x?AWSAccessKeyId=AKIA&Expires=1999999999&Signature=abc%3D`;
    const header = fetch(`${cloud.client.endpoint}/${Bucket}/x`, { headers: { authorization: 'AWS AKIA:abc=' } });
    for (const answer of await Promise.all([fetch(link), header])) {
      expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/xml']);
      expect(await answer.text()).toMatch(new RegExp(`<Code>InvalidRequest<.*${words}`, 's'));
    }
    const bearer = await fetch(`${cloud.client.endpoint}/${Bucket}/x`, { headers: { authorization: 'Bearer abc' } });
    expect(await bearer.text()).toMatch(/<Code>InvalidArgument<.*Unsupported Authorization Type/s);
  });

  test('is refused beside an Authorization header: one mechanism is allowed', async () => {
    const both = await fetch(await sign(), { headers: { authorization: 'Bearer something' } });
    expect(both.status).toBe(400);
    expect(await both.text()).toMatch(/<Code>InvalidArgument<.*Only one auth mechanism allowed/s);
  });

  test('is refused when its key, signature or a parameter is changed, or one is added', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a b/other.mp4', Body: 'secret' }));
    const url = await sign();
    const tampered = [
      url.replace('%C3%A9.mp4', 'other.mp4'),
      url.replace(/Signature=./, match => `Signature=${match.endsWith('0') ? '1' : '0'}`),
      url.replace('Expires=60', 'Expires=600'),
      `${url}&response-content-type=text/html`,
    ];
    for (const one of tampered) {
      expect(one).not.toBe(url);
      const answer = await fetch(one);
      expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')]);
    }
  });

  test('to put stores what is sent, with the headers it was signed with', async () => {
    const command = new PutObjectCommand({
      Bucket,
      Key: 'up',
      ContentType: 'text/plain',
      Tagging: 'purge=true',
      Metadata: { by: 'me' },
    });
    // By default the SDK signs the checksum of the empty body that it has at that time.
    const signer = new S3Client({ ...cloud.client, requestChecksumCalculation: 'WHEN_REQUIRED' });
    const url = await getSignedUrl(signer, command, { expiresIn: 60 });
    const answer = await fetch(url, { method: 'PUT', body: 'up', headers: { 'content-type': 'text/plain' } });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'up' }));
    expect(got).toMatchObject({ ContentType: 'text/plain', Metadata: { by: 'me' }, TagCount: 1 });
  });
});

describe('permission', () => {
  test('is needed for each action on each key', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: 'open/1', Body: 'x' }));
    await policy(grant('s3:GetObject', `arn:aws:s3:::${Bucket}/open/*`));
    const reader = new S3Client(cloud.clientAs(role));
    await reader.send(new GetObjectCommand({ Bucket, Key: 'open/1' }));
    const denied = { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } };
    await expect(reader.send(new GetObjectCommand({ Bucket, Key: 'a b/é.mp4' }))).rejects.toMatchObject(denied);
    await expect(reader.send(new PutObjectCommand({ Bucket, Key: 'open/1', Body: 'y' }))).rejects.toMatchObject(denied);
    await expect(reader.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject(denied);
    const Delete = { Objects: [{ Key: 'open/1' }] };
    const { Errors } = await reader.send(new DeleteObjectsCommand({ Bucket, Delete }));
    expect(Errors).toMatchObject([{ Key: 'open/1', Code: 'AccessDenied' }]);
    await reader.send(new GetObjectCommand({ Bucket, Key: 'open/1' }));
  });

  test('to list decides whether a missing key is 404 or 403', async () => {
    await policy(grant('s3:GetObject', `arn:aws:s3:::${Bucket}/*`));
    const reader = new S3Client(cloud.clientAs(role));
    const missing = () => reader.send(new GetObjectCommand({ Bucket, Key: 'none' }));
    await expect(missing()).rejects.toMatchObject({ name: 'AccessDenied' });
    await policy(grant('s3:GetObject', `arn:aws:s3:::${Bucket}/*`), grant('s3:ListBucket', `arn:aws:s3:::${Bucket}`));
    await expect(missing()).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('to list one prefix is no permission to list another', async () => {
    await policy(
      grant('s3:ListBucket', `arn:aws:s3:::${Bucket}`, { Condition: { StringLike: { 's3:prefix': 'mine/*' } } }),
    );
    const reader = new S3Client(cloud.clientAs(role));
    await reader.send(new ListObjectsV2Command({ Bucket, Prefix: 'mine/1' }));
    await expect(reader.send(new ListObjectsV2Command({ Bucket, Prefix: 'yours/' }))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
    await expect(reader.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('is refused to whoever signs nothing, and a policy that demands TLS lets loopback in', async () => {
    const unsigned = await fetch(`${cloud.client.endpoint}/${Bucket}/a%20b/%C3%A9.mp4`);
    expect([unsigned.status, await unsigned.text()]).toEqual([
      403,
      expect.stringContaining('<Code>AccessDenied</Code>'),
    ]);
    const insecure = { Bool: { 'aws:SecureTransport': 'false' } };
    await policy({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: `arn:aws:s3:::${Bucket}/*`,
      Condition: insecure,
    });
    await s3.send(new GetObjectCommand({ Bucket, Key: 'a b/é.mp4' }));
    expect((await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toContain('SecureTransport');
  });
});

describe('a bucket', () => {
  test('says of itself what its template says', async () => {
    const PublicAccessBlockConfiguration = {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    };
    const ServerSideEncryptionConfiguration = [
      { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'k' } },
    ];
    const made = await cloud.make('AWS::S3::Bucket', 'Own', {
      PublicAccessBlockConfiguration,
      BucketEncryption: { ServerSideEncryptionConfiguration },
    });
    expect([made.ref, made.attributes.Arn]).toEqual(['test-own', 'arn:aws:s3:::test-own']);
    await s3.send(new HeadBucketCommand({ Bucket: made.ref }));
    const block = await s3.send(new GetPublicAccessBlockCommand({ Bucket: made.ref }));
    expect(block.PublicAccessBlockConfiguration).toEqual(PublicAccessBlockConfiguration);
    const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket: made.ref }));
    expect(encryption.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault).toEqual({
      SSEAlgorithm: 'aws:kms',
      KMSMasterKeyID: 'k',
    });
    expect((await s3.send(new GetBucketLocationCommand({ Bucket: made.ref }))).LocationConstraint).toBeFalsy();
    const open = cloud.make('AWS::S3::BucketPolicy', 'Open', {
      Bucket: made.ref,
      PolicyDocument: { Statement: { Effect: 'Allow', Principal: '*', Action: '*' } },
    });
    await expect(open).rejects.toThrow('Open: the bucket test-own blocks public policies');
  });

  test('with a property that is not carried out stops the boot by name', async () => {
    const made = cloud.make('AWS::S3::Bucket', 'Films', { NotificationConfiguration: {} });
    await expect(made).rejects.toThrow(
      'Films (AWS::S3::Bucket): the local cloud does not know NotificationConfiguration',
    );
  });

  test('answers a preflight by its rules, and lets the page read the answer', async () => {
    const CorsRules = [
      {
        AllowedMethods: ['GET'],
        AllowedOrigins: ['https://*.example.com'],
        AllowedHeaders: ['range'],
        ExposedHeaders: ['ETag'],
        MaxAge: 60,
      },
    ];
    await cloud.make('AWS::S3::Bucket', 'Media', { CorsConfiguration: { CorsRules } });
    const url = `${cloud.client.endpoint}/${Bucket}/k`;
    const preflight = (origin: string) =>
      fetch(url, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'Range' },
      });
    const allowed = await preflight('https://app.example.com');
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'https://app.example.com',
    ]);
    expect((await preflight('https://evil.test')).status).toBe(403);
    const signed = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'a b/é.mp4' }));
    const read = await fetch(signed, { headers: { origin: 'https://app.example.com' } });
    expect(read.headers.get('access-control-expose-headers')).toBe('ETag');
  });
});

test('what is not here is refused by name, and changes nothing', async () => {
  const tagging = s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [] } }));
  await expect(tagging).rejects.toMatchObject({
    name: 'NotImplemented',
    message: expect.stringContaining("'tagging'"),
  });
  const acl = s3.send(new PutObjectAclCommand({ Bucket, Key: 'a b/é.mp4', ACL: 'private' }));
  await expect(acl).rejects.toMatchObject({ name: 'NotImplemented' });
  const part = { Bucket, Key: 'k', UploadId: 'u', PartNumber: 1, CopySource: `${Bucket}/x` };
  await expect(s3.send(new UploadPartCopyCommand(part))).rejects.toMatchObject({ name: 'NotImplemented' });
  const redirect = s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', WebsiteRedirectLocation: '/x' }));
  await expect(redirect).rejects.toMatchObject({ name: 'NotImplemented', Header: 'x-amz-website-redirect-location' });
  expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(1);
});

test('objects survive a restart, and a file that no row names is swept', async () => {
  const folder = join(cloud.context.dataDir, 's3', 'objects');
  writeFileSync(join(folder, 'left-by-a-kill'), 'x');
  cloud = await cloud.restart();
  s3 = new S3Client(cloud.client);
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'a b/é.mp4' }));
  expect([await got.Body?.transformToString(), got.ContentType]).toEqual(['video bytes', 'video/mp4']);
  expect(readdirSync(folder)).toHaveLength(1);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a b/é.mp4', Body: 'new' }));
  expect(readdirSync(folder)).toHaveLength(1);
});
