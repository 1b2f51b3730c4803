/** Keys and what was done with one, as the API shows them. */
import * as z from 'zod';

const keyFields = {
  id: z.string().describe('The id of the key.'),
  object: z.literal('key').describe('What this is.'),
  name: z.string().describe('What you call it.'),
  state: z
    .enum(['active', 'frozen', 'expired', 'revoked'])
    .describe(
      'Only an active key is accepted. A `frozen` one can become active again; `expired` and `revoked` are for good.',
    ),
  hint: z.string().describe('The beginning and the end of the key, by which to recognise it.'),
  permissions: z.array(z.string()).describe('What it may do.'),
  functions: z.array(z.string()).nullable().describe('What it may start; null: all of the plan.'),
  models: z.array(z.string()).nullable().describe('Which models it may use; null: all of the plan.'),
  addresses: z
    .array(z.string())
    .nullable()
    .describe('The addresses and ranges from which it is accepted; null: from anywhere.'),
  spend_limit: z
    .int()
    .nullable()
    .describe('Credits that it may spend in all, together with the keys that it replaced; null: no limit.'),
  spent: z
    .int()
    .nullable()
    .describe('Of the limit: charged, or held for what is being made. Of a key without one, see the usage.'),
  spendable: z.int().nullable().describe('What is left of the limit.'),
  created_at: z.string().describe('When it was made, UTC.'),
  expires_at: z.string().nullable().describe('When it expires, UTC; null: it stays until it is revoked.'),
  revoked_at: z.string().nullable().describe('When it was revoked, UTC; null: it was not.'),
  last_used_at: z.string().nullable().describe('When it was last sent, UTC; null: not within 90 days.'),
  replaces: z.string().nullable().describe('The key that it came from by rotation.'),
  replaced_by: z.string().nullable().describe('The key that came from it by rotation.'),
  frozen_reason: z.string().nullable().describe('Why frozen; what to do.'),
};

export const keyObject = z.object(keyFields).meta({ id: 'Key', description: 'An API key, without its secret.' });
export const keyMade = z
  .object({
    ...keyFields,
    key: z.string().describe('The key itself.'),
    notice: z.string().describe('What to do with it.'),
  })
  .meta({ id: 'NewKey', description: 'A new API key, with its secret.' });

/** The notice beside a new key. */
export const SHOWN_ONCE =
  'This is the only time that the key is shown: store it now. If this answer is lost, revoke the key and make another.';

const counts = {
  started: z.int().describe('Jobs that were started with it.'),
  succeeded: z.int().describe('Of these and earlier ones: how many succeeded.'),
  failed: z.int().describe('How many failed.'),
  cancelled: z.int().describe('How many were cancelled.'),
  rejected: z.int().describe('How many were rejected by moderation.'),
  credits_charged: z.int().describe('What they cost.'),
  credits_released: z.int().describe('What was given back.'),
};

export const leakReport = z.object({
  object: z.literal('key.leak_report').describe('What this is.'),
  key: keyObject.describe('The key as it is now.'),
  counted_from: z.string().describe('The first UTC day that is counted.'),
  counted_to: z.string().describe('The last UTC day that is counted.'),
  complete: z
    .boolean()
    .describe(
      'Whether all of these days were counted; where not, the latest were, and the reports of usage have the rest.',
    ),
  total: z.object(counts).describe('What was made with it.'),
  by_function: z
    .array(
      z.object({
        function: z.string().describe('What was made.'),
        model: z.string().describe('The model that made it; empty for functions that have no models.'),
        ...counts,
      }),
    )
    .describe('The same by function and model.'),
  activity: z.string().describe('Where each call with it is listed.'),
});

export const KEY_EXAMPLE = {
  id: 'key_019f2a6a0c00Tq5vWxYz7AbCdE',
  object: 'key',
  name: 'render farm',
  state: 'active',
  hint: 'mut_4fKd…x7Qa',
  permissions: ['videos:create', 'videos:read'],
  functions: ['text_to_video'],
  models: ['v6'],
  addresses: ['203.0.113.0/24'],
  spend_limit: 10_000,
  spent: 1_240,
  spendable: 8_760,
  created_at: '2026-11-24T09:12:44.000Z',
  expires_at: '2027-02-22T09:12:44.000Z',
  revoked_at: null,
  last_used_at: '2026-11-24T11:40:02.000Z',
  replaces: null,
  replaced_by: null,
  frozen_reason: null,
};
export const REVOKED_EXAMPLE = { ...KEY_EXAMPLE, state: 'revoked', revoked_at: '2026-11-25T08:00:00.000Z' };
export const COUNTS_EXAMPLE = {
  started: 31,
  succeeded: 30,
  failed: 1,
  cancelled: 0,
  rejected: 0,
  credits_charged: 1_200,
  credits_released: 40,
};
