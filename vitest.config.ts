import { defineConfig } from 'vitest/config';

/** Tests by kind, a folder each; the journeys come last and one file at a time, as each boots a whole platform. */
const project = (name: string, options: { parallel: boolean; timeoutSeconds: number; order: number }) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    pool: 'forks' as const,
    fileParallelism: options.parallel,
    testTimeout: options.timeoutSeconds * 1000,
    hookTimeout: options.timeoutSeconds * 1000,
    sequence: { groupOrder: options.order },
  },
});

export default defineConfig({
  test: {
    projects: [
      project('rules', { parallel: true, timeoutSeconds: 30, order: 0 }),
      project('template', { parallel: true, timeoutSeconds: 120, order: 1 }),
      project('engines', { parallel: true, timeoutSeconds: 60, order: 2 }),
      project('journeys', { parallel: false, timeoutSeconds: 180, order: 3 }),
    ],
  },
});
