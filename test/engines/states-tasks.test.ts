import { SendTaskFailureCommand, SendTaskHeartbeatCommand, SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AwsError } from '../../lib/local/service.ts';
import {
  askQueue,
  FUNCTION,
  handlerError,
  invoke,
  type Machines,
  only,
  QUEUE,
  ROLE,
  startMachines,
} from './states-machine.ts';

let machines: Machines;
beforeEach(async () => {
  machines = await startMachines();
});
afterEach(() => machines.stop());

const succeed = (taskToken: string | undefined, output: unknown = 'done') =>
  machines.sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
const lastToken = () => machines.outside.tokens.at(-1);
const pause = () => new Promise(resolve => setTimeout(resolve, 20));

describe('lambda:invoke', () => {
  test('gives the payload to the function as the role of the machine, and has its answer as $states.result', async () => {
    machines.outside.onInvoke = payload => ({ got: payload });
    const { output } = await machines.run(only(invoke({ Output: '{% $states.result %}' })), { a: 1 });
    expect(JSON.parse(output ?? '')).toMatchObject({
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      Payload: { got: { a: 1 } },
    });
    expect(machines.outside.invocations).toEqual([{ functionArn: FUNCTION, payload: { a: 1 }, as: ROLE }]);
  });

  test('a handler that throws fails the task with the type of its error, and the whole error as the cause', async () => {
    machines.outside.onInvoke = () => handlerError('TooHot', 'ouch');
    const ended = await machines.run(only(invoke()));
    expect(ended).toMatchObject({ status: 'FAILED', error: 'TooHot' });
    expect(JSON.parse(ended.cause ?? '')).toMatchObject({ errorType: 'TooHot', errorMessage: 'ouch' });
  });

  test('a service error has the name that Step Functions gives it', async () => {
    machines.outside.onInvoke = () => {
      throw new AwsError('ResourceNotFoundException', 'Function not found', 404);
    };
    expect(await machines.run(only(invoke()))).toMatchObject({ error: 'Lambda.ResourceNotFoundException' });
  });

  test('a role without the permission fails the task', async () => {
    machines.outside.onInvoke = () => {
      throw new AwsError('AccessDeniedException', 'not authorized', 403);
    };
    expect(await machines.run(only(invoke()))).toMatchObject({ error: 'Lambda.AWSLambdaException' });
  });

  test('with .waitForTaskToken the token ends the task, and the answer of the function does not', async () => {
    const state = invoke({
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: { FunctionName: FUNCTION, Payload: { token: '{% $states.context.Task.Token %}' } },
      Output: '{% $states.result %}',
    });
    const arn = await machines.start(only(state));
    await machines.seen(arn, 'TaskSubmitted');
    await succeed((machines.outside.invocations.at(0)?.payload as { token?: string } | undefined)?.token, {
      real: true,
    });
    expect(JSON.parse((await machines.ended(arn)).output ?? '')).toEqual({ real: true });
  });
});

describe('sqs:sendMessage', () => {
  test('sends an object as JSON text, with its group, and has the MessageId as a result', async () => {
    const Arguments = { QueueUrl: QUEUE, MessageBody: { a: '{% $states.input.a %}' }, MessageGroupId: 'g' };
    const state = { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', Arguments, End: true };
    const ended = await machines.run(only({ ...state, Output: '{% $states.result.MessageId %}' }), { a: 1 });
    expect(ended.output).toBe('"message-1"');
    expect(machines.outside.messages).toEqual([{ queueUrl: QUEUE, body: '{"a":1}', groupId: 'g', as: ROLE }]);
  });

  test('a queue that denies the role fails the task with SQS.SqsException', async () => {
    machines.outside.onSend = () => {
      throw new AwsError('AccessDenied', 'no', 403);
    };
    const arn = await machines.start(only(askQueue()));
    expect(await machines.ended(arn)).toMatchObject({ status: 'FAILED', error: 'SQS.SqsException' });
    expect((await machines.history(arn)).map(({ type }) => type)).toContain('TaskSubmitFailed');
  });
});

describe('a task token', () => {
  test('ends its task with the output given, once', async () => {
    const arn = await machines.start(only(askQueue()), { a: 1 });
    await machines.seen(arn, 'TaskSubmitted');
    await succeed(lastToken(), { clip: 7 });
    expect((await machines.ended(arn)).output).toBe('{"clip":7}');
    await expect(succeed(lastToken())).rejects.toMatchObject({
      name: 'TaskTimedOut',
      message: "Task Timed Out: 'Provided task does not exist anymore'",
    });
  });

  test('of two answers at once takes exactly one', async () => {
    const arn = await machines.start(only(askQueue()));
    await machines.seen(arn, 'TaskSubmitted');
    const answers = await Promise.allSettled([
      succeed(lastToken(), 1),
      succeed(lastToken(), 2),
      succeed(lastToken(), 3),
    ]);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await machines.history(arn)).filter(({ type }) => type === 'TaskSucceeded')).toHaveLength(1);
  });

  test('fails its task with the error and cause of SendTaskFailure', async () => {
    const arn = await machines.start(only(askQueue()));
    await machines.seen(arn, 'TaskSubmitted');
    await machines.sfn.send(new SendTaskFailureCommand({ taskToken: lastToken(), error: 'OutOfMemory', cause: 'gpu' }));
    expect(await machines.ended(arn)).toMatchObject({ status: 'FAILED', error: 'OutOfMemory', cause: 'gpu' });
  });

  test('may be answered while the call that carries it is still open', async () => {
    machines.outside.onInvoke = async payload => {
      await succeed((payload as { token: string }).token, 'early');
    };
    const Arguments = { FunctionName: FUNCTION, Payload: { token: '{% $states.context.Task.Token %}' } };
    const state = invoke({
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments,
      Output: '{% $states.result %}',
    });
    expect((await machines.run(only(state))).output).toBe('"early"');
  });

  test('that is none answers InvalidToken, and an unknown one TaskDoesNotExist', async () => {
    await expect(succeed('nonsense')).rejects.toMatchObject({ name: 'InvalidToken' });
    await expect(succeed(`AQCE${'x'.repeat(80)}`)).rejects.toMatchObject({ name: 'TaskDoesNotExist' });
  });

  test('with an output that is not JSON answers InvalidOutput, and stays open', async () => {
    const arn = await machines.start(only(askQueue()));
    await machines.seen(arn, 'TaskSubmitted');
    const broken = new SendTaskSuccessCommand({ taskToken: lastToken(), output: '{' });
    await expect(machines.sfn.send(broken)).rejects.toMatchObject({ name: 'InvalidOutput' });
    await succeed(lastToken());
    expect((await machines.ended(arn)).status).toBe('SUCCEEDED');
  });
});

describe('timeouts and heartbeats', () => {
  const limits = { TimeoutSeconds: '{% $states.input.timeout %}', HeartbeatSeconds: 30 };
  const heartbeat = () => machines.sfn.send(new SendTaskHeartbeatCommand({ taskToken: lastToken() }));

  test('a task without heartbeats fails when HeartbeatSeconds are over', async () => {
    const arn = await machines.start(only(askQueue(limits)), { timeout: 100 });
    await machines.seen(arn, 'TaskSubmitted');
    machines.cloud.clock.advance(31_000);
    // AWS reports a missed heartbeat as a timeout.
    expect(await machines.ended(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  test('heartbeats keep a task alive, but not beyond TimeoutSeconds', async () => {
    const arn = await machines.start(only(askQueue(limits)), { timeout: 100 });
    await machines.seen(arn, 'TaskSubmitted');
    for (let beat = 0; beat < 4; beat++) {
      machines.cloud.clock.advance(24_000);
      await pause();
      await heartbeat();
    }
    expect((await machines.describe(arn)).status).toBe('RUNNING');
    machines.cloud.clock.advance(5_000);
    await machines.ended(arn);
    expect((await machines.history(arn)).map(({ type }) => type)).toContain('TaskTimedOut');
    await expect(heartbeat()).rejects.toMatchObject({ name: 'TaskTimedOut' });
  });

  test('a missed heartbeat is matched by its own name and by States.Timeout, and not by States.TaskFailed', async () => {
    const States = {
      Only: askQueue({
        ...limits,
        Catch: [
          { ErrorEquals: ['States.TaskFailed'], Next: 'Failed' },
          { ErrorEquals: ['States.HeartbeatTimeout'], Next: 'Silent' },
          { ErrorEquals: ['States.ALL'], Next: 'Failed' },
        ],
      }),
      Silent: { Type: 'Succeed', Output: 'silent' },
      Failed: { Type: 'Succeed', Output: 'failed' },
    };
    const arn = await machines.start({ StartAt: 'Only', States }, { timeout: 100 });
    await machines.seen(arn, 'TaskSubmitted');
    machines.cloud.clock.advance(31_000);
    expect((await machines.ended(arn)).output).toBe('"silent"');
  });

  test('each attempt has a new token, and the one before answers TaskTimedOut', async () => {
    const Retry = [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 10, MaxAttempts: 1 }];
    const arn = await machines.start(only(askQueue({ ...limits, Retry })), { timeout: 100 });
    await machines.seen(arn, 'TaskSubmitted');
    machines.cloud.clock.advance(31_000);
    await machines.seen(arn, 'TaskTimedOut');
    await expect(succeed(lastToken(), 'late')).rejects.toMatchObject({ name: 'TaskTimedOut' });
    machines.cloud.clock.advance(10_000);
    await machines.seen(arn, 'TaskSubmitted', 2);
    const [first, second] = machines.outside.tokens;
    expect(second).not.toBe(first);
    await expect(succeed(first, 'late')).rejects.toMatchObject({ name: 'TaskTimedOut' });
    await succeed(second, 'in time');
    expect((await machines.ended(arn)).output).toBe('"in time"');
  });

  test('a function that outlasts TimeoutSeconds is not waited for', async () => {
    let answer = (_: unknown): void => {};
    machines.outside.onInvoke = () => new Promise(resolve => (answer = resolve));
    const arn = await machines.start(only(invoke({ TimeoutSeconds: 5 })));
    await machines.seen(arn, 'TaskStarted');
    machines.cloud.clock.advance(6_000);
    expect(await machines.ended(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    answer('late');
    await pause();
    expect((await machines.history(arn)).at(-1)?.type).toBe('ExecutionFailed');
  });
});

describe('Retry and Catch', () => {
  const attempts = () => machines.outside.invocations.length;

  test('waits IntervalSeconds x BackoffRate ^ n before each retry, at most MaxDelaySeconds', async () => {
    machines.outside.onInvoke = () => handlerError('Busy');
    const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 10, BackoffRate: 3, MaxAttempts: 3, MaxDelaySeconds: 40 }];
    const arn = await machines.start(only(invoke({ Retry })));
    for (const [failures, delay] of [10, 30, 40].entries()) {
      await machines.seen(arn, 'TaskFailed', failures + 1);
      machines.cloud.clock.advance(delay * 1000 - 2_000);
      await pause();
      expect(attempts()).toBe(failures + 1);
      machines.cloud.clock.advance(2_000);
    }
    expect(await machines.ended(arn)).toMatchObject({ status: 'FAILED', error: 'Busy' });
    expect(attempts()).toBe(4);
  });

  test('a retry that succeeds goes on, and knows its RetryCount', async () => {
    machines.outside.onInvoke = payload => (attempts() < 3 ? handlerError('Busy') : payload);
    const Arguments = { FunctionName: FUNCTION, Payload: '{% $states.context.State.RetryCount %}' };
    const arn = await machines.start(only(invoke({ Arguments, Retry: [{ ErrorEquals: ['States.TaskFailed'] }] })));
    for (const failures of [1, 2]) {
      await machines.seen(arn, 'TaskFailed', failures);
      machines.cloud.clock.advance(2_000);
    }
    expect((await machines.ended(arn)).output).toBe('2');
  });

  test('a catcher goes to its Next with its Output and Assign, which see $states.errorOutput', async () => {
    machines.outside.onInvoke = () => handlerError('Hot', 'ouch');
    const Catch = [
      {
        ErrorEquals: ['States.ALL'],
        Next: 'After',
        Output: { failed: '{% $states.errorOutput.Error %}', of: '{% $states.input.id %}' },
        Assign: { why: '{% $parse($states.errorOutput.Cause).errorMessage %}' },
      },
    ];
    const States = {
      Only: invoke({ Catch, Assign: { why: 'none' } }),
      After: { Type: 'Succeed', Output: { got: '{% $states.input %}', why: '{% $why %}' } },
    };
    const ended = await machines.run({ StartAt: 'Only', States }, { id: 5 });
    expect(JSON.parse(ended.output ?? '')).toEqual({ got: { failed: 'Hot', of: 5 }, why: 'ouch' });
  });

  test('an Output that cannot be evaluated is caught as States.QueryEvaluationError', async () => {
    const Catch = [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'After' }];
    const States = { Only: invoke({ Output: '{% $states.result.none %}', Catch }), After: { Type: 'Succeed' } };
    const ended = await machines.run({ StartAt: 'Only', States });
    expect(JSON.parse(ended.output ?? '')).toMatchObject({ Error: 'States.QueryEvaluationError' });
  });

  test('States.ALL does not catch States.DataLimitExceeded; its own name does', async () => {
    machines.outside.onInvoke = () => 'x'.repeat(300 * 1024);
    const states = (name: string) => ({
      StartAt: 'Only',
      States: { Only: invoke({ Catch: [{ ErrorEquals: [name], Next: 'After' }] }), After: { Type: 'Succeed' } },
    });
    expect(await machines.run(states('States.ALL'))).toMatchObject({ error: 'States.DataLimitExceeded' });
    expect(await machines.run(states('States.DataLimitExceeded'))).toMatchObject({ status: 'SUCCEEDED' });
  });
});
