import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetEventSourceMappingCommand, LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { EngineCloud } from '../support/engine-cloud.ts';
import {
  type Fed,
  fedFunction,
  makeTable,
  permitStream,
  STREAM_ACTIONS,
  startStreams,
} from '../support/fed-function.ts';
import { FUNCTION_ROLE, makeFunction } from '../support/function-asset.ts';

const MAPPING = 'AWS::Lambda::EventSourceMapping';
let cloud: EngineCloud;
let documents: DynamoDBDocumentClient;

const connect = (): void => {
  documents = DynamoDBDocumentClient.from(new DynamoDBClient({ ...cloud.client, maxAttempts: 1 }));
};
beforeAll(async () => {
  cloud = await startStreams();
  connect();
});
afterAll(() => cloud.stop());

const fed = (logicalId: string, work = '', properties = {}) => fedFunction(cloud, logicalId, work, properties);
async function put({ TableName }: Pick<Fed, 'TableName'>, keys: string, more = {}): Promise<void> {
  for (const pk of keys) await documents.send(new PutCommand({ TableName, Item: { pk, ...more } }));
}
/** Makes the mapping after the writes, so that they are in one page of the stream. */
async function fedAfter(keys: string, logicalId: string, work = '', properties = {}): Promise<Fed> {
  const table = await makeTable(cloud, logicalId);
  await put({ TableName: table.ref }, keys);
  return fed(logicalId, work, properties);
}
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 8000, interval: 20 });
const describeMapping = ({ mapping }: Fed) =>
  new LambdaClient({ ...cloud.client, maxAttempts: 1 }).send(new GetEventSourceMappingCommand({ UUID: mapping.ref }));
/** Resolves once the cloud knows that a batch has failed: its pause has then begun. */
const failed = (it: Fed) =>
  until(async () => expect((await describeMapping(it)).LastProcessingResult).toBe('PROBLEM: Function call failed'));
const SEQUENCE = /^1\d{20}$/;
/** Fails whatever has a `b` in it until it is mended. */
const UNLESS_MENDED = 'if (seen.includes("b") && !mended()) throw new Error("no b");';

describe('a function that is fed from a stream', () => {
  test('gets every change in order, in the shape of AWS', async () => {
    const it = await fed('Shape');
    await put(it, 'a');
    await put(it, 'a', { n: 1 });
    await documents.send(new DeleteCommand({ TableName: it.TableName, Key: { pk: 'a' } }));
    await until(() => expect(it.events().flat()).toHaveLength(3));
    const Keys = { pk: { S: 'a' } };
    const dynamodb = { Keys, SequenceNumber: expect.stringMatching(SEQUENCE), StreamViewType: 'NEW_AND_OLD_IMAGES' };
    const each = {
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      eventSourceARN: it.table.attributes.StreamArn,
    };
    const changed = { ...Keys, n: { N: '1' } };
    expect(it.events().flat()).toMatchObject([
      { ...each, eventName: 'INSERT', dynamodb: { ...dynamodb, NewImage: Keys } },
      { ...each, eventName: 'MODIFY', dynamodb: { ...dynamodb, OldImage: Keys, NewImage: changed } },
      { ...each, eventName: 'REMOVE', dynamodb: { ...dynamodb, OldImage: changed } },
    ]);
  });

  test('hears in the words of Lambda that an item was over', async () => {
    const it = await fed('Over');
    await put(it, 'a', { ttl: Math.floor(cloud.clock.now() / 1000) - 10 });
    cloud.clock.advance(60_000);
    await until(() => expect(it.events().flat()).toHaveLength(2));
    const userIdentity = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };
    expect(it.events().flat()[1]).toMatchObject({ eventName: 'REMOVE', userIdentity });
  });

  test('begins with the oldest record, or with the next, as it is told', async () => {
    const oldest = await fedAfter('ab', 'Oldest');
    const latest = await fedAfter('ab', 'Latest', '', { StartingPosition: 'LATEST' });
    await put(oldest, 'c');
    await put(latest, 'c');
    await until(() => expect([oldest.batches().join(''), latest.batches().join('')]).toEqual(['abc', 'c']));
  });

  test('gets as many records at a time as its batch size', async () => {
    const it = await fedAfter('abcde', 'Sized', '', { BatchSize: 2 });
    await until(() => expect(it.batches()).toEqual(['ab', 'cd', 'e']));
  });

  test('waits until the batch is full or its window is over', async () => {
    const it = await fed('Window', '', { BatchSize: 3, MaximumBatchingWindowInSeconds: 100 });
    await put(it, 'a');
    await sleep(300);
    await put(it, 'bcd');
    await until(() => expect(it.batches()).toEqual(['abc']));
    await sleep(300);
    expect(it.batches()).toHaveLength(1);
    cloud.clock.advance(100_000);
    await until(() => expect(it.batches()).toEqual(['abc', 'd']));
  });

  test('does not run while the mapping is disabled', async () => {
    const it = await fedAfter('a', 'Off', '', { Enabled: false });
    await sleep(300);
    expect(it.batches()).toEqual([]);
  });
});

describe('a filter', () => {
  const ofText = (leaf: unknown[]) => ({ dynamodb: { NewImage: { t: { S: leaf } } } });
  test.each<[string, unknown[], string]>([
    ['a value', [{ eventName: ['MODIFY'] }], 'c'],
    ['one of several', [ofText(['red', 'blue'])], 'ab'],
    ['a number, which is text', [{ dynamodb: { NewImage: { n: { N: ['7'] } } } }], 'b'],
    ['a prefix', [ofText([{ prefix: 'b' }])], 'bc'],
    ['anything but', [ofText([{ 'anything-but': ['red', 'blue'] }])], 'c'],
    ['anything but a prefix', [ofText([{ 'anything-but': { prefix: 'b' } }])], 'a'],
    ['what exists', [{ dynamodb: { NewImage: { n: { N: [{ exists: true }] } } } }], 'b'],
    ['what does not', [{ dynamodb: { NewImage: { t: { S: [{ exists: false }] } } } }], 'd'],
    ['both names', [{ eventName: ['INSERT'], ...ofText([{ prefix: 'bl' }]) }], 'b'],
    ['either pattern', [{ eventName: ['MODIFY'] }, ofText(['red'])], 'ac'],
  ])('lets through %s', async (name, patterns, keys) => {
    const Filters = patterns.map(pattern => ({ Pattern: JSON.stringify(pattern) }));
    const id = `Filter${name.replace(/\W/g, '')}`;
    const TableName = (await makeTable(cloud, id)).ref;
    await put({ TableName }, 'a', { t: 'red' });
    await put({ TableName }, 'b', { t: 'blue', n: 7 });
    await put({ TableName }, 'd', { other: true });
    const it = await fed(id, '', { FilterCriteria: { Filters }, StartingPosition: 'TRIM_HORIZON' });
    // The last record is of a change, so that one test can ask for that.
    await put({ TableName }, 'c', { t: 'brown' });
    await documents.send(new PutCommand({ TableName, Item: { pk: 'c', t: 'brown', again: true } }));
    const seen = () => [...new Set(it.batches().join(''))].sort().join('');
    await until(() => expect(seen()).toBe(keys));
    await sleep(150);
    expect(seen()).toBe(keys);
  });

  test.each([
    ['{"eventName":[{"numeric":[">",1]}]}', 'not {"numeric"'],
    ['{"eventName":[{"exists":"yes"}]}', 'not {"exists"'],
    ['{"eventName":"INSERT"}', 'eventName should be an object, or a list'],
    ['{"$or":[{"eventName":["INSERT"]}]}', 'does not know $or'],
    ['nonsense', 'should be the JSON of an event pattern'],
  ])('with a word that is not known is refused by name: %s', async (Pattern, message) => {
    const made = fed('Unknown', '', { FilterCriteria: { Filters: [{ Pattern }] } });
    await expect(made).rejects.toThrow(message);
  });
});

describe('a batch that fails', () => {
  test('is tried again, the same and after growing pauses, before what comes after it', async () => {
    const it = await fedAfter('ab', 'Again', UNLESS_MENDED);
    await until(() => expect(it.batches()).toEqual(['ab']));
    await put(it, 'c');
    for (const [pause, count] of [
      [1000, 2],
      [2000, 3],
      [4000, 4],
    ] as const) {
      // The pause begins once the failure is known.
      await sleep(200);
      cloud.clock.advance(pause - 700);
      await sleep(150);
      expect(it.batches()).toHaveLength(count - 1);
      cloud.clock.advance(700);
      await until(() => expect(it.batches()).toHaveLength(count));
    }
    it.mend();
    await sleep(200);
    cloud.clock.advance(60_000);
    await until(() => expect(it.batches()).toEqual(['ab', 'ab', 'ab', 'ab', 'ab', 'c']));
  });

  test('is given up after its retries, which a queue hears of, and the stream goes on', async () => {
    const queue = await cloud.make('AWS::SQS::Queue', 'GivenUp', {});
    cloud.context.iam.setResourcePolicy(String(queue.attributes.Arn), 'test', [
      { Effect: 'Allow', Principal: { AWS: FUNCTION_ROLE }, Action: 'sqs:SendMessage' },
    ]);
    const DestinationConfig = { OnFailure: { Destination: queue.attributes.Arn } };
    const it = await fedAfter('abc', 'Exhausted', UNLESS_MENDED, {
      BatchSize: 2,
      MaximumRetryAttempts: 1,
      DestinationConfig,
    });
    await until(() => expect(it.batches()).toEqual(['ab']));
    await failed(it);
    cloud.clock.advance(1000);
    await until(() => expect(it.batches()).toEqual(['ab', 'ab', 'c']));
    const [first, second] = it.events()[0] as { dynamodb: { SequenceNumber: string } }[];
    const receive = new ReceiveMessageCommand({ QueueUrl: queue.ref, WaitTimeSeconds: 5 });
    const { Messages } = await new SQSClient(cloud.client).send(receive);
    expect(JSON.parse(Messages?.[0]?.Body ?? '{}')).toMatchObject({
      version: '1.0',
      requestContext: {
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 2,
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:Test-ExhaustedFunction',
      },
      responseContext: { statusCode: 200, functionError: 'Unhandled' },
      DDBStreamBatchInfo: {
        batchSize: 2,
        streamArn: it.table.attributes.StreamArn,
        startSequenceNumber: first?.dynamodb.SequenceNumber,
        endSequenceNumber: second?.dynamodb.SequenceNumber,
      },
    });
  });

  test('is divided until the record that fails is alone, and only that one is given up', async () => {
    const it = await fedAfter('abcd', 'Divided', UNLESS_MENDED, {
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 0,
    });
    await until(() => expect(it.batches()).toEqual(['abcd', 'ab', 'a', 'b', 'cd']));
  });

  test('goes on after the records that the function reports as done', async () => {
    const report = `const at = event.Records.findIndex(record => record.dynamodb.Keys.pk.S === 'c');
      if (at < 0 || mended()) return { batchItemFailures: [] };
      const [later = event.Records[at]] = event.Records.slice(at + 1);
      const failed = [later, event.Records[at]].map(record => ({ itemIdentifier: record.dynamodb.SequenceNumber }));
      return { batchItemFailures: failed };`;
    const it = await fedAfter('abcd', 'Reported', report, { FunctionResponseTypes: ['ReportBatchItemFailures'] });
    await until(() => expect(it.batches()).toEqual(['abcd']));
    it.mend();
    await failed(it);
    cloud.clock.advance(1000);
    await until(() => expect(it.batches()).toEqual(['abcd', 'cd']));
  });

  test('fails as a whole where the report names no record of it', async () => {
    const report = 'return mended() ? null : { batchItemFailures: [{ itemIdentifier: "" }] };';
    const it = await fedAfter('ab', 'Misreported', report, { FunctionResponseTypes: ['ReportBatchItemFailures'] });
    await until(() => expect(it.batches()).toEqual(['ab']));
    it.mend();
    await failed(it);
    cloud.clock.advance(1000);
    await until(() => expect(it.batches()).toEqual(['ab', 'ab']));
  });

  test('loses the records that have become too old', async () => {
    const it = await fedAfter('ab', 'Aged', UNLESS_MENDED, { MaximumRecordAgeInSeconds: 60 });
    await until(() => expect(it.batches()).toEqual(['ab']));
    await failed(it);
    cloud.clock.advance(62_000);
    await put(it, 'c');
    await until(() => expect(it.batches()).toEqual(['ab', 'c']));
  });
});

describe('over a start', () => {
  test('a mapping goes on where it was, and a retry when it is due', async () => {
    // A new start has the time of day again, so this one begins with it.
    await cloud.stop();
    cloud = await startStreams();
    connect();
    const done = await fed('Kept');
    await put(done, 'ab');
    await until(() => expect(done.batches().join('')).toBe('ab'));
    const failing = await fedAfter('ab', 'KeptFailing', UNLESS_MENDED, { MaximumRetryAttempts: 1 });
    await until(() => expect(failing.batches()).toEqual(['ab']));
    await failed(failing);
    cloud = await cloud.restart();
    connect();
    const again = await fed('Kept');
    await put(again, 'c');
    await fed('KeptFailing', UNLESS_MENDED, { MaximumRetryAttempts: 1 });
    await put(failing, 'd');
    await until(() => expect(again.batches().join('')).toBe('abc'));
    // The second attempt is the last: the first one is remembered.
    cloud.clock.advance(1000);
    await until(() => expect(failing.batches()).toEqual(['ab', 'ab', 'd']));
  });

  test('a batch that kill -9 has cut short is delivered again, and none before it', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'killed-stream-'));
    const got = join(dataDir, 'Killed.got');
    const script = join(import.meta.dirname, '../support/cloud-with-stream.ts');
    const process = spawn(globalThis.process.execPath, [script, dataDir], { stdio: ['ignore', 'ignore', 'inherit'] });
    await until(() => expect(existsSync(got) && readFileSync(got, 'utf8').split('\n')).toHaveLength(3));
    process.kill('SIGKILL');
    await once(process, 'exit');
    const next = await startStreams(dataDir);
    const it = await fedFunction(next, 'Killed', '', { BatchSize: 1 });
    await until(() => expect(it.batches()).toEqual(['a', 'b', 'b', 'c']));
    await next.stop();
  });
});

describe('a mapping', () => {
  test('needs its function to be granted the stream, all of it', async () => {
    for (const missing of STREAM_ACTIONS) {
      const table = await makeTable(cloud, 'Granted');
      permitStream(
        cloud,
        table,
        STREAM_ACTIONS.filter(action => action !== missing),
      );
      const { ref } = await makeFunction(cloud, 'GrantedFunction', 'export const handler = () => 1;');
      const made = cloud.make(MAPPING, 'Granted', {
        FunctionName: ref,
        EventSourceArn: table.attributes.StreamArn,
        StartingPosition: 'LATEST',
      });
      await expect(made).rejects.toThrow(`Granted: the role of ${ref} needs to be granted ${missing} on`);
    }
  });

  test('waits while a grant is gone, and goes on when it is back', async () => {
    const it = await fed('Revoked');
    permitStream(
      cloud,
      it.table,
      STREAM_ACTIONS.filter(action => action !== 'dynamodb:GetRecords'),
    );
    await put(it, 'a');
    await sleep(300);
    expect(it.batches()).toEqual([]);
    permitStream(cloud, it.table);
    await until(() => expect(it.batches()).toEqual(['a']));
  });

  test('is described by the API', async () => {
    const it = await fed('Described', '', { BatchSize: 7, MaximumRetryAttempts: 2 });
    await put(it, 'a');
    await until(() => expect(it.batches()).toEqual(['a']));
    const lambda = new LambdaClient(cloud.client);
    const FunctionName = 'Test-DescribedFunction';
    const expected = {
      UUID: it.mapping.ref,
      EventSourceArn: it.table.attributes.StreamArn,
      FunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${FunctionName}`,
      State: 'Enabled',
      BatchSize: 7,
      MaximumRetryAttempts: 2,
      MaximumRecordAgeInSeconds: -1,
    };
    await until(async () =>
      expect(await describeMapping(it)).toMatchObject({ ...expected, LastProcessingResult: 'OK' }),
    );
    const list = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
    expect(list.EventSourceMappings).toMatchObject([expected]);
    const unknown = lambda.send(new GetEventSourceMappingCommand({ UUID: 'nothing' }));
    await expect(unknown).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test.each([
    [{ EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:queue' }, 'EventSourceArn: should be the stream of a table'],
    [{ StartingPosition: 'AT_TIMESTAMP' }, 'StartingPosition: the local cloud knows'],
    [{ ParallelizationFactor: 2 }, 'ParallelizationFactor: should be 1'],
    [{ BatchSize: 0 }, 'BatchSize: should be 1 to 10000'],
    [{ MaximumRecordAgeInSeconds: 30 }, 'MaximumRecordAgeInSeconds: should be 60 to'],
    [{ FunctionResponseTypes: ['Other'] }, 'should be ReportBatchItemFailures'],
    [{ TumblingWindowInSeconds: 10 }, 'does not know TumblingWindowInSeconds'],
    [{ DestinationConfig: { OnFailure: { Destination: 'arn:aws:s3:::bucket' } } }, 'should be an SQS queue'],
    [
      { DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:other' } } },
      'needs to be granted sqs:SendMessage on arn:aws:sqs:us-east-1:000000000000:other',
    ],
  ])('is refused by name: %j', async (properties, message) => {
    await expect(fed('Refused', '', properties)).rejects.toThrow(message);
  });
});
