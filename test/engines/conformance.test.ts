/** The table of `npm run conformance` tells the truth: every operation that AWS has is called over the wire. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AwsOperation, awsOperations } from '../../bin/local/aws-operations.ts';
import { LocalCloud, offeredServices } from '../../lib/local/cloud.ts';
import { type ConformanceRow, conformance } from '../../lib/local/conformance.ts';
import { type Answer, type Sent, send, sign } from '../support/wire-call.ts';

const root = join(import.meta.dirname, '../..');
let folder: string;
let cloud: LocalCloud;
let aws: Readonly<Record<string, readonly AwsOperation[]>>;
let rows: readonly ConformanceRow[];
let targets: ReadonlyMap<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const assembly = join(folder, 'assembly');
  mkdirSync(assembly);
  writeFileSync(join(assembly, 'manifest.json'), '{"version":"1.0.0","artifacts":{}}');
  aws = await awsOperations(root);
  const names = Object.entries(aws).map(([api, all]) => [api, all.map(({ name }) => name)] as const);
  const services = await offeredServices(join(folder, 'empty'));
  rows = conformance(services, Object.fromEntries(names));
  targets = new Map(
    services.flatMap(({ signingName, target }) => (target === undefined ? [] : [[signingName, target] as const])),
  );
  cloud = await LocalCloud.start({ assembly, dataDir: join(folder, 'data'), port: 0 });
});
afterAll(async () => {
  await cloud?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** A call of the operation with nothing of sense in it. */
function callOf(api: string, operation: AwsOperation): Sent {
  const target = targets.get(api);
  if (target !== undefined) {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${target}.${operation.name}` };
    return { headers, body: '{}' };
  }
  const { method = 'GET', path = '/', headers = [], query = [] } = operation.http ?? {};
  const isOfBucket = api === 's3' && operation.members.includes('Bucket');
  const url = new URL(`${isOfBucket ? '/bucket' : ''}${path.replace(/\{[^}]+\}/g, 'x')}`, cloud.awsUrl);
  for (const name of query) url.searchParams.set(name, '1');
  return { method, path: url.pathname + url.search, headers: Object.fromEntries(headers.map(name => [name, 'x'])) };
}

const call = async (api: string, operation: AwsOperation): Promise<Answer> =>
  send(cloud.client, await sign(api, callOf(api, operation), cloud.client));

/** What a service says of what is not in its table. */
const UNKNOWN = /UnknownOperation|NotImplemented|UnsupportedOperation|does not know|does not do/;

test('each operation of AWS stands in the table once, and each of ours is one of AWS where AWS is known', () => {
  for (const [api, all] of Object.entries(aws)) {
    const listed = rows.filter(row => row.api === api);
    expect(new Set(listed.map(({ operation }) => operation)).size).toBe(listed.length);
    const names = all.map(({ name }) => name);
    const more = listed.map(({ operation }) => operation).filter(name => !names.includes(name));
    // An upload by a form is HTTP alone, which no SDK does.
    expect(more).toEqual(api === 's3' ? ['PostObject'] : []);
  }
  expect(rows.filter(({ support }) => support === 'right').length).toBeGreaterThan(150);
});

test('what the table says is refused is refused by its name, and nothing else is', async () => {
  const wrong: string[] = [];
  for (const [api, all] of Object.entries(aws)) {
    // One that goes to a host of its own does not come here at all.
    const here = all.filter(({ http }) => !http?.elsewhere);
    const answers = await Promise.all(here.map(async operation => ({ operation, answer: await call(api, operation) })));
    for (const { operation, answer } of answers) {
      const { support } = rows.find(row => row.api === api && row.operation === operation.name) ?? {};
      const words = `${answer.errorType ?? ''} ${answer.text}`;
      const refused = answer.status >= 400 && UNKNOWN.test(words);
      if (refused !== (support === 'refused by name'))
        wrong.push(`${api} ${operation.name}: ${answer.status} ${words}`);
      if (answer.status === 500) wrong.push(`${api} ${operation.name} is a fault: ${words}`);
      if (refused && targets.has(api) && !words.includes(operation.name))
        wrong.push(`${operation.name} is not named: ${words}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('who reads only the first line of the table, as `| head -1` does, hears of no error', {
  timeout: 30_000,
}, async () => {
  const table = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'bin/conformance.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  table.stderr.setEncoding('utf8').on('data', text => {
    said += text;
  });
  table.stdout.destroy();
  const [code] = await once(table, 'exit');
  expect([code, said]).toEqual([0, '']);
});
