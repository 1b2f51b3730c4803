/** An example of every operation: what a client sends and what it is answered. */
import type { Example } from './bodies.ts';
import { CREATIONS } from './examples/creations.ts';
import { FINANCE } from './examples/finance.ts';
import { OTHER_CALLS } from './examples/other-calls.ts';
import { VIDEOS } from './examples/videos.ts';

export const EXAMPLES: Readonly<Record<string, Example>> = { ...CREATIONS, ...OTHER_CALLS, ...VIDEOS, ...FINANCE };
