import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { askQueue, FUNCTION, handlerError, invoke, type Machines, only, startMachines } from './states-machine.ts';

let machines: Machines;
beforeEach(async () => {
  machines = await startMachines();
});
afterEach(() => machines.stop());

const map = (state: object, more: object = {}) => ({
  Type: 'Map',
  Items: '{% $states.input %}',
  ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'Each', States: { Each: state } },
  End: true,
  ...more,
});
const parallel = (branches: Record<string, object>[], more: object = {}) => ({
  Type: 'Parallel',
  Branches: branches.map(States => ({ StartAt: Object.keys(States)[0], States })),
  End: true,
  ...more,
});
const types = async (arn: string) => (await machines.history(arn)).map(({ type }) => type);

describe('Map', () => {
  test('gives the outputs in the order of the items, whatever the order of their ends', async () => {
    machines.outside.onInvoke = async payload => {
      await new Promise(resolve => setTimeout(resolve, 30 - 10 * Number(payload)));
      return Number(payload) * 10;
    };
    expect((await machines.run(only(map(invoke())), [0, 1, 2])).output).toBe('[0,10,20]');
  });

  test('an iteration sees its item, its index and what ItemSelector makes of them', async () => {
    const item = '$states.context.Map.Item';
    const definition = only(
      map(
        {
          Type: 'Pass',
          Output: { in: '{% $states.input %}', index: `{% ${item}.Index %}`, value: `{% ${item}.Value %}` },
          End: true,
        },
        { ItemSelector: { doubled: `{% ${item}.Value * 2 %}` } },
      ),
    );
    expect(JSON.parse((await machines.run(definition, [4, 5])).output ?? '')).toEqual([
      { in: { doubled: 8 }, index: 0, value: 4 },
      { in: { doubled: 10 }, index: 1, value: 5 },
    ]);
  });

  test('of no items gives an empty array', async () => {
    expect((await machines.run(only(map(invoke())), [])).output).toBe('[]');
  });

  test('never runs more iterations at once than MaxConcurrency', async () => {
    let running = 0;
    let most = 0;
    machines.outside.onInvoke = async payload => {
      most = Math.max(most, ++running);
      await new Promise(resolve => setTimeout(resolve, 5));
      running--;
      return payload;
    };
    const items = Array.from({ length: 12 }, (_, i) => i);
    const ended = await machines.run(only(map(invoke(), { MaxConcurrency: 3 })), items);
    expect(JSON.parse(ended.output ?? '')).toEqual(items);
    expect(most).toBe(3);
  });

  test('fails with the error of an iteration, which a catcher of the Map takes', async () => {
    machines.outside.onInvoke = payload => (payload === 1 ? handlerError('Odd') : payload);
    const Catch = [{ ErrorEquals: ['Odd'], Next: 'After', Output: '{% $states.errorOutput.Error %}' }];
    const definition = { StartAt: 'Only', States: { Only: map(invoke(), { Catch }), After: { Type: 'Succeed' } } };
    const arn = await machines.start(definition, [0, 1, 2]);
    expect((await machines.ended(arn)).output).toBe('"Odd"');
    expect(await types(arn)).toEqual(expect.arrayContaining(['MapIterationFailed', 'MapStateFailed']));
  });

  test('a retry of the Map runs every iteration again', async () => {
    let failures = 1;
    machines.outside.onInvoke = payload => (payload === 1 && failures-- > 0 ? handlerError('Once') : payload);
    const arn = await machines.start(only(map(invoke(), { Retry: [{ ErrorEquals: ['States.ALL'] }] })), [0, 1]);
    await machines.seen(arn, 'MapStateFailed');
    machines.cloud.clock.advance(2_000);
    expect((await machines.ended(arn)).output).toBe('[0,1]');
    expect(machines.outside.invocations).toHaveLength(4);
  });

  test('Items that are no array fail the state', async () => {
    expect(await machines.run(only(map(invoke())), { no: 'array' })).toMatchObject({
      error: 'States.QueryEvaluationError',
    });
  });

  test('a Map within a Map reads the variables of the levels around it', async () => {
    const inner = map({ Type: 'Pass', Output: '{% $base + $step + $states.input %}', End: true });
    const States = {
      First: { Type: 'Pass', Assign: { base: 100 }, Next: 'Outer' },
      Outer: {
        ...map({}),
        ItemProcessor: {
          StartAt: 'Step',
          States: {
            Step: { Type: 'Pass', Assign: { step: '{% $states.context.Map.Item.Index * 10 %}' }, Next: 'Inner' },
            Inner: inner,
          },
        },
      },
    };
    const ended = await machines.run({ StartAt: 'First', States }, [[1, 2], [3]]);
    expect(JSON.parse(ended.output ?? '')).toEqual([[101, 102], [113]]);
  });
});

describe('Parallel', () => {
  test('gives each branch the Arguments, and their outputs as an array', async () => {
    const branches = [
      { A: { Type: 'Pass', Output: '{% $states.input.n + 1 %}', End: true } },
      { B: { Type: 'Pass', Output: '{% $states.input.n + 2 %}', End: true } },
    ];
    const state = parallel(branches, {
      Arguments: { n: '{% $states.input.x %}' },
      Output: '{% $sum($states.result) %}',
    });
    expect((await machines.run(only(state), { x: 10 })).output).toBe('23');
  });

  test('a branch that fails ends the others, whose tokens then answer TaskTimedOut', async () => {
    const branches = [
      { Ask: askQueue() },
      { Wait: { Type: 'Wait', Seconds: 5, Next: 'Bad' }, Bad: { Type: 'Fail', Error: 'Bad' } },
    ];
    const Catch = [{ ErrorEquals: ['Bad'], Next: 'After' }];
    const States = { Only: parallel(branches, { Catch }), After: { Type: 'Wait', Seconds: 600, End: true } };
    const arn = await machines.start({ StartAt: 'Only', States });
    await machines.seen(arn, 'TaskSubmitted');
    machines.cloud.clock.advance(6_000);
    await machines.seen(arn, 'WaitStateEntered', 2);
    expect(await types(arn)).toEqual(expect.arrayContaining(['TaskStateAborted', 'ParallelStateFailed']));
    const late = new SendTaskSuccessCommand({ taskToken: machines.outside.tokens[0], output: '1' });
    await expect(machines.sfn.send(late)).rejects.toMatchObject({ name: 'TaskTimedOut' });
    machines.cloud.clock.advance(600_000);
    expect(JSON.parse((await machines.ended(arn)).output ?? '')).toMatchObject({ Error: 'Bad' });
  });

  test('a failure two levels down goes up until something takes it', async () => {
    const inner = parallel([{ Deep: { Type: 'Fail', Error: 'Deep', Cause: 'down' } }, { Ask: askQueue() }]);
    const arn = await machines.start(only(parallel([{ Inner: inner }, { Call: invoke() }])));
    expect(await machines.ended(arn)).toMatchObject({ status: 'FAILED', error: 'Deep', cause: 'down' });
    expect((await types(arn)).filter(type => type === 'ParallelStateFailed')).toHaveLength(2);
  });

  test('two hundred executions at once all end, each with its own output', async () => {
    machines.outside.onInvoke = payload => payload;
    const branches = [{ A: invoke() }, { B: { Type: 'Pass', End: true } }];
    const definition = only(parallel(branches, { Output: '{% $sum($states.result) %}' }));
    const stateMachineArn = await machines.make(definition);
    const { StartExecutionCommand } = await import('@aws-sdk/client-sfn');
    const arns = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const start = new StartExecutionCommand({ stateMachineArn, input: String(i) });
        return (await machines.sfn.send(start)).executionArn ?? '';
      }),
    );
    const outputs = await Promise.all(arns.map(async arn => Number((await machines.ended(arn)).output)));
    expect(outputs).toEqual(arns.map((_, i) => 2 * i));
    expect(machines.outside.invocations.filter(({ functionArn }) => functionArn === FUNCTION)).toHaveLength(200);
  });
});
