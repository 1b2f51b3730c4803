/** The older protocol, as AWS CLI v1 and boto3 to 1.28 speak it. The SDK signs; its body is exchanged for a form before. */
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { childrenOf, childText, readXml, type XmlElement } from '../../lib/local/protocols/xml.ts';
import { createSqs } from '../../lib/local/sqs/sqs.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';

let cloud: EngineCloud;
let QueueUrl: string;

beforeAll(async () => {
  cloud = await startEngines([createSqs]);
  QueueUrl = (await cloud.make('AWS::SQS::Queue', 'Jobs', { VisibilityTimeout: 33 })).ref;
});
afterAll(() => cloud.stop());

interface HttpMessage {
  body: unknown;
  headers: Record<string, string>;
  statusCode: number;
}

/** Sends a form; answers the status and the XML. */
async function post(form: Record<string, string>): Promise<{ status: number; root: XmlElement }> {
  const client = new SQSClient(cloud.client);
  let answer = { status: 0, text: '' };
  client.middlewareStack.add(
    next => async args => {
      const request = args.request as HttpMessage;
      const body = new URLSearchParams({ Version: '2012-11-05', ...form }).toString();
      delete request.headers['x-amz-target'];
      Object.assign(request.headers, {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'content-length': String(Buffer.byteLength(body)),
      });
      request.body = body;
      return next(args);
    },
    { step: 'build', priority: 'low' },
  );
  client.middlewareStack.add(
    next => async args => {
      const { response } = (await next(args)) as { response: HttpMessage };
      const chunks: Buffer[] = [];
      for await (const chunk of response.body as AsyncIterable<Buffer>) chunks.push(chunk);
      answer = { status: response.statusCode, text: Buffer.concat(chunks).toString() };
      return { response, output: { $metadata: {} } };
    },
    { step: 'deserialize', priority: 'low' },
  );
  // The form has its answer; that it is none of ListQueues does not matter.
  await client.send(new ListQueuesCommand({})).catch(() => {});
  return { status: answer.status, root: readXml(answer.text) };
}

const inner = (element: XmlElement, ...path: string[]): XmlElement =>
  path.reduce((at, name) => childrenOf(at, name)[0] as XmlElement, element);

test('a message goes through send, receive and delete with its attributes', async () => {
  const sent = await post({
    Action: 'SendMessage',
    QueueUrl,
    MessageBody: 'a <b> & é',
    MessageGroupId: 'g',
    'MessageAttribute.1.Name': 'kind',
    'MessageAttribute.1.Value.StringValue': 'video',
    'MessageAttribute.1.Value.DataType': 'String',
  });
  expect(sent.root.name).toBe('SendMessageResponse');
  const id = childText(inner(sent.root, 'SendMessageResult'), 'MessageId');
  const received = await post({
    Action: 'ReceiveMessage',
    QueueUrl,
    MaxNumberOfMessages: '10',
    'AttributeName.1': 'All',
    'MessageAttributeName.1': 'kind',
  });
  const message = inner(received.root, 'ReceiveMessageResult', 'Message');
  expect([childText(message, 'MessageId'), childText(message, 'Body')]).toEqual([id, 'a <b> & é']);
  const attributes = childrenOf(message, 'Attribute').map(one => [childText(one, 'Name'), childText(one, 'Value')]);
  expect(Object.fromEntries(attributes)).toMatchObject({ MessageGroupId: 'g', ApproximateReceiveCount: '1' });
  expect(childText(inner(message, 'MessageAttribute'), 'Name')).toBe('kind');
  expect(childText(inner(message, 'MessageAttribute', 'Value'), 'StringValue')).toBe('video');
  const ReceiptHandle = childText(message, 'ReceiptHandle') ?? '';
  const deleted = await post({ Action: 'DeleteMessage', QueueUrl, ReceiptHandle });
  expect([deleted.status, deleted.root.name]).toEqual([200, 'DeleteMessageResponse']);
  const after = await post({ Action: 'GetQueueAttributes', QueueUrl, 'AttributeName.1': 'All' });
  const all = childrenOf(inner(after.root, 'GetQueueAttributesResult'), 'Attribute');
  expect(Object.fromEntries(all.map(one => [childText(one, 'Name'), childText(one, 'Value')]))).toMatchObject({
    VisibilityTimeout: '33',
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
  });
});

test('a batch answers one element for each entry', async () => {
  const { root } = await post({
    Action: 'SendMessageBatch',
    QueueUrl,
    'SendMessageBatchRequestEntry.1.Id': 'one',
    'SendMessageBatchRequestEntry.1.MessageBody': 'x',
    'SendMessageBatchRequestEntry.2.Id': 'two',
    'SendMessageBatchRequestEntry.2.MessageBody': 'x',
    'SendMessageBatchRequestEntry.2.DelaySeconds': '999',
  });
  const result = inner(root, 'SendMessageBatchResult');
  expect(childText(inner(result, 'SendMessageBatchResultEntry'), 'Id')).toBe('one');
  expect(childText(inner(result, 'BatchResultErrorEntry'), 'Code')).toBe('InvalidParameterValue');
});

test('an error has the older code', async () => {
  const { status, root } = await post({ Action: 'GetQueueUrl', QueueName: 'none' });
  expect(status).toBe(400);
  expect(childText(inner(root, 'Error'), 'Code')).toBe('AWS.SimpleQueueService.NonExistentQueue');
  const unknown = await post({ Action: 'AddPermission', QueueUrl });
  expect(childText(inner(unknown.root, 'Error'), 'Message')).toContain('AddPermission');
});

test('queues are listed, and their tags', async () => {
  await post({ Action: 'TagQueue', QueueUrl, 'Tag.1.Key': 'team', 'Tag.1.Value': 'video' });
  const tags = await post({ Action: 'ListQueueTags', QueueUrl });
  const tag = inner(tags.root, 'ListQueueTagsResult', 'Tag');
  expect([childText(tag, 'Key'), childText(tag, 'Value')]).toEqual(['team', 'video']);
  const { root } = await post({ Action: 'ListQueues' });
  expect(childText(inner(root, 'ListQueuesResult'), 'QueueUrl')).toBe(QueueUrl);
});
