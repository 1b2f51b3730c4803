/** `npm test`: the checks of the code, then every test by kind; the closing lines say what ran. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly status: string; readonly duration?: number }[];
  }[];
}

const KINDS = ['rules', 'template', 'engines', 'journeys', 'browser'];
/** `npm test -- test/rules` runs what matches; the checks of the code belong to a whole run. */
const selection = process.argv.slice(2);

function run(label: string, script: string, args: readonly string[]): boolean {
  const since = performance.now();
  const { status } = spawnSync(process.execPath, [script, ...args], {
    stdio: 'inherit',
    env: { ...process.env, CI: 'true' },
  });
  process.stdout.write(
    `${label}: ${status === 0 ? 'ok' : 'FAILED'}, ${((performance.now() - since) / 1000).toFixed(1)} s\n`,
  );
  return status === 0;
}

const checks =
  selection.length > 0
    ? []
    : [
        run('types', 'node_modules/typescript/bin/tsc', ['-p', '.']),
        run('lint and format', 'node_modules/@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']),
        run('unused code', 'node_modules/knip/bin/knip.js', []),
      ];
const json = join(tmpdir(), `mutoscope-tests-${process.pid}.json`);
const vitest = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${json}`, ...selection];
const tests = run('tests', 'node_modules/vitest/vitest.mjs', vitest);

const { testResults } = JSON.parse(readFileSync(json, 'utf8')) as Report;
rmSync(json, { force: true });
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
  process.stdout.write(`${kind.padEnd(9)} ${passed} passed, ${failed} failed in ${files.length} files\n`);
}
process.stdout.write(
  `\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}\n`,
);
process.exit(tests && checks.every(Boolean) && total.passed > 0 && total.failed === 0 ? 0 : 1);
