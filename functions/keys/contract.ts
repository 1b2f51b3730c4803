/**
 * Keys, as the people of an account manage them. No key may: a key that leaks must not make others. Values that depend
 * on what the platform offers (permissions, functions, models, addresses) are checked by key-wish.ts, in words.
 */
import * as z from 'zod';
import { line } from '../accounts/fields-contract.ts';
import { afterEvent, auditEvents } from '../audit/contract.ts';
import { pageLimit } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';
import { keyMade, keyObject, leakReport } from './object-contract.ts';

const READ: Entry = {
  source: 'functions/keys/list-keys.lambda.ts',
  uses: { core: ['GetItem', 'Query keysByAccount'], audit: ['Query byActor'] },
};

const MANAGE: Entry = {
  source: 'functions/keys/manage-keys.lambda.ts',
  uses: {
    core: ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem', 'Query', 'Query keysByAccount'],
    audit: ['PutItem', 'Query byActor'],
  },
};

const id = z.string().regex(/^key_[0-9A-Za-z]{1,60}$/, 'it must be the id of a key');
const names = z.array(z.string().max(60)).min(1, 'it must name one or more; leave it out to narrow nothing').max(50);
const credits = z.int().min(1).max(100_000_000);

const moment = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/,
    'it must be a moment with its zone, such as 2027-01-31T00:00:00Z',
  )
  .refine(text => !Number.isNaN(Date.parse(text)), 'there is no such moment');

const wish = {
  name: line(100),
  permissions: names.optional(),
  read_only: z.boolean().optional(),
  functions: names.optional(),
  models: names.optional(),
  addresses: names.optional(),
  spend_limit: credits.optional(),
  expires_at: moment.optional(),
  expires_in_days: z.int().min(1).max(3650).optional(),
};

const managing = { roles: ['developer'], capability: 'keys' } as const;
/** What ends a key needs no status in which it could have others: who is frozen must still stop a key that leaked. */
const ending = { ...managing, capability: 'read' } as const;
const reading = { method: 'GET', roles: ['developer'], capability: 'read' } as const;

export const createKey = {
  entry: MANAGE,
  ...managing,
  method: 'POST',
  path: '/v1/keys',
  summary: 'Makes a key and shows it, this one time.',
  input: z.strictObject(wish),
  output: keyMade,
  success: { status: 201, contentType: 'application/json' },
} as const;

export const listKeys = {
  entry: READ,
  ...reading,
  path: '/v1/keys',
  summary: 'Lists the keys of the account, newest first, also those that open nothing any more.',
  input: z.strictObject({ limit: pageLimit, after: id.optional() }),
  output: z.object({ object: z.literal('list'), data: z.array(keyObject), has_more: z.boolean() }),
} as const;

export const retrieveKey = {
  entry: READ,
  ...reading,
  path: '/v1/keys/{id}',
  summary: 'Reads a key: what it may do, what it has left to spend, when it was last used.',
  input: z.strictObject({ id }),
  output: keyObject,
} as const;

export const changeKey = {
  entry: MANAGE,
  ...managing,
  method: 'PATCH',
  path: '/v1/keys/{id}',
  summary: 'Changes what a key is called and what it may do; what is left out stays, null takes a limit away.',
  input: z.strictObject({
    id,
    name: wish.name.optional(),
    permissions: wish.permissions,
    read_only: wish.read_only,
    functions: wish.functions.nullable(),
    models: wish.models.nullable(),
    addresses: wish.addresses.nullable(),
    spend_limit: wish.spend_limit,
    expires_at: wish.expires_at.nullable(),
    expires_in_days: wish.expires_in_days,
  }),
  output: keyObject,
} as const;

export const rotateKey = {
  entry: MANAGE,
  ...managing,
  method: 'POST',
  path: '/v1/keys/{id}/rotate',
  summary: 'Makes a key that may do the same, and lets the old one expire after an overlap.',
  input: z.strictObject({
    id,
    overlap_seconds: z
      .int()
      .min(0)
      .max(7 * 24 * 3600)
      .optional(),
  }),
  output: keyMade,
  success: { status: 201, contentType: 'application/json' },
} as const;

export const revokeKey = {
  entry: MANAGE,
  ...ending,
  method: 'DELETE',
  path: '/v1/keys/{id}',
  summary: 'Ends a key at once, for good.',
  input: z.strictObject({ id }),
  output: keyObject,
} as const;

export const reportLeak = {
  entry: MANAGE,
  ...ending,
  method: 'POST',
  path: '/v1/keys/{id}/report-leak',
  summary: 'Ends a key that others may have, at once, and answers what was done with it.',
  input: z.strictObject({ id, reason: z.string().trim().min(1).max(500).optional() }),
  output: leakReport,
} as const;

export const keyActivity = {
  entry: READ,
  ...reading,
  path: '/v1/keys/{id}/activity',
  summary: 'Lists what was done with a key and what it was refused, newest first.',
  input: z.strictObject({ id, limit: pageLimit, after: afterEvent }),
  output: auditEvents,
} as const;

export const KEYS: Family = {
  name: 'Keys',
  about:
    'API keys of an account: made and shown once, narrowed, rotated, revoked. People manage them with their token; no key may.',
  dialect: 'platform',
  routes: { createKey, listKeys, retrieveKey, changeKey, rotateKey, revokeKey, reportLeak, keyActivity },
  refuses: ['account_not_active', 'not_found', 'wrong_state', 'busy'],
};
