/** Keys that were stopped as their use was unusual, for the account's own people. */
import * as z from 'zod';
import { reason } from '../accounts/fields-contract.ts';
import type { Entry, Family } from '../http/route.ts';
import { KEY_EXAMPLE, keyObject } from '../keys/object-contract.ts';

const UNFREEZE: Entry = {
  source: 'functions/risk/unfreeze-key.lambda.ts',
  uses: {
    core: ['GetItem', 'PutItem', 'UpdateItem', 'Query keysByAccount'],
    jobs: ['PutItem'],
    audit: ['Query byActor'],
  },
};

export const unfreezeKey = {
  entry: UNFREEZE,
  method: 'POST',
  path: '/v1/keys/{id}/unfreeze',
  summary:
    'Makes a key active again that was frozen as its use was unusual: where its `frozen_reason` says so. One that is active stays as it is.',
  roles: ['developer'],
  capability: 'keys',
  input: z.strictObject({
    id: z
      .string()
      .regex(/^key_[0-9A-Za-z]{1,60}$/, 'it must be the id of a key')
      .describe('The id of a key of your account.'),
    reason: reason.describe('What its use was, in your words.'),
  }),
  output: keyObject,
  example: {
    path: { id: KEY_EXAMPLE.id },
    body: { reason: 'We launched today: it was us, from our new servers.' },
    answer: KEY_EXAMPLE,
  },
} as const;

export const FROZEN_KEYS: Family = {
  name: 'Frozen keys',
  about: 'Keys that were stopped by themselves, because their use was unusual: GET /v1/keys says why and what to do.',
  dialect: 'platform',
  routes: { unfreezeKey },
  refuses: ['not_found', 'wrong_state', 'account_not_active', 'busy'],
};
