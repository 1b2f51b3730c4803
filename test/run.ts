/** `npm test`: the checks of the code, then every test by kind; the closing lines say what ran, and what took longest. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly { readonly status: string; readonly duration?: number }[];
  }[];
}

const KINDS = ['rules', 'template', 'engines', 'journeys', 'browser'];
const SLOWEST = 10;
/** `npm test -- test/rules` runs what matches; the checks of the code belong to a whole run. */
const selection = process.argv.slice(2);

/** All that a run leaves behind, however its processes end; and what they compile, they compile once. */
const folder = mkdtempSync(join(tmpdir(), 'mutoscope-tests-'));
const env = { ...process.env, CI: 'true', TMPDIR: folder, NODE_COMPILE_CACHE: join(folder, 'compiled') };
// A terminal sends Ctrl-C to the whole group: this process waits for the others, then clears up.
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (interrupted = true));

/** Runs a script with this Node; a check of the code is quiet until it ends. */
async function run(label: string, script: string, args: readonly string[], quiet = false): Promise<boolean> {
  const since = performance.now();
  const child = spawn(process.execPath, [script, ...args], {
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    env,
  });
  process.once('SIGTERM', () => child.kill('SIGTERM'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => (said += chunk));
  const [status] = await once(child, 'close');
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  process.stdout.write(`${said}${label}: ${status === 0 ? 'ok' : 'FAILED'}, ${seconds} s\n`);
  return status === 0;
}

const checks =
  selection.length > 0
    ? []
    : await Promise.all([
        run('types', 'node_modules/typescript/bin/tsc', ['-p', '.'], true),
        run('lint and format', 'node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.'], true),
        run('unused code', 'node_modules/knip/bin/knip.js', [], true),
      ]);
const json = join(folder, 'report.json');
const vitest = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${json}`, ...selection];
const tests = await run('tests', 'node_modules/vitest/vitest.mjs', vitest);

const testResults = report();
// What the test runner left to end by itself still writes there.
if (interrupted) await pause(2_000);
rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
const secondsOf = ({ startTime, endTime }: Report['testResults'][number]): number => (endTime - startTime) / 1000;
process.stdout.write('\nThe slowest files\n');
for (const file of testResults.toSorted((one, other) => secondsOf(other) - secondsOf(one)).slice(0, SLOWEST))
  process.stdout.write(`${secondsOf(file).toFixed(1).padStart(6)} s  ${relative(process.cwd(), file.name)}\n`);
const total = { passed: 0, failed: 0, skipped: 0 };
process.stdout.write('\n');
for (const kind of KINDS) {
  const files = testResults.filter(({ name }) => name.includes(`/test/${kind}/`));
  if (files.length === 0) continue;
  const results = files.flatMap(({ assertionResults }) => assertionResults);
  const count = (status: string): number => results.filter(result => result.status === status).length;
  // A file that could not even be loaded has no results of its own, and is a failure all the same.
  const unloaded = files.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length;
  const passed = count('passed');
  const failed = count('failed') + unloaded;
  total.passed += passed;
  total.failed += failed;
  total.skipped += results.length - passed - count('failed');
  // Two files run at a time, of whichever kinds.
  const minutes = (files.reduce((sum, file) => sum + secondsOf(file), 0) / 60).toFixed(1);
  process.stdout.write(
    `${kind.padEnd(9)} ${passed} passed, ${failed} failed in ${files.length} files, ${minutes} minutes\n`,
  );
}
process.stdout.write(
  `\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}\n`,
);
process.exit(tests && checks.every(Boolean) && total.passed > 0 && total.failed === 0 ? 0 : 1);

/** Nothing where the tests were interrupted before they could report. */
function report(): Report['testResults'] {
  try {
    return (JSON.parse(readFileSync(json, 'utf8')) as Report).testResults;
  } catch {
    return [];
  }
}
