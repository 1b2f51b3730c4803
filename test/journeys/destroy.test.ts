/**
 * A stage that keeps nothing, as it goes: CloudFormation asks a function to empty its buckets, and nothing is in the way then.
 * A platform of its own: it is of such a stage, and ends empty.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, ListObjectVersionsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Platform } from '../support/platform.ts';

let platform: Platform;
let s3: S3Client;
beforeAll(async () => {
  platform = await Platform.start({ retain: 'false' });
  s3 = new S3Client(platform.cloud.client);
});
afterAll(async () => {
  s3?.destroy();
  await platform?.stop();
});

const buckets = () => platform.cloud.provisioned.resources.filter(({ type }) => type === 'AWS::S3::Bucket');
const versionsIn = async (Bucket: string) => {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  return [...Versions, ...DeleteMarkers].length;
};
const left = () => Promise.all(buckets().map(({ ref }) => versionsIn(ref)));

/** What the function answers CloudFormation, which asks it to delete. */
async function destroy(): Promise<Record<string, string>> {
  const heard = Promise.withResolvers<string>();
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    response.end();
    heard.resolve(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const emptying = platform.cloud.provisioned.resources.find(
    ({ type, properties }) => type === 'AWS::Lambda::Function' && properties.Description.includes('empty-buckets'),
  );
  const event = {
    RequestType: 'Delete',
    ResponseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer`,
    StackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/Mutoscope-dev-Data/1',
    RequestId: 'request-1',
    LogicalResourceId: 'EmptiedBuckets',
    PhysicalResourceId: 'EmptiedBuckets',
  };
  const lambda = new LambdaClient(platform.cloud.client);
  await lambda.send(new InvokeCommand({ FunctionName: emptying?.ref ?? '', Payload: JSON.stringify(event) }));
  lambda.destroy();
  const answer = JSON.parse(await heard.promise) as Record<string, string>;
  server.close();
  return answer;
}

it('empties every bucket: objects, what they were before, what hides them, and what is locked by governance', async () => {
  for (const { ref: Bucket } of buckets()) {
    for (let index = 0; index < 3; index++)
      await s3.send(new PutObjectCommand({ Bucket, Key: 'heads/one', Body: `${index}` }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a/key with spaces & <signs>', Body: 'x' }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'heads/one' }));
  }
  expect(Math.min(...(await left()))).toBeGreaterThan(0);
  expect(await destroy()).toMatchObject({
    Status: 'SUCCESS',
    RequestId: 'request-1',
    PhysicalResourceId: 'EmptiedBuckets',
  });
  expect(await left()).toEqual(buckets().map(() => 0));
});

it('says which bucket holds what nobody can remove before its time, and what to do', async () => {
  const locked = buckets().find(({ properties }) => properties.ObjectLockEnabled)?.ref ?? '';
  // As a stage has them that kept its data until it was told otherwise.
  const compliance = {
    ObjectLockMode: 'COMPLIANCE',
    ObjectLockRetainUntilDate: new Date(Date.now() + 86_400_000),
  } as const;
  await s3.send(new PutObjectCommand({ Bucket: locked, Key: 'heads/kept', Body: 'x', ...compliance }));
  const { Status, Reason } = await destroy();
  expect(Status).toBe('FAILED');
  expect(Reason).toContain(`${locked}: heads/kept cannot be removed before its retention ends, by nobody`);
  expect(await versionsIn(locked)).toBe(1);
});
