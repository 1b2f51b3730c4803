import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nextCron, parseCron } from '../../lib/local/scheduler/expression.ts';
import { createScheduler } from '../../lib/local/scheduler/scheduler.ts';
import { AwsError } from '../../lib/local/service.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';
import { until } from './states-machine.ts';

const ROLE = 'arn:aws:iam::000000000000:role/scheduler';
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:sweep';

let cloud: EngineCloud;
let calls: { functionArn: string; payload: string; as: string; sourceArn?: string; queued?: boolean }[];
let onInvoke: () => Promise<void> | void;

beforeEach(async () => {
  calls = [];
  onInvoke = () => {};
  const invokeFunction = async (call: (typeof calls)[number]) => {
    calls.push(call);
    await onInvoke();
    return { payload: 'null', functionError: undefined };
  };
  cloud = await startEngines([createScheduler], { ports: { invokeFunction } });
});
afterEach(() => cloud.stop());

const schedule = (ScheduleExpression: string, more: object = {}, target: object = {}) => ({
  ScheduleExpression,
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: FUNCTION, RoleArn: ROLE, ...target },
  ...more,
});
const make = (properties: object, logicalId = 'Sweep') => cloud.make('AWS::Scheduler::Schedule', logicalId, properties);
const ran = (count: number) => until(async () => (calls.length >= count ? true : undefined));
const settle = () => new Promise(resolve => setTimeout(resolve, 25));

/** A signed GET: the scheduler has no SDK client among the project's packages. */
async function get(path: string, query: Record<string, string> = {}, client = cloud.client) {
  const sha256 = class {
    readonly #hash;
    constructor(key?: string | Uint8Array) {
      this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', key as Uint8Array);
    }
    update(data: string | Uint8Array): void {
      this.#hash.update(data);
    }
    async digest(): Promise<Uint8Array> {
      return this.#hash.digest();
    }
  };
  const { credentials, region, endpoint } = client;
  const signer = new SignatureV4({ service: 'scheduler', region, credentials, sha256: sha256 as never });
  const { host, hostname, port } = new URL(endpoint);
  const request = { method: 'GET', protocol: 'http:', hostname, port: Number(port), path, query, headers: { host } };
  const { headers } = await signer.sign(request);
  const response = await fetch(`${endpoint}${path}?${new URLSearchParams(query)}`, { headers });
  const error = response.headers.get('x-amzn-errortype');
  return { status: response.status, error, body: (await response.json()) as Record<string, unknown> };
}

describe('a schedule', () => {
  test('of a rate runs at once and then at its beat, as its role', async () => {
    const { attributes } = await make(schedule('rate(5 minutes)', {}, { Input: '{"a":1}' }));
    await ran(1);
    const call = { functionArn: FUNCTION, payload: '{"a":1}', as: ROLE, sourceArn: attributes.Arn, queued: true };
    expect(calls).toEqual([call]);
    await settle();
    cloud.clock.advance(299_000);
    await settle();
    expect(calls).toHaveLength(1);
    cloud.clock.advance(1_000);
    await ran(2);
  });

  test('of a cron runs at the minute that it names', async () => {
    await make(schedule('cron(0 0 * * ? *)'));
    const midnight = nextCron(parseCron('0 0 * * ? *'), cloud.clock.now()) ?? 0;
    cloud.clock.advance(midnight - cloud.clock.now() - 2_000);
    await settle();
    expect(calls).toHaveLength(0);
    cloud.clock.advance(2_000);
    await ran(1);
  });

  test('of at() runs once, and never where its time is past', async () => {
    const at = (ms: number) => `at(${new Date(ms).toISOString().slice(0, 19)})`;
    await make(schedule(at(Date.now() + 3600_000)), 'Later');
    await make(schedule(at(Date.now() - 3600_000)), 'Past');
    cloud.clock.advance(3600_000);
    await ran(1);
    cloud.clock.advance(10 * 86_400_000);
    await settle();
    expect(calls.map(({ sourceArn }) => sourceArn)).toEqual([expect.stringContaining('Later')]);
  });

  test('that is disabled does not run', async () => {
    await make(schedule('rate(1 minute)', { State: 'DISABLED' }));
    cloud.clock.advance(600_000);
    await settle();
    expect(calls).toHaveLength(0);
  });

  test('that a long time has passed over runs once, not once for each time missed', async () => {
    await make(schedule('rate(1 minute)'));
    await ran(1);
    await settle();
    cloud.clock.advance(3600_000);
    await ran(2);
    await settle();
    expect(calls).toHaveLength(2);
  });

  test('does not begin again while its run lasts', async () => {
    let end = (): void => {};
    onInvoke = () => new Promise<void>(resolve => (end = resolve));
    await make(schedule('rate(1 minute)'));
    await ran(1);
    cloud.clock.advance(600_000);
    await make(schedule('rate(1 minute)', { Description: 'applied again meanwhile' }));
    await settle();
    expect(calls).toHaveLength(1);
    end();
    await settle();
    expect(calls).toHaveLength(1);
    cloud.clock.advance(60_000);
    await ran(2);
  });

  test('replaces the words of its context in the Input', async () => {
    const Input =
      '{"arn":"<aws.scheduler.schedule-arn>","at":"<aws.scheduler.scheduled-time>","n":<aws.scheduler.attempt-number>}';
    const { attributes } = await make(schedule('rate(1 day)', {}, { Input }));
    await ran(1);
    const payload = JSON.parse(calls[0]?.payload ?? '');
    expect(payload).toMatchObject({ arn: attributes.Arn, n: 1 });
    expect(payload.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  test('that cannot reach its function tries again by its RetryPolicy, and then waits for the next time', async () => {
    onInvoke = () => {
      throw new AwsError('TooManyRequestsException', 'busy', 429);
    };
    await make(schedule('rate(1 day)', {}, { RetryPolicy: { MaximumRetryAttempts: 2 } }));
    for (const attempts of [1, 2, 3]) {
      await ran(attempts);
      await settle();
      cloud.clock.advance(10_000);
    }
    await settle();
    expect(calls).toHaveLength(3);
    cloud.clock.advance(86_400_000);
    await ran(4);
  });
});

describe('a restart', () => {
  test('runs once what was missed, and does not run again what had run', async () => {
    await make(schedule('rate(1 day)'));
    await ran(1);
    await settle();
    cloud = await cloud.restart();
    await make(schedule('rate(1 day)'));
    await settle();
    expect(calls).toHaveLength(1);
    cloud.clock.advance(3 * 86_400_000);
    await ran(2);
    await settle();
    expect(calls).toHaveLength(2);
  });

  test('runs again a run that it cut short', async () => {
    onInvoke = () => (calls.length === 1 ? new Promise<void>(() => {}) : undefined);
    await make(schedule('rate(1 day)'));
    await ran(1);
    cloud = await cloud.restart();
    await make(schedule('rate(1 day)'));
    await ran(2);
  });

  test('does not run or tell a schedule that the template no longer has', async () => {
    await make(schedule('rate(1 minute)', { Name: 'gone' }));
    await ran(1);
    await settle();
    cloud = await cloud.restart();
    cloud.clock.advance(600_000);
    await settle();
    expect(calls).toHaveLength(1);
    expect((await get('/schedules/gone')).status).toBe(404);
  });

  test('that applies the same expression again keeps its beat; another expression begins anew', async () => {
    await make(schedule('rate(1 day)'));
    await ran(1);
    await settle();
    cloud = await cloud.restart();
    await make(schedule('rate(1 day)'));
    await settle();
    expect(calls).toHaveLength(1);
    await make(schedule('rate(2 days)'));
    await ran(2);
  });
});

describe('the API', () => {
  test('tells a schedule and lists those of a group', async () => {
    await cloud.make('AWS::Scheduler::ScheduleGroup', 'Group', { Name: 'sweeps' });
    const { ref, attributes } = await make(
      schedule('rate(1 day)', { Name: 'one', GroupName: 'sweeps', Description: 'd' }),
    );
    expect({ ref, attributes }).toEqual({
      ref: 'one',
      attributes: { Arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/sweeps/one' },
    });
    await make(schedule('rate(1 day)'), 'Other');
    const { body } = await get('/schedules/one', { groupName: 'sweeps' });
    expect(body).toMatchObject({
      Name: 'one',
      GroupName: 'sweeps',
      State: 'ENABLED',
      ScheduleExpression: 'rate(1 day)',
      Target: { Arn: FUNCTION, RoleArn: ROLE },
    });
    const names = async (query: Record<string, string>) =>
      ((await get('/schedules', query)).body.Schedules as { Name: string }[]).map(({ Name }) => Name);
    expect(await names({ ScheduleGroup: 'sweeps' })).toEqual(['one']);
    expect(await names({})).toEqual(['Test-Other', 'one']);
    const first = await get('/schedules', { MaxResults: '1' });
    expect(await names({ NextToken: String(first.body.NextToken) })).toEqual(['one']);
  });

  test('answers what is not there, not supported or not allowed', async () => {
    expect(await get('/schedules/none')).toMatchObject({ status: 404, error: 'ResourceNotFoundException' });
    expect(await get('/schedule-groups')).toMatchObject({ status: 404, error: 'UnknownOperationException' });
    const stranger = cloud.clientAs('arn:aws:iam::000000000000:role/stranger');
    expect(await get('/schedules', {}, stranger)).toMatchObject({ status: 403, error: 'AccessDeniedException' });
  });
});

describe('a template is refused by logical id and name for', () => {
  const refused: readonly [string, object, RegExp][] = [
    [
      'another time zone',
      schedule('rate(1 day)', { ScheduleExpressionTimezone: 'Europe/Berlin' }),
      /ScheduleExpressionTimezone/,
    ],
    [
      'a flexible window',
      schedule('rate(1 day)', { FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 } }),
      /FlexibleTimeWindow/,
    ],
    ['another target', schedule('rate(1 day)', {}, { Arn: 'arn:aws:sqs:us-east-1:000000000000:q' }), /Target: Arn/],
    ['a dead-letter queue', schedule('rate(1 day)', {}, { DeadLetterConfig: {} }), /DeadLetterConfig/],
    ['a rate of seconds', schedule('rate(5 seconds)'), /rate\(5 seconds\)/],
    ['a cron of five fields', schedule('cron(0 0 * * ?)'), /six fields/],
    ['a cron with two days', schedule('cron(0 0 1 * MON *)'), /day-of-week/],
    ['a cron with L', schedule('cron(0 0 L * ? *)'), /'L'.*day-of-month/],
    ['an unknown group', schedule('rate(1 day)', { GroupName: 'none' }), /group none/],
  ];
  for (const [what, properties, message] of refused) {
    test(what, async () => {
      await expect(make(properties)).rejects.toThrow(message);
      await expect(make(properties)).rejects.toThrow(/^Sweep: /);
    });
  }
});

describe('cron', () => {
  const from = Date.parse('2026-01-30T10:07:30Z');
  const next: readonly [string, string | undefined][] = [
    ['0/15 * * * ? *', '2026-01-30T10:15:00Z'],
    ['7 10 * * ? *', '2026-01-31T10:07:00Z'],
    ['0 8-10/2,20 * * ? *', '2026-01-30T20:00:00Z'],
    ['0 9 ? * MON-FRI *', '2026-02-02T09:00:00Z'],
    ['0 9 ? * 1 *', '2026-02-01T09:00:00Z'],
    ['0 0 29 FEB ? *', '2028-02-29T00:00:00Z'],
    ['0 0 31 APR ? *', undefined],
    ['0 0 1 1 ? 2030-2031', '2030-01-01T00:00:00Z'],
    ['0 0 1 1 ? 2020', undefined],
  ];
  for (const [text, expected] of next) {
    test(`${text} comes next at ${expected ?? 'no time'}`, () => {
      const time = nextCron(parseCron(text), from);
      expect(time === undefined ? undefined : new Date(time).toISOString()).toBe(expected?.replace('Z', '.000Z'));
    });
  }

  test('the next time is the first minute after that matches every field', () => {
    const field = (last: number) =>
      fc.uniqueArray(fc.nat(last), { minLength: 1, maxLength: 4 }).map(list => list.join());
    fc.assert(
      fc.property(field(59), field(23), fc.integer({ min: 0, max: 1_000_000 }), (minutes, hours, offset) => {
        const after = from + offset * 1000;
        const matches = (time: number) =>
          minutes.split(',').includes(`${new Date(time).getUTCMinutes()}`) &&
          hours.split(',').includes(`${new Date(time).getUTCHours()}`);
        let expected = Math.floor(after / 60_000) * 60_000 + 60_000;
        while (!matches(expected)) expected += 60_000;
        expect(nextCron(parseCron(`${minutes} ${hours} * * ? *`), after)).toBe(expected);
      }),
      { numRuns: 50 },
    );
  });
});
