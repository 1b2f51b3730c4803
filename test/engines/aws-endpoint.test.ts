/** What the one endpoint decides before any service: who calls, which service is meant, and in what protocol it answers. */
import { gzipSync } from 'node:zlib';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDynamoDb } from '../../lib/local/dynamodb/dynamodb.ts';
import { createLambda } from '../../lib/local/lambda/lambda.ts';
import { createS3 } from '../../lib/local/s3/s3.ts';
import type { Credentials } from '../../lib/local/service.ts';
import { createSqs } from '../../lib/local/sqs/sqs.ts';
import { createSts } from '../../lib/local/sts/sts.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';
import type { Answer, Sent } from '../support/wire-call.ts';
import * as wire from '../support/wire-call.ts';

const ROLE = 'arn:aws:iam::000000000000:role/service/Worker';
let cloud: EngineCloud;
let Bucket: string;
beforeAll(async () => {
  cloud = await startEngines([createDynamoDb, createS3, createSqs, createLambda, createSts]);
  Bucket = (await cloud.make('AWS::S3::Bucket', 'Media', {})).ref;
});
afterAll(() => cloud.stop());

const JSON_CALL = (target: string, body = '{}'): Sent => ({
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
  body,
});
const FORM = (body: string): Sent => ({ headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });
const IDENTITY = FORM('Action=GetCallerIdentity&Version=2011-06-15');

const send = (call: Sent): Promise<Answer> => wire.send(cloud.client, call);
const signed = (service: string, call: Sent, credentials: Credentials = cloud.client.credentials): Promise<Sent> =>
  wire.sign(service, call, { endpoint: cloud.client.endpoint, credentials });

describe('GetCallerIdentity', () => {
  test('names the user whose keys sign, in the account of everything else', async () => {
    const { status, text } = await send(await signed('sts', IDENTITY));
    expect(status).toBe(200);
    expect(text).toContain('<Arn>arn:aws:iam::000000000000:user/local-administrator</Arn>');
    expect(text).toMatch(/<GetCallerIdentityResponse xmlns="https:\/\/sts.amazonaws.com\/doc\/2011-06-15\/">/);
    expect(text).toMatch(/<UserId>AIDA[0-9A-F]{17}<\/UserId><Account>000000000000<\/Account>/);
  });

  test('needs no permission, and names a role by its session', async () => {
    const session = cloud.context.iam.sessionFor(ROLE, 'night-shift');
    const { text } = await send(await signed('sts', IDENTITY, session));
    expect(text).toContain('<Arn>arn:aws:sts::000000000000:assumed-role/Worker/night-shift</Arn>');
    expect(text).toMatch(/<UserId>AROA[0-9A-F]{17}:night-shift<\/UserId>/);
  });

  test('is all that STS does here: another operation is refused by its name', async () => {
    const { status, text } = await send(await signed('sts', FORM('Action=GetSessionToken&Version=2011-06-15')));
    expect([status, text]).toEqual([400, expect.stringMatching(/<Code>InvalidAction<.*GetSessionToken/)]);
  });
});

describe('temporary credentials', () => {
  const withToken = (sessionToken: string | undefined) => {
    const { accessKeyId, secretAccessKey } = cloud.context.iam.sessionFor(ROLE, 'one');
    const credentials = { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
    const options = { ...cloud.client, credentials, maxAttempts: 1 };
    return {
      s3: () => new S3Client(options).send(new ListObjectsV2Command({ Bucket })),
      dynamodb: () => new DynamoDBClient(options).send(new ListTablesCommand({})),
      sqs: () => new SQSClient(options).send(new ListQueuesCommand({})),
    };
  };

  test('act as their role: what it may not do is denied, not unknown', async () => {
    const { sessionToken } = cloud.context.iam.sessionFor(ROLE, 'one');
    const { s3, dynamodb } = withToken(sessionToken);
    await expect(s3()).rejects.toMatchObject({ name: 'AccessDenied' });
    const refused = { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } };
    await expect(dynamodb()).rejects.toMatchObject({ ...refused, message: expect.stringContaining(ROLE) });
  });

  test('are no credentials without their token', async () => {
    const { s3, dynamodb, sqs } = withToken(undefined);
    const unknown = { name: 'UnrecognizedClientException', $metadata: { httpStatusCode: 400 } };
    await expect(s3()).rejects.toMatchObject({ name: 'InvalidAccessKeyId', $metadata: { httpStatusCode: 403 } });
    await expect(dynamodb()).rejects.toMatchObject(unknown);
    await expect(sqs()).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });

  test('are refused with another token, that of another session too; and so is a lasting key with one', async () => {
    const other = cloud.context.iam.sessionFor(ROLE, 'two').sessionToken;
    for (const token of ['nonsense', other]) {
      const { s3, dynamodb } = withToken(token);
      await expect(s3()).rejects.toMatchObject({ name: 'InvalidToken', $metadata: { httpStatusCode: 400 } });
      await expect(dynamodb()).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    }
    const credentials = { ...cloud.client.credentials, sessionToken: other };
    const lasting = new S3Client({ ...cloud.client, credentials });
    await expect(lasting.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({ name: 'InvalidToken' });
  });

  test('stay good over a restart, as what runs then may still have them', async () => {
    const before = cloud.context.iam.sessionFor(ROLE, 'kept');
    cloud = await cloud.restart();
    expect(cloud.context.iam.sessionFor(ROLE, 'kept')).toEqual(before);
    expect((await send(await signed('sts', IDENTITY, before))).status).toBe(200);
  });
});

describe('a call that nobody signed is refused in the protocol that it speaks:', () => {
  test.each([
    [
      'AWS JSON',
      JSON_CALL('DynamoDB_20120810.ListTables'),
      400,
      '"__type":"com.amazonaws.dynamodb.v20120810#MissingAuthenticationTokenException"',
    ],
    ['AWS query', IDENTITY, 403, '<Code>MissingAuthenticationToken</Code>'],
    [
      'AWS query of a service with two protocols',
      FORM('Action=ListQueues&Version=2012-11-05'),
      403,
      '<Code>MissingAuthenticationToken</Code>',
    ],
    ['REST-JSON', { path: '/2015-03-31/functions', method: 'GET' }, 403, 'Request is missing Authentication Token'],
    ['REST-XML', { path: '/test-media/key', method: 'GET' }, 403, '<Code>AccessDenied</Code>'],
    [
      'AWS JSON of no service',
      JSON_CALL('Nothing_1.Do'),
      501,
      '"message":"The local cloud has no service named Nothing_1.Do"',
    ],
  ] as const)('%s', async (_, call, status, text) => {
    const answer = await send(call);
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(text)]);
  });
});

describe('a service that is not here says so in the protocol of the call:', () => {
  test.each([
    [
      'AWS JSON',
      'kinesis',
      JSON_CALL('Kinesis_20131202.ListStreams'),
      '{"__type":"NotImplemented","message":"The local cloud has no service named kinesis"}',
    ],
    [
      'AWS query',
      'sns',
      FORM('Action=ListTopics'),
      '<ErrorResponse><Error><Type>Sender</Type><Code>NotImplemented</Code>',
    ],
    ["EC2's query", 'ec2', FORM('Action=DescribeVpcs'), '<Response><Errors><Error><Code>NotImplemented</Code>'],
    ['REST-JSON', 'batch', { path: '/v1/describejobs' }, '"message":"The local cloud has no service named batch"'],
    [
      'REST-XML',
      'route53',
      { path: '/2013-04-01/hostedzone', method: 'GET' },
      '<Message>The local cloud has no service named route53</Message>',
    ],
    [
      'CBOR',
      'monitoring',
      {
        path: '/service/GraniteServiceVersion20100801/operation/ListMetrics',
        headers: { 'smithy-protocol': 'rpc-v2-cbor' },
      },
      'no service named monitoring',
    ],
  ] as const)('%s', async (_, service, call: Sent, text) => {
    const answer = await send(await signed(service, call));
    expect([answer.status, answer.text]).toEqual([501, expect.stringContaining(text)]);
  });
});

describe('a wrong signature', () => {
  const stranger = { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' };

  test('is refused in the words of the protocol', async () => {
    const forged = { ...cloud.client.credentials, secretAccessKey: 'guessed' };
    const tables = JSON_CALL('DynamoDB_20120810.ListTables');
    expect((await send(await signed('dynamodb', tables, forged))).text).toContain('#InvalidSignatureException');
    expect((await send(await signed('dynamodb', tables, stranger))).text).toContain('#UnrecognizedClientException');
    expect((await send(await signed('sts', IDENTITY, forged))).text).toContain('<Code>SignatureDoesNotMatch</Code>');
    expect((await send(await signed('sts', IDENTITY, stranger))).text).toContain('<Code>InvalidClientTokenId</Code>');
    const functions = { path: '/2015-03-31/functions', method: 'GET' };
    const refused = await send(await signed('lambda', functions, forged));
    expect([refused.status, refused.errorType]).toEqual([403, 'InvalidSignatureException']);
    const object = await send(await signed('s3', { path: `/${Bucket}/x`, method: 'GET' }, stranger));
    expect(object.text).toMatch(/<Code>InvalidAccessKeyId<.*<AWSAccessKeyId>AKIANOBODY</s);
  });

  test('that lacks a part, or is of another algorithm, names what is missing', async () => {
    const call = JSON_CALL('DynamoDB_20120810.ListTables');
    const withHeader = (authorization: string) => send({ ...call, headers: { ...call.headers, authorization } });
    const scope = 'Credential=AKIA/20260101/us-east-1/dynamodb/aws4_request';
    for (const [header, words] of [
      [`AWS4-HMAC-SHA256 ${scope}, Signature=00`, "requires 'SignedHeaders' parameter"],
      [`AWS4-ECDSA-P256-SHA256 ${scope}, SignedHeaders=host, Signature=00`, 'The algorithm is AWS4-HMAC-SHA256'],
      ['Bearer abc', "requires 'Credential' parameter"],
    ] as const) {
      const answer = await withHeader(header);
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('#IncompleteSignatureException')]);
      expect(answer.text).toContain(words);
    }
  });
});

test('a body that is gzip is read as what it holds, and refused where it is none', async () => {
  const call = JSON_CALL('DynamoDB_20120810.ListTables');
  const zipped = { ...call, headers: { ...call.headers, 'content-encoding': 'gzip' }, body: gzipSync('{"Limit":1}') };
  expect((await send(await signed('dynamodb', zipped))).text).toContain('"TableNames"');
  const form = {
    ...IDENTITY,
    headers: { ...IDENTITY.headers, 'content-encoding': 'gzip' },
    body: gzipSync(IDENTITY.body ?? ''),
  };
  expect((await send(await signed('sts', form))).text).toContain('<Account>');
  const broken = await send(await signed('dynamodb', { ...zipped, body: Buffer.from('{}') }));
  expect([broken.status, broken.text]).toEqual([400, expect.stringContaining('SerializationException')]);
});

test('a form whose names are nested without end is refused, not a fault of the cloud', async () => {
  const answer = await send(await signed('sqs', FORM(`Action=ListQueues&Version=2012-11-05&${'a.'.repeat(50_000)}=1`)));
  expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('nested too deeply')]);
});

test('the runtime API that functions know refuses by name: events come another way here', async () => {
  const answer = await send({ path: '/2018-06-01/runtime/invocation/next', method: 'GET' });
  expect([answer.status, answer.text]).toEqual([
    403,
    expect.stringContaining('GET /2018-06-01/runtime/invocation/next'),
  ]);
});
