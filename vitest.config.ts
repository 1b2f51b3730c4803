import { globSync, readFileSync } from 'node:fs';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** One more than the smallest machine on which this is run has cores: some journeys wait for leases and deadlines. */
const WORKERS = 3;

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
const PRODUCT = new RegExp(`^${literally(import.meta.dirname)}/(?:bin|functions|lib)/`);

/**
 * Tests by kind, a folder each. All kinds run at the same time, in the order of these names. Files of a project that is
 * not isolated run in the same processes, one after another: what is loaded or started stays for the next.
 */
const project = (
  name: string,
  include: string[],
  isolate: boolean,
  seconds: number,
): TestProjectInlineConfiguration => ({
  test: {
    name,
    include,
    isolate,
    pool: 'forks',
    // Node runs the product itself, as it does everywhere else; only the tests pass through the test runner.
    server: { deps: { external: [PRODUCT] } },
    maxWorkers: WORKERS,
    // Tests that go on side by side share a platform: more of them only wait for each other, each in its own time limit.
    maxConcurrency: 2,
    setupFiles: 'test/support/compile-cache.ts',
    testTimeout: seconds * 1000,
    hookTimeout: seconds * 1000,
  },
});

/** What waits for minutes for other programs is run by its own command alone. */
const REHEARSAL = 'test/journeys/deployment.test.ts';
const isWanted = (file: string): boolean => file !== REHEARSAL || Boolean(process.env.REHEARSAL);
const files = (kind: string): string[] =>
  globSync(`test/${kind}/**/*.test.ts`, { cwd: import.meta.dirname }).filter(isWanted);
const says =
  (words: RegExp) =>
  (file: string): boolean =>
    words.test(readFileSync(file, 'utf8'));
const not =
  (holds: (file: string) => boolean) =>
  (file: string): boolean =>
    !holds(file);

/** The product's own clients keep the address of the first cloud that they called: who uses them has a process of its own, and who says so. */
const needsProcess = says(
  /\b(A process of its own|product-tables|generated-month|stubFunctionEnvironment|functions\/[\w/-]*-(store|client|command))\b/,
);
/** Journeys on the platform that each process starts once; the others start one of their own, and say why. */
const shares = says(/Platform\.shared\(/);

export default defineConfig({
  test: {
    projects: [
      project('engines', files('engines').filter(not(needsProcess)), false, 60),
      project('engines apart', files('engines').filter(needsProcess), true, 60),
      project('journeys', files('journeys').filter(shares), false, 180),
      project('journeys alone', files('journeys').filter(not(shares)).filter(not(needsProcess)), false, 180),
      project('journeys apart', files('journeys').filter(not(shares)).filter(needsProcess), true, 180),
      project('rules', ['test/rules/**/*.test.ts'], false, 30),
      project('template', ['test/template/**/*.test.ts'], false, 120),
    ],
  },
});
