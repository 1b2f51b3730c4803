/** An example of every operation: what a client sends and what it is answered. */
import type { Example } from '../../http/route.ts';
import { ACCOUNTS } from './examples/accounts.ts';
import { FINANCE } from './examples/finance.ts';
import { KEYS } from './examples/keys.ts';
import { LIMITS } from './examples/limits.ts';
import { OPERATORS } from './examples/operators.ts';
import { OTHER_CALLS } from './examples/other-calls.ts';
import { PAYMENTS } from './examples/payments.ts';

export const EXAMPLES: Readonly<Record<string, Example>> = {
  ...OTHER_CALLS,
  ...ACCOUNTS,
  ...OPERATORS,
  ...KEYS,
  ...PAYMENTS,
  ...FINANCE,
  ...LIMITS,
};
