import { createHash } from 'node:crypto';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  QueueDoesNotExist,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSqs } from '../../lib/local/sqs/sqs.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';

let cloud: EngineCloud;
let sqs: SQSClient;

beforeEach(async () => {
  cloud = await startEngines([createSqs]);
  sqs = new SQSClient(cloud.client);
});
afterEach(() => cloud.stop());

async function makeQueue(name: string, properties: object = {}) {
  const { ref, attributes } = await cloud.make('AWS::SQS::Queue', name, { QueueName: name, ...properties });
  return { QueueUrl: ref, arn: attributes.Arn as string };
}
const send = (QueueUrl: string, MessageBody: string, more: object = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
async function receive(QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
  return (await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...more }))).Messages ?? [];
}
async function counts(QueueUrl: string): Promise<string> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return ['', 'NotVisible', 'Delayed']
    .map(kind => Attributes?.[`ApproximateNumberOfMessages${kind}` as never])
    .join(' ');
}

describe('a message', () => {
  test('arrives with its body, attributes, MD5s and system attributes, and is gone once deleted', async () => {
    const { QueueUrl } = await makeQueue('q');
    const MessageAttributes = {
      kind: { DataType: 'String', StringValue: 'é' },
      'number.count': { DataType: 'Number', StringValue: '7' },
      raw: { DataType: 'Binary.png', BinaryValue: Buffer.from([1, 2, 255]) },
    };
    const sent = await send(QueueUrl, 'body <&> é', { MessageAttributes, MessageGroupId: 'acct-1' });
    expect(sent.MD5OfMessageBody).toBe(createHash('md5').update('body <&> é').digest('hex'));
    const [message] = await receive(QueueUrl, { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] });
    expect(message).toMatchObject({
      Body: 'body <&> é',
      MessageId: sent.MessageId,
      MessageAttributes: { kind: { StringValue: 'é' } },
    });
    expect(message?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
    expect(Buffer.from(message?.MessageAttributes?.raw?.BinaryValue ?? [])).toEqual(Buffer.from([1, 2, 255]));
    expect(message?.Attributes).toMatchObject({ ApproximateReceiveCount: '1', MessageGroupId: 'acct-1' });
    expect(Number(message?.Attributes?.SentTimestamp)).toBeGreaterThan(Date.now() - 10_000);
    expect(await counts(QueueUrl)).toBe('0 1 0');
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
    expect(await counts(QueueUrl)).toBe('0 0 0');
  });

  test("has AWS's digest of its attributes", async () => {
    const { QueueUrl } = await makeQueue('q');
    const MessageAttributes = { test_attribute: { DataType: 'String', StringValue: 'test_value' } };
    // Computed by hand from the algorithm in the SQS Developer Guide.
    const parts = ['test_attribute', 'String'].map(text => Buffer.concat([length(text), Buffer.from(text)]));
    const value = Buffer.concat([Buffer.of(1), length('test_value'), Buffer.from('test_value')]);
    const digest = createHash('md5')
      .update(Buffer.concat([...parts, value]))
      .digest('hex');
    expect((await send(QueueUrl, 'x', { MessageAttributes })).MD5OfMessageAttributes).toBe(digest);
  });

  test('comes back after its visibility timeout, counted again', async () => {
    const { QueueUrl } = await makeQueue('q', { VisibilityTimeout: 60 });
    await send(QueueUrl, 'x');
    const [first] = await receive(QueueUrl);
    cloud.clock.advance(59_000);
    expect(await receive(QueueUrl)).toEqual([]);
    cloud.clock.advance(1_000);
    const [again] = await receive(QueueUrl, { MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
    expect(again?.Attributes?.ApproximateReceiveCount).toBe('2');
    expect(again?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
  });

  test('deleted by the handle of an earlier receive stays, and by the latest after its timeout goes', async () => {
    const { QueueUrl } = await makeQueue('q', { VisibilityTimeout: 1 });
    await send(QueueUrl, 'x');
    const [first] = await receive(QueueUrl);
    cloud.clock.advance(1_000);
    const [second] = await receive(QueueUrl);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    cloud.clock.advance(1_000);
    expect(await counts(QueueUrl)).toBe('1 0 0');
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));
    expect(await counts(QueueUrl)).toBe('0 0 0');
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: second?.ReceiptHandle }));
  });

  test('is kept in flight longer, or given back, by ChangeMessageVisibility', async () => {
    const { QueueUrl } = await makeQueue('q', { VisibilityTimeout: 10 });
    await send(QueueUrl, 'x');
    const [{ ReceiptHandle } = {}] = await receive(QueueUrl);
    const change = (VisibilityTimeout: number) =>
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
    await change(100);
    cloud.clock.advance(99_000);
    expect(await receive(QueueUrl)).toEqual([]);
    await expect(change(43_200)).rejects.toThrow('beyond the limit');
    await change(0);
    await expect(change(5)).rejects.toMatchObject({ name: 'MessageNotInflight' });
    expect(await receive(QueueUrl)).toHaveLength(1);
    await expect(change(5)).rejects.toThrow('not available for visibility timeout change');
  });

  test('is delayed by its own delay or the queue’s, and dropped at the end of its retention', async () => {
    const { QueueUrl } = await makeQueue('q', { DelaySeconds: 5, MessageRetentionPeriod: 60 });
    await send(QueueUrl, 'queue delay');
    await send(QueueUrl, 'own delay', { DelaySeconds: 50 });
    expect(await counts(QueueUrl)).toBe('0 0 2');
    cloud.clock.advance(5_000);
    expect(
      (await receive(QueueUrl, { MaxNumberOfMessages: 10, VisibilityTimeout: 0 })).map(({ Body }) => Body),
    ).toEqual(['queue delay']);
    cloud.clock.advance(45_000);
    expect(await counts(QueueUrl)).toBe('2 0 0');
    cloud.clock.advance(11_000);
    expect(await counts(QueueUrl)).toBe('0 0 0');
  });

  test('of more than 1 MiB, or with what XML cannot hold, is refused', async () => {
    const { QueueUrl } = await makeQueue('q');
    await send(QueueUrl, 'x'.repeat(1_048_576));
    await expect(send(QueueUrl, 'x'.repeat(1_048_577))).rejects.toThrow('Message must be shorter than 1048576 bytes');
    await expect(send(QueueUrl, '\u0000')).rejects.toMatchObject({ name: 'InvalidMessageContents' });
    await expect(send(QueueUrl, '')).rejects.toThrow('MessageBody');
  });
});

describe('a handle', () => {
  test('that never was one, or is of another queue, is refused', async () => {
    const { QueueUrl } = await makeQueue('q');
    const other = await makeQueue('other');
    await send(QueueUrl, 'x');
    const [{ ReceiptHandle } = {}] = await receive(QueueUrl);
    const bogus = sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'bogus' }));
    await expect(bogus).rejects.toBeInstanceOf(ReceiptHandleIsInvalid);
    const foreign = sqs.send(new DeleteMessageCommand({ QueueUrl: other.QueueUrl, ReceiptHandle }));
    await expect(foreign).rejects.toBeInstanceOf(ReceiptHandleIsInvalid);
  });
});

describe('receivers', () => {
  test('at once never share a message, and together get every one', async () => {
    const { QueueUrl } = await makeQueue('q');
    for (let batch = 0; batch < 10; batch++) {
      const Entries = Array.from({ length: 10 }, (_, n) => ({
        Id: `${n}`,
        MessageBody: `${batch}-${n}`,
        MessageGroupId: `g${n % 3}`,
      }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    }
    const bodies: (string | undefined)[] = [];
    const consumer = async () => {
      for (
        let got = await receive(QueueUrl, { MaxNumberOfMessages: 7 });
        got.length > 0;
        got = await receive(QueueUrl, { MaxNumberOfMessages: 7 })
      ) {
        bodies.push(...got.map(({ Body }) => Body));
      }
    };
    await Promise.all(Array.from({ length: 8 }, consumer));
    expect(bodies).toHaveLength(100);
    expect(new Set(bodies).size).toBe(100);
  });

  test('in a long poll wake at once for a new message, and exactly one gets it', async () => {
    const { QueueUrl } = await makeQueue('q', { ReceiveMessageWaitTimeSeconds: 20 });
    const polls = [1, 2, 3].map(() => receive(QueueUrl));
    const began = performance.now();
    await send(QueueUrl, 'now');
    expect((await Promise.race(polls)).map(({ Body }) => Body)).toEqual(['now']);
    expect(performance.now() - began).toBeLessThan(2_000);
    cloud.clock.advance(20_000);
    expect((await Promise.all(polls)).flat()).toHaveLength(1);
  });

  test('in a long poll wake when a visibility timeout ends', async () => {
    const { QueueUrl } = await makeQueue('q', { VisibilityTimeout: 15 });
    await send(QueueUrl, 'x');
    await receive(QueueUrl);
    const poll = receive(QueueUrl, { WaitTimeSeconds: 20 });
    const early = await Promise.race([poll, counts(QueueUrl).then(() => 'still waiting')]);
    expect(early).toBe('still waiting');
    cloud.clock.advance(15_000);
    expect(await poll).toHaveLength(1);
  });

  test('that hung up in a long poll take nothing', async () => {
    const { QueueUrl } = await makeQueue('q');
    const controller = new AbortController();
    const poll = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: controller.signal,
    });
    poll.catch(() => {});
    for (let n = 0; n < 20; n++) await counts(QueueUrl);
    controller.abort();
    await expect(poll).rejects.toThrow();
    for (let n = 0; n < 20; n++) await counts(QueueUrl);
    await send(QueueUrl, 'for the living');
    expect(await counts(QueueUrl)).toBe('1 0 0');
  });
});

describe('fair delivery', () => {
  test('a single message of a quiet group is next, though another group sent 200 before it', async () => {
    const { QueueUrl } = await makeQueue('q');
    for (let batch = 0; batch < 20; batch++) {
      const Entries = Array.from({ length: 10 }, (_, n) => ({
        Id: `${n}`,
        MessageBody: `loud ${batch * 10 + n}`,
        MessageGroupId: 'loud',
      }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    }
    expect((await receive(QueueUrl)).map(({ Body }) => Body)).toEqual(['loud 0']);
    await send(QueueUrl, 'quiet', { MessageGroupId: 'quiet' });
    expect((await receive(QueueUrl)).map(({ Body }) => Body)).toEqual(['quiet']);
    expect((await receive(QueueUrl)).map(({ Body }) => Body)).toEqual(['loud 1']);
  });

  test('a single consumer that takes one message at a time serves groups in turn', async () => {
    const { QueueUrl } = await makeQueue('q');
    for (let n = 0; n < 6; n++) await send(QueueUrl, `loud ${n}`, { MessageGroupId: 'loud' });
    const order: string[] = [];
    for (let turn = 0; turn < 6; turn++) {
      if (turn === 1) await send(QueueUrl, 'quiet 0', { MessageGroupId: 'quiet' });
      if (turn === 2) await send(QueueUrl, 'quiet 1', { MessageGroupId: 'quiet' });
      const [message] = await receive(QueueUrl);
      order.push(message?.Body ?? '');
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
    }
    expect(order).toEqual(['loud 0', 'quiet 0', 'loud 1', 'quiet 1', 'loud 2', 'loud 3']);
  });

  test('ten slots go evenly to three groups with unequal backlogs', async () => {
    const { QueueUrl } = await makeQueue('q');
    for (const [group, size] of [
      ['a', 40],
      ['b', 20],
      ['c', 5],
    ] as const) {
      for (let n = 0; n < size; n++) await send(QueueUrl, group, { MessageGroupId: group });
    }
    const taken = [
      ...(await receive(QueueUrl, { MaxNumberOfMessages: 4 })),
      ...(await receive(QueueUrl, { MaxNumberOfMessages: 5 })),
    ];
    const held = Object.groupBy(taken, ({ Body }) => Body ?? '');
    expect([held.a?.length, held.b?.length, held.c?.length]).toEqual([3, 3, 3]);
  });

  test('messages without a group come oldest first', async () => {
    const { QueueUrl } = await makeQueue('q');
    for (let n = 0; n < 5; n++) await send(QueueUrl, `${n}`);
    const got = await receive(QueueUrl, { MaxNumberOfMessages: 5 });
    expect(got.map(({ Body }) => Body)).toEqual(['0', '1', '2', '3', '4']);
  });
});

describe('dead letters', () => {
  test('go to their queue after maxReceiveCount receives, and back by a move task', async () => {
    const dead = await makeQueue('dead');
    const RedrivePolicy = { deadLetterTargetArn: dead.arn, maxReceiveCount: 2 };
    const { QueueUrl, arn } = await makeQueue('q', { RedrivePolicy, VisibilityTimeout: 10 });
    const { MessageId } = await send(QueueUrl, 'poison');
    for (let n = 0; n < 2; n++) {
      expect(await receive(QueueUrl)).toHaveLength(1);
      cloud.clock.advance(10_000);
    }
    expect(await receive(QueueUrl)).toEqual([]);
    expect(await counts(QueueUrl)).toBe('0 0 0');
    const [letter] = await receive(dead.QueueUrl, { VisibilityTimeout: 0, MessageSystemAttributeNames: ['All'] });
    expect(letter).toMatchObject({ MessageId, Body: 'poison', Attributes: { DeadLetterQueueSourceArn: arn } });
    const sources = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead.QueueUrl }));
    expect(sources.queueUrls).toEqual([QueueUrl]);
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn }));
    expect((await receive(QueueUrl)).map(({ Body }) => Body)).toEqual(['poison']);
    const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: dead.arn }));
    expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
    await expect(sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn }))).rejects.toThrow('Dead Letter Queue');
  });

  test('are not made by a policy whose queue does not exist', async () => {
    const RedrivePolicy = { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:none', maxReceiveCount: 1 };
    await expect(makeQueue('q', { RedrivePolicy })).rejects.toThrow('q: the dead-letter queue');
  });

  test('are not made where their queue does not take them', async () => {
    const dead = await makeQueue('dead', { RedriveAllowPolicy: { redrivePermission: 'denyAll' } });
    const RedrivePolicy = { deadLetterTargetArn: dead.arn, maxReceiveCount: 1 };
    await expect(makeQueue('q', { RedrivePolicy })).rejects.toThrow('RedriveAllowPolicy');
    const { QueueUrl } = await makeQueue('q');
    const Attributes = { RedrivePolicy: JSON.stringify(RedrivePolicy) };
    const set = sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    await expect(set).rejects.toThrow('does not allow this queue');
  });
});

describe('a restart', () => {
  test('keeps what is visible, what is in flight until its time, and its handles', async () => {
    const { QueueUrl } = await makeQueue('q', { VisibilityTimeout: 600 });
    await send(QueueUrl, 'held');
    await send(QueueUrl, 'waiting');
    const [{ ReceiptHandle } = {}] = await receive(QueueUrl);
    cloud = await cloud.restart();
    sqs = new SQSClient(cloud.client);
    const { QueueUrl: url = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'q' }));
    expect(await counts(url)).toBe('1 1 0');
    expect((await receive(url)).map(({ Body }) => Body)).toEqual(['waiting']);
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
    cloud.clock.advance(600_000);
    expect((await receive(url, { MaxNumberOfMessages: 10 })).map(({ Body }) => Body)).toEqual(['waiting']);
  });
});

describe('a batch', () => {
  test('answers each entry on its own', async () => {
    const { QueueUrl } = await makeQueue('q');
    const Entries = [
      { Id: 'good', MessageBody: 'x' },
      { Id: 'bad', MessageBody: 'x', DelaySeconds: 901 },
    ];
    const { Successful, Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidParameterValue', SenderFault: true }]);
    const [message] = await receive(QueueUrl);
    const handles = [
      { Id: '1', ReceiptHandle: message?.ReceiptHandle },
      { Id: '2', ReceiptHandle: 'nonsense' },
    ];
    const deleted = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: handles }));
    expect(deleted.Successful).toEqual([{ Id: '1' }]);
    expect(deleted.Failed).toMatchObject([{ Id: '2', Code: 'ReceiptHandleIsInvalid' }]);
  });

  test.each([
    ['no entry', [], 'EmptyBatchRequest'],
    [
      'eleven entries',
      Array.from({ length: 11 }, (_, n) => ({ Id: `${n}`, MessageBody: 'x' })),
      'TooManyEntriesInBatchRequest',
    ],
    ['an id twice', [1, 2].map(() => ({ Id: 'a', MessageBody: 'x' })), 'BatchEntryIdsNotDistinct'],
    ['more than 1 MiB', ['a', 'b'].map(Id => ({ Id, MessageBody: 'x'.repeat(600_000) })), 'BatchRequestTooLong'],
  ])('of %s is refused whole', async (_, Entries, name) => {
    const { QueueUrl } = await makeQueue('q');
    await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).rejects.toMatchObject({ name });
    expect(await counts(QueueUrl)).toBe('0 0 0');
  });
});

describe('a queue', () => {
  test('has the attributes of its template, changes by SetQueueAttributes, and is listed', async () => {
    const { QueueUrl, arn } = await makeQueue('q', { VisibilityTimeout: 42, SqsManagedSseEnabled: true });
    await makeQueue('other');
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '3' } }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({
      QueueArn: arn,
      VisibilityTimeout: '42',
      DelaySeconds: '3',
      SqsManagedSseEnabled: 'true',
    });
    expect((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'q' }))).QueueUrls).toEqual([QueueUrl]);
    const first = await sqs.send(new ListQueuesCommand({ MaxResults: 1 }));
    const second = await sqs.send(new ListQueuesCommand({ MaxResults: 1, NextToken: first.NextToken }));
    expect([first.QueueUrls?.[0]?.endsWith('/other'), second.QueueUrls]).toEqual([true, [QueueUrl]]);
    const wrong = sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '43201' } }));
    await expect(wrong).rejects.toMatchObject({ name: 'InvalidAttributeValue' });
  });

  test('is emptied by PurgeQueue, but only once a minute', async () => {
    const { QueueUrl } = await makeQueue('q');
    await send(QueueUrl, 'x');
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    expect(await counts(QueueUrl)).toBe('0 0 0');
    await expect(sqs.send(new PurgeQueueCommand({ QueueUrl }))).rejects.toMatchObject({ name: 'PurgeQueueInProgress' });
    cloud.clock.advance(60_000);
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  });

  test('that does not exist is an error of its own, with the older code beside it', async () => {
    const missing = sqs.send(new GetQueueUrlCommand({ QueueName: 'none' }));
    await expect(missing).rejects.toBeInstanceOf(QueueDoesNotExist);
    await expect(missing).rejects.toMatchObject({ Code: 'AWS.SimpleQueueService.NonExistentQueue' });
  });

  test('with a property that is not carried out stops the boot by name', async () => {
    await expect(makeQueue('Orders', { FifoQueue: true })).rejects.toThrow(
      'Orders (AWS::SQS::Queue): the local cloud does not know FifoQueue',
    );
  });

  test('is not made by CreateQueue, which is refused by name', async () => {
    await expect(sqs.send(new CreateQueueCommand({ QueueName: 'x' }))).rejects.toThrow(
      'does not have the operation CreateQueue',
    );
  });
});

describe('permission', () => {
  const role = 'arn:aws:iam::000000000000:role/Worker';
  const allow = (QueueUrl: string, Action: string) => ({
    Queues: [QueueUrl],
    PolicyDocument: {
      Statement: [
        { Effect: 'Allow', Principal: { AWS: role }, Action },
        { Effect: 'Deny', Principal: '*', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ],
    },
  });

  test('is needed for each action: one allowed to send may not receive', async () => {
    const { QueueUrl, arn } = await makeQueue('q');
    await cloud.make('AWS::SQS::QueuePolicy', 'Policy', allow(QueueUrl, 'sqs:SendMessage'));
    const worker = new SQSClient(cloud.clientAs(role));
    await worker.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    const refused = worker.send(new ReceiveMessageCommand({ QueueUrl }));
    await expect(refused).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    await expect(refused).rejects.toThrow(`sqs:ReceiveMessage on resource: ${arn}`);
  });

  test('is asked of the role on whose behalf another service sends', async () => {
    const { QueueUrl } = await makeQueue('q');
    const call = { queueUrl: QueueUrl, body: 'from a state machine', groupId: 'g', as: role };
    await expect(cloud.context.ports.sendMessage(call)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    await cloud.make('AWS::SQS::QueuePolicy', 'Policy', allow(QueueUrl, 'sqs:SendMessage'));
    const { messageId } = await cloud.context.ports.sendMessage(call);
    const [message] = await receive(QueueUrl, { AttributeNames: ['All'] });
    expect(message).toMatchObject({ MessageId: messageId, Body: 'from a state machine' });
    expect(message?.Attributes).toMatchObject({ MessageGroupId: 'g', SenderId: role });
  });
});

function length(text: string): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(Buffer.byteLength(text));
  return bytes;
}
