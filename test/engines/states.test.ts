import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Machines, only, startMachines, until } from './states-machine.ts';

let machines: Machines;
beforeAll(async () => {
  machines = await startMachines();
});
afterAll(() => machines.stop());

type Ended = Awaited<ReturnType<Machines['ended']>>;
const output = (ended: Ended): unknown => JSON.parse(ended.output ?? 'null');
const evaluated = async (expression: string, input?: unknown): Promise<unknown> =>
  output(await machines.run(only({ Type: 'Succeed', Output: `{% ${expression} %}` }), input));
const failed = ({ status, error, cause }: Ended) => ({ status, error, cause });

describe('Pass, Succeed and Fail', () => {
  test('Pass gives its Output, and its input where it has none', async () => {
    const sum = only({ Type: 'Pass', Output: { sum: '{% $states.input.a + 1 %}' }, End: true });
    expect(output(await machines.run(sum, { a: 1 }))).toEqual({ sum: 2 });
    expect(output(await machines.run(only({ Type: 'Pass', End: true }), { a: 1 }))).toEqual({ a: 1 });
  });

  test('Succeed ends the execution before the states that follow in the definition', async () => {
    const definition = { StartAt: 'A', States: { A: { Type: 'Succeed', Output: 'early' }, B: { Type: 'Succeed' } } };
    expect(output(await machines.run(definition))).toBe('early');
  });

  test('Fail ends the execution with an Error and a Cause that JSONata makes', async () => {
    const fail = only({ Type: 'Fail', Error: '{% "Bad" & $states.input.kind %}', Cause: 'because' });
    expect(failed(await machines.run(fail, { kind: 'Luck' }))).toEqual({
      status: 'FAILED',
      error: 'BadLuck',
      cause: 'because',
    });
  });
});

describe('Choice', () => {
  const choice = (more: object = {}) => ({
    StartAt: 'Which',
    States: {
      Which: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.n > 10 %}', Next: 'Done', Output: 'large', Assign: { by: 'rule' } },
          { Condition: '{% $states.input.n > 5 %}', Next: 'Done', Output: 'middling' },
        ],
        Output: 'small',
        ...more,
      },
      Done: { Type: 'Succeed', Output: { size: '{% $states.input %}', by: '{% $exists($by) ? $by : "none" %}' } },
    },
  });

  test('takes the first rule that holds, with its own Output and Assign', async () => {
    expect(output(await machines.run(choice(), { n: 11 }))).toEqual({ size: 'large', by: 'rule' });
    expect(output(await machines.run(choice(), { n: 6 }))).toEqual({ size: 'middling', by: 'none' });
  });

  test('takes Default with the Output of the state where no rule holds', async () => {
    expect(output(await machines.run(choice({ Default: 'Done' }), { n: 1 }))).toEqual({ size: 'small', by: 'none' });
  });

  test('fails with States.NoChoiceMatched where there is no Default', async () => {
    expect(await machines.run(choice(), { n: 1 })).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
  });

  test('fails with States.QueryEvaluationError where a Condition is not a boolean', async () => {
    const odd = { Choices: [{ Condition: '{% $states.input.n %}', Next: 'Done' }] };
    expect(await machines.run(choice(odd), { n: 1 })).toMatchObject({ error: 'States.QueryEvaluationError' });
  });
});

describe('Wait', () => {
  const fields = [
    { Seconds: 3600 },
    { Seconds: '{% $states.input.s %}' },
    { Timestamp: '{% $fromMillis($millis() + 3600000) %}' },
  ];
  for (const field of fields) {
    test(`lasts exactly as long as ${JSON.stringify(field)} says`, async () => {
      const arn = await machines.start(only({ Type: 'Wait', ...field, End: true }), { s: 3600 });
      await machines.seen(arn, 'WaitStateEntered');
      machines.cloud.clock.advance(3595_000);
      expect((await machines.describe(arn)).status).toBe('RUNNING');
      machines.cloud.clock.advance(5_000);
      expect((await machines.ended(arn)).status).toBe('SUCCEEDED');
    });
  }

  test('fails where Seconds is not a number', async () => {
    const ended = await machines.run(only({ Type: 'Wait', Seconds: '{% "soon" %}', End: true }));
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });
});

describe('variables and $states', () => {
  test('Assign and Output see the variables as they were when the state was entered', async () => {
    const definition = {
      StartAt: 'One',
      States: {
        One: { Type: 'Pass', Assign: { a: 1 }, Next: 'Two' },
        Two: { Type: 'Pass', Assign: { a: '{% $a + 1 %}', b: '{% $a %}' }, Output: '{% $a %}', Next: 'Three' },
        Three: { Type: 'Succeed', Output: { out: '{% $states.input %}', a: '{% $a %}', b: '{% $b %}' } },
      },
    };
    expect(output(await machines.run(definition))).toEqual({ out: 1, a: 2, b: 1 });
  });

  test('the context tells the execution, the state and the machine', async () => {
    const arn = await machines.start(only({ Type: 'Succeed', Output: '{% $states.context %}' }), { a: 1 });
    const context = output(await machines.ended(arn));
    expect(context).toMatchObject({
      Execution: { Id: arn, Input: { a: 1 }, Name: arn.split(':').at(-1), RedriveCount: 0 },
      State: { Name: 'Only', RetryCount: 0 },
      StateMachine: { Name: arn.split(':').at(-2) },
    });
    expect(JSON.stringify(context)).toMatch(/"StartTime":"\d{4}-\d\d-\d\dT[\d:.]+Z"/);
  });

  test('an expression without a value is a States.QueryEvaluationError that names its field', async () => {
    const arn = await machines.start(only({ Type: 'Pass', Output: { x: '{% $states.input.none %}' }, End: true }));
    expect(await machines.ended(arn)).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    const event = (await machines.history(arn)).find(({ type }) => type === 'EvaluationFailed');
    expect(event?.evaluationFailedEventDetails).toMatchObject({ state: 'Only', location: 'Output/x' });
  });

  test('an output over 256 KiB is a States.DataLimitExceeded', async () => {
    const large = only({ Type: 'Pass', Output: '{% $join($range(1, 60000, 1).$string(12345)) %}', End: true });
    expect(await machines.run(large)).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  test('an expression that never ends fails instead of holding the engine', async () => {
    const endless = only({ Type: 'Pass', Output: '{% ($f := function($n) { $f($n + 1) + 1 }; $f(1)) %}', End: true });
    expect(await machines.run(endless)).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });

  test('an execution that loops for ever ends at the limit of its history', async () => {
    const loop = { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } } };
    expect(await machines.run(loop)).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

describe('the functions that Step Functions adds to JSONata', () => {
  const cases: readonly [string, unknown][] = [
    ['$partition([1,2,3,4,5], 2)', [[1, 2], [3, 4], [5]]],
    ['$range(1, 9, 2)', [1, 3, 5, 7, 9]],
    ['$range(3, 1, -1)', [3, 2, 1]],
    ['$hash("a", "SHA-256")', 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
    ['$hash("a", "MD5")', '0cc175b9c0f1b6a831c399e269772661'],
    ['$parse("{\\"a\\": [1]}")', { a: [1] }],
    ['$random(7) = $random(7)', true],
    ['$random() < 1', true],
    ['$uuid() != $uuid()', true],
    ['$length($uuid())', 36],
  ];
  for (const [expression, value] of cases) {
    test(`${expression} is ${JSON.stringify(value)}`, async () => {
      expect(await evaluated(expression)).toEqual(value);
    });
  }

  test('$now follows the clock of the cloud', async () => {
    const ahead = Number(await evaluated('$toMillis($now())')) - Date.now();
    machines.cloud.clock.advance(86_400_000);
    const later = Number(await evaluated('$toMillis($now())')) - Date.now();
    expect(Math.round((later - ahead) / 86_400_000)).toBe(1);
  });

  test('$eval reached by another name fails', async () => {
    expect(await machines.run(only({ Type: 'Succeed', Output: '{% ($e := $eval; $e("1")) %}' }))).toMatchObject({
      error: 'States.QueryEvaluationError',
    });
  });
});

test('a machine with TimeoutSeconds ends as TIMED_OUT', async () => {
  const arn = await machines.start({ TimeoutSeconds: 60, ...only({ Type: 'Wait', Seconds: 600, End: true }) });
  await machines.seen(arn, 'WaitStateEntered');
  machines.cloud.clock.advance(61_000);
  expect(failed(await machines.ended(arn))).toEqual({ status: 'TIMED_OUT', error: 'States.Timeout', cause: undefined });
  await until(async () => ((await machines.history(arn)).at(-1)?.type === 'ExecutionTimedOut' ? true : undefined));
});
