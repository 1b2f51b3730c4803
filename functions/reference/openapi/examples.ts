/** An example of every operation: what a client sends and what it is answered. */
import type { Example } from '../../http/route.ts';
import { ACCOUNTS } from './examples/accounts.ts';
import { CREATIONS } from './examples/creations.ts';
import { KEYS } from './examples/keys.ts';
import { LIMITS } from './examples/limits.ts';
import { OPERATORS } from './examples/operators.ts';
import { OTHER_CALLS } from './examples/other-calls.ts';
import { VIDEOS } from './examples/videos.ts';

export const EXAMPLES: Readonly<Record<string, Example>> = {
  ...CREATIONS,
  ...OTHER_CALLS,
  ...VIDEOS,
  ...ACCOUNTS,
  ...OPERATORS,
  ...KEYS,
  ...LIMITS,
};
