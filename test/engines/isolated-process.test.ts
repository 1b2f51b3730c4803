import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runIsolated } from '../../functions/worker/media/isolated-process.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mutoscope-isolated-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs an entry of this source; `job.started` is a file that it writes first. */
function run(name: string, source: string, signal?: AbortSignal, timeoutMs = 20_000) {
  const started = join(folder, `${name}.started`);
  writeFileSync(
    join(folder, `${name}.mjs`),
    `import { writeFileSync } from 'node:fs';
     process.once('message', async job => {
       writeFileSync(job.started, String(process.pid));
       ${source}
     });`,
  );
  const limits = { timeoutMs, maxMemoryMb: 64, ...(signal && { signal }) };
  const beside = pathToFileURL(join(folder, 'caller.mjs')).href;
  return { started, answer: runIsolated<unknown>(name, beside, { started }, limits) };
}

describe('a job in a process of its own', () => {
  it('answers once, without an environment', async () => {
    const source =
      'process.send(Object.keys(process.env).filter(name => name !== "NODE_COMPILE_CACHE"), () => process.exit());';
    // The channel's own two are Node's.
    expect(await run('answers', source).answer).toEqual(expect.not.arrayContaining(['PATH', 'HOME']));
  });

  it('is not started for who has given up already', async () => {
    const { started, answer } = run('late', '', AbortSignal.abort());
    await expect(answer).rejects.toMatchObject({ code: 'aborted' });
    expect(existsSync(started)).toBe(false);
  });

  it('is killed when its caller gives up', async () => {
    const giveUp = new AbortController();
    const { started, answer } = run('waits', 'setInterval(() => {}, 1000);', giveUp.signal);
    const refused = expect(answer).rejects.toMatchObject({ code: 'aborted' });
    await expect.poll(() => existsSync(started), { timeout: 10_000 }).toBe(true);
    giveUp.abort();
    await refused;
  });

  it('that dies says how, with its last words', async () => {
    const { answer } = run('dies', 'process.stderr.write("out of luck", () => process.exit(3));');
    await expect(answer).rejects.toMatchObject({
      code: 'crashed',
      message: expect.stringMatching(/dies ended with exit code 3: .*out of luck/),
    });
  });
});
