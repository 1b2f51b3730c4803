/** The test runner ends its processes by a signal, after which Node writes nothing: what was compiled is kept for the next one here. */
import { flushCompileCache } from 'node:module';
import { afterAll } from 'vitest';

afterAll(() => flushCompileCache());
