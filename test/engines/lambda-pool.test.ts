import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLambda, type LambdaEngine } from '../../lib/local/lambda/lambda.ts';
import { POOL_LIMITS } from '../../lib/local/lambda/pool.ts';
import { type EngineCloud, type EngineFactory, startEngines } from '../support/engine-cloud.ts';
import { makeFunction } from '../support/function-asset.ts';

let cloud: EngineCloud;
afterEach(() => cloud.stop());

async function invoke(
  name: string,
  event: unknown = {},
  type: 'RequestResponse' | 'Event' | 'DryRun' = 'RequestResponse',
) {
  const lambda = new LambdaClient({ ...cloud.client, maxAttempts: 1 });
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event), InvocationType: type }),
  );
  return { status: answer.StatusCode, result: JSON.parse(answer.Payload?.transformToString() || 'null') };
}

/** Waits for a fact that another process brings about. */
async function until(fact: () => boolean): Promise<void> {
  for (let look = 0; !fact(); look++) {
    if (look > 500) throw new Error('it never came');
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

const lines = (file: string): string[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : []);

describe('the pool', () => {
  const SLOW = `export const handler = async e => {
    const began = performance.timeOrigin + performance.now();
    await new Promise(resolve => setTimeout(resolve, 60));
    return { pid: process.pid, began, ended: performance.timeOrigin + performance.now() };
  };`;
  interface Ran {
    pid: number;
    began: number;
    ended: number;
  }
  const most = (runs: Ran[]) =>
    Math.max(...runs.map(a => runs.filter(b => b.began <= a.began && a.began < b.ended).length));

  beforeEach(async () => {
    const small: EngineFactory = context => createLambda(context, { limits: { ...POOL_LIMITS, overall: 3 } });
    cloud = await startEngines([small]);
  });

  it('throttles a function that runs at its reserved concurrency, and runs it again when it has room', async () => {
    const { ref } = await makeFunction(cloud, 'Two', SLOW, { ReservedConcurrentExecutions: 2 });
    const calls = await Promise.allSettled(Array.from({ length: 6 }, async () => (await invoke(ref)).result as Ran));
    const ran = calls.filter(call => call.status === 'fulfilled').map(call => call.value);
    expect(new Set(ran.map(run => run.pid)).size).toBe(2);
    expect(ran).toHaveLength(2);
    for (const call of calls.filter(one => one.status === 'rejected')) {
      expect(call.reason).toMatchObject({
        name: 'TooManyRequestsException',
        Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
        $metadata: { httpStatusCode: 429 },
      });
    }
    expect((await invoke(ref)).status).toBe(200);
  });

  it('lets a call wait where AWS would start more environments than there are here', async () => {
    const { ref } = await makeFunction(cloud, 'Many', SLOW);
    const runs = await Promise.all(Array.from({ length: 6 }, async () => (await invoke(ref)).result as Ran));
    expect(most(runs)).toBe(3);
  });

  it('gives place to another function when all environments are idle or taken', async () => {
    const refs = await Promise.all(['A', 'B', 'C', 'D'].map(async id => (await makeFunction(cloud, id, SLOW)).ref));
    for (const ref of refs) expect((await invoke(ref)).status).toBe(200);
    const runs = await Promise.all([...refs, ...refs].map(async ref => (await invoke(ref)).result as Ran));
    expect(most(runs)).toBeLessThanOrEqual(3);
  });

  it('throttles a function whose reserved concurrency is zero', async () => {
    const { ref } = await makeFunction(cloud, 'None', SLOW, { ReservedConcurrentExecutions: 0 });
    await expect(invoke(ref)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  });

  it('ends an environment that has had no work for a minute', async () => {
    const { ref } = await makeFunction(cloud, 'Idle', 'export const handler = () => process.pid;');
    const { result: first } = await invoke(ref);
    cloud.clock.advance(59_000);
    expect((await invoke(ref)).result).toBe(first);
    cloud.clock.advance(60_000);
    await until(() => !existsSync(`/proc/${first}`));
    expect((await invoke(ref)).result).not.toBe(first);
  });

  it('starts new environments when the function has changed', async () => {
    const { ref } = await makeFunction(cloud, 'Changing', 'export const handler = () => "old";');
    expect((await invoke(ref)).result).toBe('old');
    await makeFunction(cloud, 'Changing', 'export const handler = () => "new";');
    expect((await invoke(ref)).result).toBe('new');
  });

  it('ends every environment when it stops', async () => {
    const { ref } = await makeFunction(cloud, 'Ended', 'export const handler = () => process.pid;');
    const { result: pid } = await invoke(ref);
    await cloud.engines[0]?.stop?.();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  });
});

describe('an event', () => {
  beforeEach(async () => {
    cloud = await startEngines([createLambda]);
  });
  const counting = (file: string, then: string) =>
    `import { appendFileSync } from 'node:fs';
     export const handler = async (e, c) => { appendFileSync('${file}', c.awsRequestId + '\\n'); ${then} };`;

  it('is accepted with 202 and runs once where the function succeeds; a dry run does not run', async () => {
    const file = join(cloud.context.dataDir, 'ran');
    const { ref } = await makeFunction(cloud, 'Once', counting(file, ''));
    expect((await invoke(ref, {}, 'DryRun')).status).toBe(204);
    expect((await invoke(ref, {}, 'Event')).status).toBe(202);
    await until(() => lines(file).length === 1);
    cloud.clock.advance(3600_000);
    expect((await invoke(ref)).status).toBe(200);
    expect(lines(file)).toHaveLength(2);
  });

  it('is tried three times, a minute and two minutes apart, with one request id', async () => {
    const file = join(cloud.context.dataDir, 'ran');
    const { ref } = await makeFunction(cloud, 'Never', counting(file, 'throw new Error("no")'));
    await invoke(ref, {}, 'Event');
    const left = () => cloud.context.database.prepare('SELECT attempts FROM lambda_events').all();
    for (const [attempts, wait] of [
      [1, 60_000],
      [2, 120_000],
    ] as const) {
      await until(() => left()[0]?.attempts === attempts);
      expect(lines(file)).toHaveLength(attempts);
      cloud.clock.advance(wait);
    }
    await until(() => left().length === 0);
    expect(lines(file)).toHaveLength(3);
    expect(new Set(lines(file)).size).toBe(1);
  });

  it('that finds its function at its reserved concurrency waits for its turn, and has failed nothing', async () => {
    const file = join(cloud.context.dataDir, 'ran');
    const pause = 'await new Promise(resolve => setTimeout(resolve, 50));';
    const { ref } = await makeFunction(cloud, 'Single', counting(file, pause), { ReservedConcurrentExecutions: 1 });
    for (let sent = 0; sent < 3; sent++) await invoke(ref, {}, 'Event');
    const left = () => cloud.context.database.prepare('SELECT attempts FROM lambda_events').all();
    await until(() => {
      expect(left().every(({ attempts }) => attempts === 0)).toBe(true);
      cloud.clock.advance(10_000);
      return left().length === 0;
    });
    expect(new Set(lines(file)).size).toBe(3);
    expect(lines(file)).toHaveLength(3);
  });

  it('survives a stop in the middle and runs again at the next start', async () => {
    const file = join(cloud.context.dataDir, 'ran');
    const flag = join(cloud.context.dataDir, 'flag');
    const source = counting(
      file,
      `const { existsSync } = await import('node:fs');
       while (!existsSync('${flag}')) await new Promise(resolve => setTimeout(resolve, 10));`,
    );
    const { ref } = await makeFunction(cloud, 'Stopped', source);
    await invoke(ref, { n: 1 }, 'Event');
    await until(() => lines(file).length === 1);
    cloud = await cloud.restart();
    writeFileSync(flag, '');
    await makeFunction(cloud, 'Stopped', source);
    await until(() => lines(file).length === 2);
    await until(() => cloud.context.database.prepare('SELECT * FROM lambda_events').all().length === 0);
    expect(new Set(lines(file)).size).toBe(1);
  });
});

describe('prewarming', () => {
  it('has an environment ready before the first request', async () => {
    cloud = await startEngines([createLambda]);
    const file = join(cloud.context.dataDir, 'loaded');
    const { ref } = await makeFunction(
      cloud,
      'Early',
      `import { appendFileSync } from 'node:fs';
       appendFileSync('${file}', process.pid + '\\n'); export const handler = () => process.pid;`,
    );
    (cloud.engines[0] as LambdaEngine).prewarm();
    await until(() => lines(file).length === 1);
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(String((await invoke(ref)).result)).toBe(lines(file)[0]);
  });
});
