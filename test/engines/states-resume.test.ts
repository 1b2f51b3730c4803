import {
  DescribeStateMachineForExecutionCommand,
  RedriveExecutionCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askQueue, handlerError, invoke, type Machines, only, startMachines } from './states-machine.ts';

let machines: Machines;
beforeEach(async () => {
  machines = await startMachines();
});
afterEach(() => machines.stop());

const succeed = (taskToken: string | undefined, output: unknown) =>
  machines.sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
const count = async (arn: string, type: string) =>
  (await machines.history(arn)).filter(event => event.type === type).length;

test('a Wait that a restart cuts in two ends when it would have', async () => {
  const arn = await machines.start(only({ Type: 'Wait', Seconds: 100, End: true }));
  await machines.seen(arn, 'WaitStateEntered');
  await machines.restart();
  machines.cloud.clock.advance(95_000);
  expect((await machines.describe(arn)).status).toBe('RUNNING');
  machines.cloud.clock.advance(6_000);
  expect((await machines.ended(arn)).status).toBe('SUCCEEDED');
  expect(await count(arn, 'WaitStateEntered')).toBe(1);
  expect(await count(arn, 'WaitStateExited')).toBe(1);
});

test('a task token stays valid over a restart, and its message is not sent again', async () => {
  const arn = await machines.start(only(askQueue({ TimeoutSeconds: 600 })));
  await machines.seen(arn, 'TaskSubmitted');
  await machines.restart();
  await succeed(machines.outside.tokens[0], 'kept');
  expect((await machines.ended(arn)).output).toBe('"kept"');
  expect(machines.outside.messages).toHaveLength(1);
});

test('timeouts and heartbeats run on over a restart', async () => {
  const States = {
    Only: askQueue({ HeartbeatSeconds: 50, Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'Late' }] }),
    Late: { Type: 'Succeed', Output: 'late' },
  };
  const arn = await machines.start({ StartAt: 'Only', States });
  await machines.seen(arn, 'TaskSubmitted');
  await machines.restart();
  machines.cloud.clock.advance(40_000);
  await machines.sfn.send(new SendTaskHeartbeatCommand({ taskToken: machines.outside.tokens[0] }));
  machines.cloud.clock.advance(40_000);
  expect((await machines.describe(arn)).status).toBe('RUNNING');
  machines.cloud.clock.advance(11_000);
  expect((await machines.ended(arn)).output).toBe('"late"');
});

test('a retry that was due during a restart happens once', async () => {
  machines.outside.onInvoke = payload => (machines.outside.invocations.length === 1 ? handlerError('Busy') : payload);
  const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 60, MaxAttempts: 1 }];
  const arn = await machines.start(only(invoke({ Retry })), 'x');
  await machines.seen(arn, 'TaskFailed');
  await machines.restart();
  expect(machines.outside.invocations).toHaveLength(1);
  machines.cloud.clock.advance(61_000);
  expect((await machines.ended(arn)).output).toBe('"x"');
  expect(machines.outside.invocations).toHaveLength(2);
});

test('a function in flight at the restart is invoked again, and the answer of the first call is dropped', async () => {
  let answerFirst = (_: unknown): void => {};
  machines.outside.onInvoke = () =>
    machines.outside.invocations.length === 1 ? new Promise(resolve => (answerFirst = resolve)) : 'second';
  const arn = await machines.start(only(invoke()));
  await machines.seen(arn, 'TaskStarted');
  await machines.restart();
  answerFirst('first');
  expect((await machines.ended(arn)).output).toBe('"second"');
  expect(await count(arn, 'TaskScheduled')).toBe(1);
  expect(await count(arn, 'TaskSucceeded')).toBe(1);
});

test('a Map goes on with the iterations that had not ended', async () => {
  const Each = askQueue({ Output: '{% $states.result %}' });
  const state = { Type: 'Map', Items: '{% $states.input %}', MaxConcurrency: 2, End: true };
  const arn = await machines.start(only({ ...state, ItemProcessor: { StartAt: 'Each', States: { Each } } }), [1, 2, 3]);
  await machines.seen(arn, 'TaskSubmitted', 2);
  await succeed(machines.outside.tokens[0], 'a');
  await machines.seen(arn, 'TaskSubmitted', 3);
  await machines.restart();
  await succeed(machines.outside.tokens[2], 'c');
  await succeed(machines.outside.tokens[1], 'b');
  const [first, second, third] = machines.outside.messages.map(({ body }) => (JSON.parse(body) as { job: number }).job);
  const byJob = new Map([
    [first, 'a'],
    [second, 'b'],
    [third, 'c'],
  ]);
  expect(JSON.parse((await machines.ended(arn)).output ?? '')).toEqual([1, 2, 3].map(job => byJob.get(job)));
  expect(machines.outside.messages).toHaveLength(3);
});

test('the TimeoutSeconds of the machine run on over a restart', async () => {
  const arn = await machines.start({ TimeoutSeconds: 60, ...only(askQueue()) });
  await machines.seen(arn, 'TaskSubmitted');
  await machines.restart();
  machines.cloud.clock.advance(61_000);
  expect((await machines.ended(arn)).status).toBe('TIMED_OUT');
});

test('an execution keeps the definition that it started with', async () => {
  const definition = (said: string) => ({
    StartAt: 'Ask',
    States: { Ask: askQueue({ Next: 'Say', End: undefined }), Say: { Type: 'Succeed', Output: said } },
  });
  await machines.make(definition('old'), 'Changing');
  const arn = await machines.start(definition('old'));
  await machines.seen(arn, 'TaskSubmitted');
  await machines.make(definition('new'), 'Machine1');
  await machines.restart();
  await succeed(machines.outside.tokens[0], null);
  expect((await machines.ended(arn)).output).toBe('"old"');
  const described = await machines.sfn.send(new DescribeStateMachineForExecutionCommand({ executionArn: arn }));
  expect(described.definition).toContain('"old"');
});

test('a redrive runs again what failed, and nothing that had succeeded', async () => {
  machines.outside.onInvoke = payload =>
    payload === 2 && machines.outside.invocations.length < 4 ? handlerError('Bad') : payload;
  const state = { Type: 'Map', Items: '{% $states.input %}', MaxConcurrency: 1, End: true };
  const definition = only({ ...state, ItemProcessor: { StartAt: 'Each', States: { Each: invoke() } } });
  const arn = await machines.start(definition, [1, 2, 3]);
  expect(await machines.ended(arn)).toMatchObject({ status: 'FAILED', redriveStatus: 'REDRIVABLE' });
  machines.outside.onInvoke = payload => payload;
  await machines.sfn.send(new RedriveExecutionCommand({ executionArn: arn }));
  const ended = await machines.ended(arn);
  expect(ended).toMatchObject({ status: 'SUCCEEDED', output: '[1,2,3]', redriveCount: 1 });
  expect(machines.outside.invocations.map(({ payload }) => payload)).toEqual([1, 2, 2, 3]);
  await expect(machines.sfn.send(new RedriveExecutionCommand({ executionArn: arn }))).rejects.toMatchObject({
    name: 'ExecutionNotRedrivable',
  });
});
