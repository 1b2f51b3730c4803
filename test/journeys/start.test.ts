/** `npm start`. A platform of its own: it is a process of its own, which is started twice. */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OPEN_ROUTES, ROUTES } from '../../functions/routes.ts';
import { probe } from '../../functions/worker/media/probe.ts';
import { lockDataDir } from '../../lib/local/folder-lock.ts';
import { SMALL } from '../support/api-client.ts';
import { blocksOf } from '../support/doc-blocks.ts';
import type { EngineCloud } from '../support/engine-cloud.ts';
import { assertInstalled } from '../support/installed.ts';
import { ROOT } from '../support/platform.ts';
import { misprint } from '../support/printed.ts';
import { descendantsOf, isAlive } from '../support/processes.ts';
import { Started } from '../support/start.ts';
import { callJson } from '../support/wire-call.ts';

let dataDir: string;

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'mutoscope-start-'));
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** The first function that writes logs where the platform's own calls have made it do so, and what it wrote. */
async function writingFunction(client: EngineCloud['client']) {
  const { Functions = [] } = await new LambdaClient(client).send(new ListFunctionsCommand({}));
  for (const { FunctionName = '', LoggingConfig } of Functions) {
    const call = { service: 'logs', target: 'Logs_20140328.FilterLogEvents' };
    const found = await callJson<{ events: { message: string }[] }>(client, call, {
      logGroupName: LoggingConfig?.LogGroup,
    });
    if (found.events.length > 0) return { FunctionName, logs: found.events.map(({ message }) => message) };
  }
  return { FunctionName: 'no function', logs: [] };
}

it('npm start says where everything is, makes the video of its prompt, and a second start finds the data of the first', async () => {
  const first = await Started.start(dataDir, ['a lighthouse at dawn, waves']);
  expect(first.output).toMatch(
    /POST +\/openapi\/v2\/video\/text\/generate +functions\/generation\/generate\.lambda\.ts/,
  );
  const listed = first.output.match(/^ {2}[A-Z]+ +\/\S* +functions\/\S+\.lambda\.ts$/gm) ?? [];
  // The contracts' routes, the pages that anybody may read and the webhook, each once; HEAD and OPTIONS go without saying.
  expect(listed).toHaveLength(Object.keys({ ...ROUTES, ...OPEN_ROUTES }).length);
  expect(listed.filter(line => /^ {2}(HEAD|OPTIONS) /.test(line))).toEqual([]);
  expect(first.output).toMatch(/ready in [\d.]+ s {2}\(synthesis \d+ ms, .*seed \d+ ms\)/);
  await first.says(/Saved (.+\.mp4)/);
  const [, path = ''] = /Saved (.+\.mp4)/.exec(first.output) ?? [];
  expect(await probe(path)).toMatchObject({
    width: 960,
    height: 540,
    fps: 24,
    faststart: true,
    audio: { codec: 'aac' },
  });
  expect(first.output).toMatch(/\[█{30}\] 100 % .*AI-generated/);
  const printed = blocksOf(readFileSync(join(ROOT, 'README.md'), 'utf8'), 'README.md').find(({ text }) =>
    text.includes('Mutoscope is ready'),
  );
  // Warnings of this Node come before it.
  const said = first.output.slice(first.output.indexOf('  Mutoscope is ready'));
  const inside = relative(ROOT, dataDir);
  // It is kept in another folder here.
  const shown = inside.startsWith('..') ? dataDir : inside;
  expect(misprint(printed?.text.replaceAll(' .mutoscope/', ` ${shown}/`) ?? '', said)).toBeUndefined();
  const balance = await first.api.balance();

  const { awsEndpoints, credentials, region, accountId } = first.local;
  const client = new DynamoDBClient({ endpoint: awsEndpoints.dynamodb ?? '', region, credentials });
  expect((await client.send(new ListTablesCommand({}))).TableNames).toHaveLength(6);
  for (const kept of ['', 'local.json', 'cloud.sqlite', 'cloud.sqlite-wal', 'cloud.sqlite-shm']) {
    expect([kept, statSync(join(dataDir, kept)).mode & 0o077]).toEqual([kept, 0]);
  }
  const shell = (script: string) =>
    execFileSync('sh', ['-c', `eval $("${process.execPath}" "${join(ROOT, 'bin/env.ts')}"); ${script}`], {
      env: { PATH: process.env.PATH, MUTOSCOPE_DATA_DIR: dataDir, AWS_SESSION_TOKEN: 'of another account' },
      encoding: 'utf8',
    }).trim();
  expect(shell('echo "$AWS_ENDPOINT_URL $AWS_DEFAULT_REGION $AWS_ACCESS_KEY_ID $API $AWS_SESSION_TOKEN"')).toBe(
    [awsEndpoints.sts, region, credentials.accessKeyId, first.local.apiUrl].join(' '),
  );

  const { FunctionName, logs } = await writingFunction({ endpoint: awsEndpoints.lambda ?? '', region, credentials });
  expect(logs, FunctionName).toContainEqual(expect.stringMatching(/^REPORT RequestId: /));

  const children = descendantsOf(first.child.pid ?? 0);
  expect(children.length).toBeGreaterThan(1);
  expect(await first.end('SIGINT')).toBe(0);
  expect(children.filter(({ pid }) => isAlive(pid))).toEqual([]);

  const second = await Started.start(dataDir);
  expect(second.local.accountId).toBe(accountId);
  expect(await second.api.balance()).toBe(balance);
  const id = /(\d+)\.mp4$/.exec(path)?.[1] ?? '';
  const { Resp } = await second.api.result(id);
  expect(Resp.status).toBe(1);
  expect(Buffer.from(await (await fetch(Resp.url)).arrayBuffer()).equals(readFileSync(path))).toBe(true);
  await second.end('SIGTERM');
});

it('a second start on the same data is refused while the first lives, which ends in order when the shell that started it is killed alone', async () => {
  assertInstalled(ROOT);
  const first = await Started.start(dataDir, [], {
    // As npm does it; what comes after the program keeps the shell.
    command: ['/bin/sh', '-c', `"${process.execPath}" bin/run.mjs bin/local.ts; exit`],
    env: { npm_lifecycle_event: 'start' },
  });
  await expect(Started.start(dataDir)).rejects.toThrow(/in use by process \d+/);
  const processes = descendantsOf(first.child.pid ?? 0);
  await first.end('SIGKILL');
  await expect.poll(() => processes.filter(({ pid }) => isAlive(pid)), { timeout: 20_000 }).toEqual([]);
  expect(first.output).toMatch(/stopping, as what started it has ended/);
  lockDataDir(dataDir)();
});

it('a full disk: calls that write are answered with 5xx, nothing ends, and all goes on when there is room', async () => {
  const started = await Started.start(dataDir);
  const { Resp: before } = await started.api.generate(SMALL);
  // Every write of the platform to a file now fails, as on a disk without room, while its functions and worker go on.
  const limit = (bytes: string) => execFileSync('prlimit', ['--pid', String(started.child.pid), `--fsize=${bytes}`]);
  limit('1:unlimited');
  const refused = await started.api.generate(SMALL);
  expect(refused.status).toBeGreaterThanOrEqual(500);
  // The worker, the streams, the schedules and the state machine meet it too.
  await pause(3_000);
  expect((await started.api.generate(SMALL)).status).toBeGreaterThanOrEqual(500);
  limit('unlimited:unlimited');
  const { Resp: after } = await started.api.generate(SMALL);
  for (const { video_id } of [before, after]) {
    expect((await started.api.ended(video_id)).Resp).toMatchObject({ status: 1, state: 'succeeded' });
  }
  const logs = globSync(join(dataDir, 'logs', '*.log')).map(file => readFileSync(file, 'utf8'));
  expect(logs.join('')).toContain('"event":"log.lost"');
  expect(await started.end('SIGTERM')).toBe(0);
});

it('--help says what can be set, and starts nothing', () => {
  const output = execFileSync(process.execPath, [join(ROOT, 'bin/local.ts'), '--help'], { encoding: 'utf8' });
  expect(output).toMatch(/PORT[\s\S]*MUTOSCOPE_DATA_DIR/);
  expect(existsSync(join(dataDir, 'lock'))).toBe(false);
});

it('data of an earlier format are refused before anything touches them, with what to do', async () => {
  const earlier = mkdtempSync(join(tmpdir(), 'mutoscope-earlier-'));
  const database = join(earlier, 'cloud.sqlite');
  writeFileSync(database, 'as an earlier version wrote it');
  await expect(Started.start(earlier)).rejects.toThrow(/written by an earlier version .*Delete the folder/);
  expect(readFileSync(database, 'utf8')).toBe('as an earlier version wrote it');
  rmSync(earlier, { recursive: true });
});
