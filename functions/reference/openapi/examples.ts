/** An example of every operation: what a client sends and what it is answered. */
import type { Example } from '../../http/route.ts';
import { CREATIONS } from './examples/creations.ts';
import { OTHER_CALLS } from './examples/other-calls.ts';
import { VIDEOS } from './examples/videos.ts';

export const EXAMPLES: Readonly<Record<string, Example>> = { ...CREATIONS, ...OTHER_CALLS, ...VIDEOS };
