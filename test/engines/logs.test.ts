/** CloudWatch Logs as `aws logs tail` and its like read it: what functions write, by group, stream, time and pattern. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLambda } from '../../lib/local/lambda/lambda.ts';
import { createLogs } from '../../lib/local/logs/logs.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';
import { FUNCTION_ROLE, makeFunction } from '../support/function-asset.ts';
import { callJson } from '../support/wire-call.ts';

interface Event {
  readonly timestamp: number;
  readonly message: string;
  readonly logStreamName: string;
  readonly eventId: string;
}
interface Page {
  readonly events: readonly Event[];
  readonly nextToken?: string;
  readonly nextForwardToken: string;
  readonly nextBackwardToken: string;
}

let cloud: EngineCloud;
beforeAll(async () => {
  cloud = await startEngines([createLogs, createLambda]);
});
afterAll(() => cloud.stop());

const logs = <Output = Page>(operation: string, input: object, client = cloud.client) =>
  callJson<Output>(client, { service: 'logs', target: `Logs_20140328.${operation}` }, input);
const messages = ({ events }: Page) => events.map(({ message }) => message);
const makeGroup = async (name: string, more: object = {}) => (await cloud.make('AWS::Logs::LogGroup', name, more)).ref;
const write = (group: string, text: string, stream = 'one') =>
  cloud.context.ports.writeLog?.({ group, stream, text, as: undefined });

describe('what a function writes', () => {
  const SOURCE = `console.log(JSON.stringify({ level: 'INFO', message: 'loading' }));
    export const handler = async event => {
      console.log(JSON.stringify({ level: event.level, message: 'told' }));
      if (event.level === 'ERROR') throw new Error('as told');
    };`;
  let group: string;
  beforeAll(async () => {
    group = await makeGroup('Told', { RetentionInDays: 30 });
    cloud.context.iam.allows = allowing(cloud.context.iam.allows.bind(cloud.context.iam), group);
    const { ref } = await makeFunction(cloud, 'Told', SOURCE, {
      LoggingConfig: { LogFormat: 'JSON', LogGroup: group },
    });
    const lambda = new LambdaClient(cloud.client);
    for (const level of ['INFO', 'ERROR']) {
      await lambda.send(new InvokeCommand({ FunctionName: ref, Payload: JSON.stringify({ level }) }));
    }
  });

  /** The role of the functions may write to that group. */
  function allowing(before: EngineCloud['context']['iam']['allows'], name: string): typeof before {
    return call =>
      before(call) ||
      (call.principal === FUNCTION_ROLE && call.action.startsWith('logs:') && call.resource.includes(`:${name}:`));
  }

  test('is in its log group, each line an event, in the order of their time', async () => {
    const page = await logs('FilterLogEvents', { logGroupName: group, interleaved: true });
    expect(messages(page)).toEqual([
      expect.stringMatching(/^START RequestId: \S+ Version: \$LATEST$/),
      expect.stringContaining('loading'),
      expect.stringContaining('told'),
      expect.stringMatching(/^END /),
      expect.stringMatching(/^REPORT .*Duration: .* ms/),
      expect.stringMatching(/^START /),
      expect.stringContaining('told'),
      expect.stringContaining('"errorMessage":"as told"'),
      expect.stringMatching(/^END /),
      expect.stringMatching(/^REPORT /),
    ]);
    expect(page.nextToken).toBeUndefined();
    const times = page.events.map(({ timestamp }) => timestamp);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(page.events.map(({ eventId }) => eventId)).size).toBe(10);
  });

  test('is in one stream for each environment, by the name that the function knows', async () => {
    const { logStreams } = await logs<{ logStreams: { logStreamName: string; lastEventTimestamp: number }[] }>(
      'DescribeLogStreams',
      { logGroupName: group, orderBy: 'LastEventTime', descending: true },
    );
    expect(logStreams).toMatchObject([
      { logStreamName: expect.stringMatching(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/) },
    ]);
    const logStreamName = logStreams[0]?.logStreamName;
    const page = await logs('GetLogEvents', { logGroupName: group, logStreamName, startFromHead: true, limit: 2 });
    expect(messages(page)).toEqual([expect.stringMatching(/^START/), expect.stringContaining('loading')]);
  });

  test('is found by a pattern', async () => {
    const found = async (filterPattern: string) =>
      messages(await logs('FilterLogEvents', { logGroupName: group, filterPattern }));
    expect(await found('REPORT')).toHaveLength(2);
    expect(await found('{ $.errorType = "Error" }')).toHaveLength(1);
    await expect(found('[a, b]')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('is not there where its role may not write logs', async () => {
    const silent = await makeGroup('Silent');
    const { ref } = await makeFunction(cloud, 'Silent', SOURCE, { LoggingConfig: { LogGroup: silent } });
    await new LambdaClient(cloud.client).send(new InvokeCommand({ FunctionName: ref, Payload: '{}' }));
    expect(messages(await logs('FilterLogEvents', { logGroupName: silent }))).toEqual([]);
  });
});

describe('a log group', () => {
  test('is listed with what the template says of it, and by its prefix or a part of its name', async () => {
    await makeGroup('Listed', { LogGroupName: '/aws/vendedlogs/states/listed', RetentionInDays: 7 });
    type Groups = { logGroups: { logGroupName: string; arn: string; retentionInDays?: number }[] };
    const { logGroups } = await logs<Groups>('DescribeLogGroups', { logGroupNamePrefix: '/aws/vended' });
    expect(logGroups).toMatchObject([
      {
        logGroupName: '/aws/vendedlogs/states/listed',
        arn: 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/states/listed:*',
        retentionInDays: 7,
      },
    ]);
    expect((await logs<Groups>('DescribeLogGroups', { logGroupNamePattern: 'LISTED' })).logGroups).toHaveLength(1);
  });

  test('is read page by page, each event once, forward and back', async () => {
    const logGroupName = await makeGroup('Paged');
    const all = Array.from({ length: 25 }, (_, i) => `line ${i}`);
    for (const line of all) write(logGroupName, `${line}\n`);
    const found: string[] = [];
    for (let nextToken: string | undefined = ''; nextToken !== undefined; ) {
      const page: Page = await logs('FilterLogEvents', { logGroupName, limit: 7, ...(nextToken && { nextToken }) });
      found.push(...messages(page));
      nextToken = page.nextToken;
    }
    expect(found).toEqual(all);
    const stream = { logGroupName, logStreamName: 'one', limit: 10 };
    const newest = await logs('GetLogEvents', stream);
    expect(messages(newest)).toEqual(all.slice(15));
    const before = await logs('GetLogEvents', { ...stream, nextToken: newest.nextBackwardToken });
    expect(messages(before)).toEqual(all.slice(5, 15));
    const end = await logs('GetLogEvents', { ...stream, nextToken: newest.nextForwardToken });
    expect([messages(end), end.nextForwardToken]).toEqual([[], newest.nextForwardToken]);
    write(logGroupName, 'later');
    expect(messages(await logs('GetLogEvents', { ...stream, nextToken: end.nextForwardToken }))).toEqual(['later']);
  });

  test('is read by time and by stream, and is the same after a restart', async () => {
    const logGroupName = await makeGroup('Timed');
    write(logGroupName, 'early', 'a/1');
    cloud.clock.advance(60_000);
    const startTime = cloud.clock.now();
    write(logGroupName, 'late', 'b/1');
    const filter = async (more: object) => messages(await logs('FilterLogEvents', { logGroupName, ...more }));
    expect(await filter({ startTime })).toEqual(['late']);
    expect(await filter({ endTime: startTime })).toEqual(['early']);
    expect(await filter({ logStreamNamePrefix: 'a/' })).toEqual(['early']);
    expect(await filter({ logStreamNames: ['b/1'] })).toEqual(['late']);
    write(logGroupName, 'last');
    cloud = await cloud.restart();
    expect(await filter({})).toEqual(['early', 'late', 'last']);
    const logGroupIdentifier = `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}`;
    expect(messages(await logs('FilterLogEvents', { logGroupIdentifier }))).toHaveLength(3);
  });

  test('keeps its newest 20,000 events, and those that its retention leaves', async () => {
    const count = async (logGroupName: string) => {
      let found = 0;
      for (let nextToken: string | undefined = ''; nextToken !== undefined; ) {
        const page: Page = await logs('FilterLogEvents', { logGroupName, ...(nextToken && { nextToken }) });
        found += page.events.length;
        nextToken = page.nextToken;
      }
      return found;
    };
    const many = await makeGroup('Many');
    for (let i = 0; i < 22_000; i++) write(many, `event ${i}`);
    expect(await count(many)).toBe(20_000);
    const short = await makeGroup('Short', { RetentionInDays: 1 });
    write(short, 'old', 'old');
    cloud.clock.advance(2 * 24 * 60 * 60 * 1000);
    for (let i = 0; i < 2000; i++) write(short, `event ${i}`);
    expect(await count(short)).toBe(2000);
    const { logStreams } = await logs<{ logStreams: unknown[] }>('DescribeLogStreams', { logGroupName: short });
    expect(logStreams).toHaveLength(1);
  });

  test('is read although nothing can be written, and has what was written meanwhile once there is room', async () => {
    const logGroupName = await makeGroup('Full');
    write(logGroupName, 'before');
    const read = async () => messages(await logs('FilterLogEvents', { logGroupName })).map(text => text.slice(0, 6));
    expect(await read()).toEqual(['before']);
    const { database } = cloud.context;
    // No page more than there are: SQLite says the same of a full disk.
    database.exec('VACUUM; PRAGMA max_page_count = 1');
    write(logGroupName, 'during'.repeat(20_000));
    expect(await read()).toEqual(['before']);
    database.exec('PRAGMA max_page_count = 1000000');
    expect(await read()).toEqual(['before', 'during']);
  });

  test('or a stream that is not there is refused as AWS does; so is an operation that only writes', async () => {
    const gone = { name: 'ResourceNotFoundException', message: 'The specified log group does not exist.' };
    await expect(logs('FilterLogEvents', { logGroupName: 'none' })).rejects.toMatchObject(gone);
    const logGroupName = await makeGroup('Streams');
    const stream = logs('GetLogEvents', { logGroupName, logStreamName: 'none' });
    await expect(stream).rejects.toThrow('The specified log stream does not exist.');
    await expect(logs('PutLogEvents', {})).rejects.toMatchObject({ name: 'UnknownOperationException' });
    await expect(logs('FilterLogEvents', {})).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('is read by those alone who may', async () => {
    const logGroupName = await makeGroup('Private');
    const reader = cloud.clientAs('arn:aws:iam::000000000000:role/Nobody');
    const refused = logs('FilterLogEvents', { logGroupName }, reader);
    await expect(refused).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
