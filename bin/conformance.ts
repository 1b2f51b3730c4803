/** `npm run conformance`: what the embedded cloud does of AWS, operation by operation. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { offeredServices } from '../lib/local/cloud.ts';
import { type ConformanceRow, conformance } from '../lib/local/conformance.ts';
import { awsOperations } from './local/aws-operations.ts';

const HELP = `npm run -s conformance              every operation of the embedded cloud: right, or refused by its name
npm run -s conformance -- <service>  of one service, such as s3
npm run -s conformance -- --json     the same for machines

What is here comes out of the services' own tables, and what AWS has besides out of the SDK's clients; of services without
a client in this project (logs, scheduler, sts, streams) whatever is not listed is refused by its name too.
`;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

async function main(): Promise<void> {
  const [asked] = process.argv.slice(2);
  if (asked === '--help' || asked === '-h') return void process.stdout.write(HELP);
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  let rows: readonly ConformanceRow[];
  try {
    const known = Object.entries(await awsOperations(root)).map(([api, all]) => [api, all.map(({ name }) => name)]);
    rows = conformance(await offeredServices(folder), Object.fromEntries(known));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (asked === '--json') return void process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  const shown = rows.filter(({ api }) => asked === undefined || api.toLowerCase() === asked.toLowerCase());
  if (shown.length === 0)
    throw new Error(`no service ${asked}; there are ${[...new Set(rows.map(({ api }) => api))].join(', ')}`);
  const widest = Math.max(...shown.map(({ operation }) => operation.length));
  const width = Math.max(...shown.map(({ api }) => api.length));
  for (const { api, operation, support } of shown) {
    process.stdout.write(`${api.padEnd(width)}  ${operation.padEnd(widest)}  ${support}\n`);
  }
  const right = shown.filter(({ support }) => support === 'right').length;
  process.stdout.write(`\n${right} operations are right, ${shown.length - right} are refused by name.\n`);
}

// `| head` reads what it wants and goes.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
main().catch(error => {
  process.stderr.write(`No table: ${(error as Error).message}\n`);
  process.exit(1);
});
