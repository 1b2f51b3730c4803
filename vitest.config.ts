import { globSync, readFileSync } from 'node:fs';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** As many as the cores of the smallest machine on which this is run: a third was measured, and gains nothing. */
const WORKERS = 2;

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
    setupFiles: 'test/support/compile-cache.ts',
    testTimeout: seconds * 1000,
    hookTimeout: seconds * 1000,
  },
});

/** Tests of the embedded cloud and of the preview engine, which keep nothing in their process; the others load the product's own clients, or DuckDB. */
const TOGETHER = globSync(
  [
    'test/engines/{apigateway,aws-endpoint,cognito,dynamodb,lambda,logs,s3,scheduler,secretsmanager,ses,sqs,states}*.test.ts',
    'test/engines/{film,masks,mimic,pictures,shots,voices}*.test.ts',
  ],
  { cwd: import.meta.dirname },
);

/** Journeys on the platform that each process starts once; the others start one of their own, and say why. */
const journeys = globSync('test/journeys/**/*.test.ts', { cwd: import.meta.dirname });
const shares = (file: string): boolean => readFileSync(file, 'utf8').includes('Platform.shared(');

export default defineConfig({
  test: {
    projects: [
      project('engines', TOGETHER, false, 60),
      project(
        'engines apart',
        globSync('test/engines/**/*.test.ts', { cwd: import.meta.dirname }).filter(file => !TOGETHER.includes(file)),
        true,
        60,
      ),
      project('journeys', journeys.filter(shares), false, 180),
      project(
        'journeys apart',
        journeys.filter(file => !shares(file)),
        true,
        180,
      ),
      project('rules', ['test/rules/**/*.test.ts'], false, 30),
      project('template', ['test/template/**/*.test.ts'], false, 120),
    ],
  },
});
