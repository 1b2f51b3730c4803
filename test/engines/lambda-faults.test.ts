import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLambda } from '../../lib/local/lambda/lambda.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';
import { makeFunction } from '../support/function-asset.ts';

let cloud: EngineCloud;
let lambda: LambdaClient;

beforeAll(async () => {
  cloud = await startEngines([createLambda]);
  lambda = new LambdaClient({ ...cloud.client, maxAttempts: 1 });
});
afterAll(() => cloud.stop());

interface Failure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** What a function answers to `event`, and whether Lambda says that it failed. */
async function invoke(name: string, event: unknown = {}): Promise<{ failed: boolean; result: unknown }> {
  const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }));
  return {
    failed: answer.FunctionError === 'Unhandled',
    result: JSON.parse(answer.Payload?.transformToString() ?? 'null'),
  };
}

describe('a function that fails', () => {
  it('answers the error that its handler throws, and lives on', async () => {
    const source = `let n = 0;
      export const handler = async () => { if (n++ === 0) throw new RangeError('too far'); return n; };`;
    const made = await makeFunction(cloud, 'Throws', source);
    const { failed, result } = await invoke(made.ref);
    expect(failed).toBe(true);
    expect(result).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far' });
    expect((result as Failure).trace?.[0]).toBe('RangeError: too far');
    expect(await invoke(made.ref)).toEqual({ failed: false, result: 2 });
  });

  it('is killed when its time is over, even in an endless loop, and starts again', async () => {
    const source = 'export const handler = async e => { if (e.spin) for (;;); return process.pid; };';
    const made = await makeFunction(cloud, 'Spins', source, { Timeout: 1 });
    const { result: pid } = await invoke(made.ref);
    const { failed, result } = await invoke(made.ref, { spin: true });
    expect(failed).toBe(true);
    expect(result).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/),
    });
    expect((await invoke(made.ref)).result).not.toBe(pid);
  });

  it('answers Runtime.ExitError when its process exits, and starts again', async () => {
    const source =
      'export const handler = async e => { if (e.exit !== undefined) process.exit(e.exit); return "up"; };';
    const made = await makeFunction(cloud, 'Exits', source);
    expect((await invoke(made.ref, { exit: 3 })).result).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/Runtime exited with error: exit status 3$/),
    });
    expect((await invoke(made.ref, { exit: 0 })).result).toMatchObject({
      errorMessage: expect.stringMatching(/Runtime exited without providing a reason$/),
    });
    expect((await invoke(made.ref)).result).toBe('up');
  });

  it('runs out of memory at its own limit without harm to others', async () => {
    const source =
      'export const handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill(1.5)); };';
    const made = await makeFunction(cloud, 'Hungry', source, { MemorySize: 128, Timeout: 60 });
    expect((await invoke(made.ref)).result).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/signal: aborted$/),
    });
  });

  it('answers an error outside the handler', async () => {
    const source = `export const handler = async e => {
      if (e.reject) Promise.reject(new Error('nobody waits'));
      else setTimeout(() => { throw new TypeError('later'); });
      await new Promise(resolve => setTimeout(resolve, 5000));
    };`;
    const made = await makeFunction(cloud, 'Outside', source);
    expect((await invoke(made.ref, { reject: true })).result).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'Error: nobody waits',
    });
    expect((await invoke(made.ref)).result).toMatchObject({ errorType: 'TypeError', errorMessage: 'later' });
  });

  it('answers why its module did not load, and tries again for the next request', async () => {
    const broken = await makeFunction(cloud, 'Broken', 'throw new Error("no table configured");');
    for (let attempt = 0; attempt < 2; attempt++) {
      expect((await invoke(broken.ref)).result).toMatchObject({
        errorType: 'Error',
        errorMessage: 'no table configured',
      });
    }
    const importing = await makeFunction(cloud, 'Importing', 'import "not-there"; export const handler = () => 1;');
    expect((await invoke(importing.ref)).result).toMatchObject({ errorType: 'Runtime.ImportModuleError' });
    const unnamed = await makeFunction(cloud, 'Unnamed', 'export const other = () => 1;');
    expect((await invoke(unnamed.ref)).result).toMatchObject({
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: 'index.handler is undefined or not exported',
    });
    const callback = await makeFunction(cloud, 'Callback', 'export const handler = (e, c, done) => done(null, 1);');
    expect((await invoke(callback.ref)).result).toMatchObject({ errorType: 'Runtime.CallbackHandlerDeprecated' });
  });

  it('takes six MB and answers six MB, and no more', async () => {
    const made = await makeFunction(cloud, 'Large', 'export const handler = e => "x".repeat(e.length ?? 0);');
    expect(((await invoke(made.ref, { length: 6_000_000 })).result as string).length).toBe(6_000_000);
    expect(await invoke(made.ref, { length: 6_291_556 })).toMatchObject({
      failed: true,
      result: { errorType: 'Function.ResponseSizeTooLarge' },
    });
    await expect(invoke(made.ref, 'x'.repeat(6_291_455))).rejects.toMatchObject({
      name: 'RequestEntityTooLargeException',
      $metadata: { httpStatusCode: 413 },
    });
  });

  it('refuses a payload that is not JSON', async () => {
    await makeFunction(cloud, 'Strict', 'export const handler = () => 1;');
    await expect(
      lambda.send(new InvokeCommand({ FunctionName: 'Test-Strict', Payload: '{not json' })),
    ).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
  });
});

describe('when the process of the cloud is killed', () => {
  /** A cloud in a process of its own, whose function does `work` and is in the midst of it. */
  const start = async (work: string): Promise<{ parent: ChildProcess; pid: number; dataDir: string }> => {
    const dataDir = mkdtempSync(join(tmpdir(), 'killed-'));
    const busy = join(dataDir, 'busy');
    const source = `import { writeFileSync } from 'node:fs';
      export const handler = async event => {
        if (event.pid) return process.pid;
        writeFileSync('${busy}', '');
        ${work}
      };`;
    const script = join(import.meta.dirname, '../support/cloud-with-function.ts');
    const parent = spawn(process.execPath, [script, dataDir, source], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    while (!existsSync(busy)) await new Promise(resolve => setTimeout(resolve, 10));
    return { parent, pid: Number(line.toString()), dataDir };
  };
  const gone = async (pid: number): Promise<boolean> => {
    for (let look = 0; look < 100; look++) {
      try {
        process.kill(pid, 0);
      } catch {
        return true;
      }
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    return false;
  };

  it('leaves no function behind', async () => {
    const { parent, pid, dataDir } = await start('await new Promise(resolve => setTimeout(resolve, 600_000));');
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    parent.kill('SIGKILL');
    expect(await gone(pid)).toBe(true);
    rmSync(dataDir, { recursive: true });
  });

  it('ends at the next start a function that never yields', async () => {
    const { parent, pid, dataDir } = await start('for (;;);');
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    const next = await startEngines([createLambda], { dataDir });
    expect(await gone(pid)).toBe(true);
    expect(readdirSync(join(dataDir, 'lambda', 'environments'))).toEqual([]);
    await next.stop();
  });
});
