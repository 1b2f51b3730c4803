import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askQueue, type Machines, only, ROLE, startMachines } from './states-machine.ts';

let machines: Machines;
let waiting: string;
beforeAll(async () => {
  machines = await startMachines();
  waiting = await machines.make(only({ Type: 'Wait', Seconds: 600, End: true }), 'Waiting');
});
afterAll(() => machines.stop());

const start = (input: { stateMachineArn?: string; name?: string; input?: string }) =>
  machines.sfn.send(new StartExecutionCommand({ stateMachineArn: waiting, ...input }));

describe('StartExecution', () => {
  test('twice with the same name and input answers the one execution', async () => {
    const first = await start({ name: 'same', input: '{"a":1}' });
    const second = await start({ name: 'same', input: '{"a":1}' });
    expect(second.executionArn).toBe(first.executionArn);
    expect(second.startDate).toEqual(first.startDate);
    const { events } = await machines.sfn.send(new GetExecutionHistoryCommand({ executionArn: first.executionArn }));
    expect(events?.filter(({ type }) => type === 'ExecutionStarted')).toHaveLength(1);
  });

  test('with the same name and another input, or after the end, answers ExecutionAlreadyExists', async () => {
    const { executionArn } = await start({ name: 'taken', input: '1' });
    await expect(start({ name: 'taken', input: '2' })).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await machines.sfn.send(new StopExecutionCommand({ executionArn }));
    await expect(start({ name: 'taken', input: '1' })).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });

  test('refuses a bad name, input or state machine', async () => {
    for (const name of ['a b', 'a/b', 'a:b', 'x'.repeat(81)]) {
      await expect(start({ name })).rejects.toMatchObject({ name: 'InvalidName' });
    }
    await expect(start({ input: '{' })).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
    await expect(start({ input: JSON.stringify('x'.repeat(262_144)) })).rejects.toMatchObject({
      name: 'InvalidExecutionInput',
    });
    const nowhere = start({ stateMachineArn: `${waiting}x` });
    await expect(nowhere).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
  });
});

test('StopExecution aborts an open execution and leaves an ended one as it is', async () => {
  const { executionArn } = await start({ name: 'stopped' });
  const stop = (error: string) => machines.sfn.send(new StopExecutionCommand({ executionArn, error, cause: 'asked' }));
  const { stopDate } = await stop('Unwanted');
  expect(await machines.describe(executionArn ?? '')).toMatchObject({
    status: 'ABORTED',
    error: 'Unwanted',
    cause: 'asked',
    stopDate,
  });
  expect((await stop('Again')).stopDate).toEqual(stopDate);
  expect((await machines.describe(executionArn ?? '')).error).toBe('Unwanted');
  expect((await machines.history(executionArn ?? '')).at(-1)?.type).toBe('ExecutionAborted');
});

test('ListExecutions pages from the newest on, and filters by status', async () => {
  const stateMachineArn = await machines.make(only({ Type: 'Wait', Seconds: 600, End: true }), 'Listed');
  for (const name of ['a', 'b', 'c', 'd', 'e']) await start({ stateMachineArn, name });
  const executionArn = `${stateMachineArn.replace('stateMachine', 'execution')}:c`;
  await machines.sfn.send(new StopExecutionCommand({ executionArn }));
  const names: (string | undefined)[][] = [];
  let nextToken: string | undefined;
  do {
    const page: { executions?: { name?: string | undefined }[] | undefined; nextToken?: string | undefined } =
      await machines.sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 2, nextToken }));
    names.push((page.executions ?? []).map(({ name }) => name));
    nextToken = page.nextToken;
  } while (nextToken);
  expect(names).toEqual([['e', 'd'], ['c', 'b'], ['a']]);
  const aborted = await machines.sfn.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'ABORTED' }));
  expect(aborted.executions?.map(({ name }) => name)).toEqual(['c']);
});

describe('GetExecutionHistory', () => {
  test('tells a task with a token in the order and with the details of AWS', async () => {
    const arn = await machines.start(only(askQueue({ TimeoutSeconds: 600, HeartbeatSeconds: 60, Assign: { v: 1 } })), {
      a: 1,
    });
    await machines.seen(arn, 'TaskSubmitted');
    const [taskToken] = machines.outside.tokens;
    await machines.sfn.send(new SendTaskSuccessCommand({ taskToken, output: '"out"' }));
    await machines.ended(arn);
    const events = await machines.history(arn);
    expect(events.map(({ id, previousEventId, type }) => [id, previousEventId, type])).toEqual([
      [1, 0, 'ExecutionStarted'],
      [2, 0, 'TaskStateEntered'],
      [3, 2, 'TaskScheduled'],
      [4, 3, 'TaskStarted'],
      [5, 4, 'TaskSubmitted'],
      [6, 5, 'TaskSucceeded'],
      [7, 6, 'TaskStateExited'],
      [8, 7, 'ExecutionSucceeded'],
    ]);
    expect(events[0]?.executionStartedEventDetails).toMatchObject({ input: '{"a":1}', roleArn: ROLE });
    expect(events[1]?.stateEnteredEventDetails).toMatchObject({ name: 'Only', input: '{"a":1}' });
    expect(events[2]?.taskScheduledEventDetails).toMatchObject({
      resourceType: 'sqs',
      resource: 'sendMessage.waitForTaskToken',
      region: 'us-east-1',
      timeoutInSeconds: 600,
      heartbeatInSeconds: 60,
    });
    expect(events[2]?.taskScheduledEventDetails?.parameters).toContain(taskToken);
    expect(events[6]?.stateExitedEventDetails).toMatchObject({ output: '"out"', assignedVariables: { v: '1' } });
  });

  test('pages, backwards too, and leaves data out on request', async () => {
    const States = Object.fromEntries(
      'abcd'
        .split('')
        .map((name, i, all) => [name, { Type: 'Pass', ...(all[i + 1] ? { Next: all[i + 1] } : { End: true }) }]),
    );
    const executionArn = await machines.start({ StartAt: 'a', States }, { secret: 1 });
    await machines.ended(executionArn);
    for (const reverseOrder of [false, true]) {
      const ids: (number | undefined)[] = [];
      let nextToken: string | undefined;
      do {
        const page: { events?: { id?: number | undefined }[] | undefined; nextToken?: string | undefined } =
          await machines.sfn.send(
            new GetExecutionHistoryCommand({
              executionArn,
              maxResults: 3,
              reverseOrder,
              nextToken,
              includeExecutionData: false,
            }),
          );
        expect(JSON.stringify(page.events)).not.toContain('secret');
        ids.push(...(page.events ?? []).map(({ id }) => id));
        nextToken = page.nextToken;
      } while (nextToken);
      const all = Array.from({ length: 10 }, (_, i) => i + 1);
      expect(ids).toEqual(reverseOrder ? all.reverse() : all);
    }
  });
});

test('state machines are described and listed', async () => {
  const described = await machines.sfn.send(new DescribeStateMachineCommand({ stateMachineArn: waiting }));
  expect(described).toMatchObject({ name: 'Test-Waiting', status: 'ACTIVE', type: 'STANDARD', roleArn: ROLE });
  expect(JSON.parse(described.definition ?? '')).toMatchObject({ StartAt: 'Only' });
  const { stateMachines } = await machines.sfn.send(new ListStateMachinesCommand({}));
  expect(stateMachines?.map(({ stateMachineArn }) => stateMachineArn)).toContain(waiting);
});

test('an operation and a parameter that are not supported are refused by name', async () => {
  const create = new CreateStateMachineCommand({ name: 'x', definition: '{}', roleArn: ROLE });
  await expect(machines.sfn.send(create)).rejects.toThrow('CreateStateMachine');
  const list = new ListExecutionsCommand({ stateMachineArn: waiting, redriveFilter: 'REDRIVEN' });
  await expect(machines.sfn.send(list)).rejects.toThrow('redriveFilter');
});

test('a caller without the permission is denied every operation', async () => {
  const stranger = new SFNClient(machines.cloud.clientAs('arn:aws:iam::000000000000:role/stranger'));
  const { executionArn } = await start({ name: 'private' });
  const asked = await machines.start(only(askQueue()));
  await machines.seen(asked, 'TaskSubmitted');
  const taskToken = machines.outside.tokens.at(-1);
  const denied = { name: 'AccessDeniedException' };
  await expect(stranger.send(new StartExecutionCommand({ stateMachineArn: waiting }))).rejects.toMatchObject(denied);
  await expect(stranger.send(new DescribeExecutionCommand({ executionArn }))).rejects.toMatchObject(denied);
  await expect(stranger.send(new GetExecutionHistoryCommand({ executionArn }))).rejects.toMatchObject(denied);
  await expect(stranger.send(new StopExecutionCommand({ executionArn }))).rejects.toMatchObject(denied);
  await expect(stranger.send(new ListExecutionsCommand({ stateMachineArn: waiting }))).rejects.toMatchObject(denied);
  await expect(stranger.send(new SendTaskSuccessCommand({ taskToken, output: '1' }))).rejects.toMatchObject(denied);
  expect((await machines.describe(asked)).status).toBe('RUNNING');
  stranger.destroy();
});
