/** `npm start`. A platform of its own: it is a process of its own, which is started twice. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { probe } from '../../functions/worker/media/probe.ts';
import type { EngineCloud } from '../support/engine-cloud.ts';
import { ROOT } from '../support/platform.ts';
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

it('a second start on the same data is refused while the first lives', async () => {
  const first = await Started.start(dataDir);
  await expect(Started.start(dataDir)).rejects.toThrow(/in use by process \d+/);
  await first.end('SIGINT');
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
