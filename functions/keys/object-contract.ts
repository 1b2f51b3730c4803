/** A key as it is answered. */
import * as z from 'zod';

const keyMembers = {
  id: z.string(),
  object: z.literal('key'),
  name: z.string(),
  state: z.enum(['active', 'frozen', 'expired', 'revoked']),
  hint: z.string(),
  permissions: z.array(z.string()),
  functions: z.array(z.string()).nullable(),
  models: z.array(z.string()).nullable(),
  addresses: z.array(z.string()).nullable(),
  spend_limit: z.int().nullable(),
  spent: z.int().nullable(),
  spendable: z.int().nullable(),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
  replaces: z.string().nullable(),
  replaced_by: z.string().nullable(),
};

export const keyObject = z.object(keyMembers);
export const keyMade = z.object({ ...keyMembers, key: z.string(), notice: z.string() });

const counts = {
  started: z.int(),
  succeeded: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  rejected: z.int(),
  credits_charged: z.int(),
  credits_released: z.int(),
};

export const leakReport = z.object({
  object: z.literal('key.leak_report'),
  key: keyObject,
  counted_from: z.string(),
  counted_to: z.string(),
  complete: z.boolean(),
  total: z.object(counts),
  by_function: z.array(z.object({ function: z.string(), model: z.string(), ...counts })),
  activity: z.string(),
});

/** What is said beside a new key. */
export const SHOWN_ONCE =
  'This is the only time that the key is shown: store it now. If this answer is lost, revoke the key and make another.';
