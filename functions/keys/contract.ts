/**
 * Keys, as the people of an account manage them. No key may: a key that leaks must not make others. Values that depend
 * on what the platform offers (permissions, functions, models, addresses) are checked by key-spec.ts.
 */
import * as z from 'zod';
import { line } from '../accounts/fields-contract.ts';
import { afterEvent, auditEvents } from '../audit/contract.ts';
import { FUNCTIONS } from '../catalogue/functions.ts';
import { list, MODELS } from '../catalogue/models.ts';
import { PERMISSIONS } from '../catalogue/permissions.ts';
import { isMoment } from '../http/moment-contract.ts';
import { afterId, pageEnds, pageLimit } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';
import {
  COUNTS_EXAMPLE,
  KEY_EXAMPLE,
  keyMade,
  keyObject,
  leakReport,
  REVOKED_EXAMPLE,
  SHOWN_ONCE,
} from './object-contract.ts';

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

const id = z
  .string()
  .regex(/^key_[0-9A-Za-z]{1,60}$/, 'it must be the id of a key')
  .describe('The id of a key of your account.');
const names = z.array(z.string().max(60)).min(1, 'it must name one or more; leave it out to narrow nothing').max(50);
const credits = z.int().min(1).max(100_000_000);

const moment = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/,
    'it must be a moment with its zone, such as 2027-01-31T00:00:00Z',
  )
  .refine(isMoment, 'there is no such moment');

const FUNCTION_NAMES = list(Object.keys(FUNCTIONS));
const MODEL_NAMES = list(MODELS.map(({ name }) => name));

const spec = {
  name: line(100).describe('What you call it.'),
  permissions: names.optional().describe(`What it may do: some of ${list(PERMISSIONS)}.`),
  read_only: z.boolean().optional().describe('In place of `permissions`: it may read and nothing else.'),
  functions: names.optional().describe(`What it may start, of ${FUNCTION_NAMES}; all of the plan where left out.`),
  models: names.optional().describe(`Which models it may use, of ${MODEL_NAMES}; all of the plan where left out.`),
  addresses: names
    .optional()
    .describe('From where it is accepted: addresses and CIDR ranges, IPv4 or IPv6; from anywhere where left out.'),
  spend_limit: credits
    .optional()
    .describe('Credits that it may spend in all. A limit stays once it is set; it can be raised and lowered.'),
  expires_at: moment.optional().describe('The moment from which it is not accepted, with its zone.'),
  expires_in_days: z.int().min(1).max(3650).optional().describe('In place of `expires_at`: days from now.'),
};
const ID = KEY_EXAMPLE.id;

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
  input: z.strictObject(spec),
  output: keyMade,
  success: { status: 201, contentType: 'application/json' },
  example: {
    body: {
      name: 'render farm',
      permissions: ['videos:create', 'videos:read'],
      functions: ['text_to_video'],
      models: ['v6'],
      addresses: ['203.0.113.0/24'],
      spend_limit: 10_000,
      expires_in_days: 90,
    },
    answer: {
      ...KEY_EXAMPLE,
      spent: 0,
      spendable: 10_000,
      last_used_at: null,
      key: 'mut_4fKd…x7Qa',
      notice: SHOWN_ONCE,
    },
  },
} as const;

export const listKeys = {
  entry: READ,
  ...reading,
  path: '/v1/keys',
  summary: 'Lists the keys of the account, newest first, also those that are no longer accepted.',
  input: z.strictObject({ limit: pageLimit, after: id.optional().describe(afterId) }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z.array(keyObject).describe('The keys, newest first.'),
    ...pageEnds,
  }),
  example: {
    query: { limit: 20 },
    answer: { object: 'list', data: [KEY_EXAMPLE], first_id: KEY_EXAMPLE.id, last_id: KEY_EXAMPLE.id, has_more: false },
  },
} as const;

export const retrieveKey = {
  entry: READ,
  ...reading,
  path: '/v1/keys/{id}',
  summary: 'Reads a key: what it may do, what it has left to spend, when it was last used.',
  input: z.strictObject({ id }),
  output: keyObject,
  example: { path: { id: ID }, answer: KEY_EXAMPLE },
} as const;

export const changeKey = {
  entry: MANAGE,
  ...managing,
  method: 'PATCH',
  path: '/v1/keys/{id}',
  summary: 'Changes what a key is called and what it may do; what is left out stays, null takes a limit away.',
  input: z.strictObject({
    id,
    name: spec.name.optional(),
    permissions: spec.permissions,
    read_only: spec.read_only,
    functions: spec.functions.nullable().describe(`What it may start, of ${FUNCTION_NAMES}; null: all of the plan.`),
    models: spec.models.nullable().describe(`Which models it may use, of ${MODEL_NAMES}; null: all of the plan.`),
    addresses: spec.addresses
      .nullable()
      .describe('From where it is accepted: addresses and CIDR ranges, IPv4 or IPv6; null: from anywhere.'),
    spend_limit: spec.spend_limit,
    expires_at: spec.expires_at
      .nullable()
      .describe('The moment from which it is not accepted, with its zone; null: it stays until it is revoked.'),
    expires_in_days: spec.expires_in_days,
  }),
  output: keyObject,
  example: {
    path: { id: ID },
    body: { spend_limit: 20_000 },
    answer: { ...KEY_EXAMPLE, spend_limit: 20_000, spendable: 18_760 },
  },
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
      .optional()
      .describe(
        'How long the old key goes on, in seconds, at most 7 days; 0 revokes it at once, 24 hours where left out. Both share one spend limit.',
      ),
  }),
  output: keyMade,
  success: { status: 201, contentType: 'application/json' },
  example: {
    path: { id: ID },
    body: { overlap_seconds: 3_600 },
    answer: {
      ...KEY_EXAMPLE,
      id: 'key_019f2b01d400Bn4mKj8HgFdSaQ',
      last_used_at: null,
      replaces: ID,
      key: 'mut_9sLp…a2Rt',
      notice: SHOWN_ONCE,
    },
  },
} as const;

export const revokeKey = {
  entry: MANAGE,
  ...ending,
  method: 'DELETE',
  path: '/v1/keys/{id}',
  summary: 'Ends a key at once, for good.',
  input: z.strictObject({ id }),
  output: keyObject,
  example: { path: { id: ID }, answer: REVOKED_EXAMPLE },
} as const;

export const reportLeak = {
  entry: MANAGE,
  ...ending,
  method: 'POST',
  path: '/v1/keys/{id}/report-leak',
  summary: 'Ends a key that others may have, at once, and reports what was done with it.',
  input: z.strictObject({
    id,
    reason: z.string().trim().min(1).max(500).optional().describe('In your words, for the audit trail.'),
  }),
  output: leakReport,
  example: {
    path: { id: ID },
    body: { reason: 'it was in a public repository' },
    answer: {
      object: 'key.leak_report',
      key: REVOKED_EXAMPLE,
      counted_from: '2026-10-27',
      counted_to: '2026-11-25',
      complete: true,
      total: COUNTS_EXAMPLE,
      by_function: [{ function: 'text_to_video', model: 'v6', ...COUNTS_EXAMPLE }],
      activity: `https://api.example.com/v1/keys/${ID}/activity`,
    },
  },
} as const;

export const keyActivity = {
  entry: READ,
  ...reading,
  path: '/v1/keys/{id}/activity',
  summary: 'Lists what was done with a key and what it was refused, newest first.',
  input: z.strictObject({ id, limit: pageLimit, after: afterEvent }),
  output: auditEvents,
  example: {
    path: { id: ID },
    query: { limit: 20 },
    answer: {
      object: 'list',
      data: [
        {
          id: 'evt_019f2a6b2d00Hc8Jk2LmN4pQrS',
          object: 'audit.event',
          at: '2026-11-24T09:14:01.000Z',
          action: 'key.used',
          actor: { kind: 'key', id: ID },
          address: '203.0.113.7',
          client: 'curl/8.9',
          subject: 'POST /v1/videos',
          reason: null,
          detail: { requestId: '0b6f1a52-7c1e-4a57-9d55-3f3f5b6a1c11' },
        },
      ],
      first_id: 'evt_019f2a6b2d00Hc8Jk2LmN4pQrS',
      last_id: 'evt_019f2a6b2d00Hc8Jk2LmN4pQrS',
      has_more: true,
    },
  },
} as const;

export const KEYS: Family = {
  name: 'Keys',
  about:
    'API keys of an account: made and shown once, narrowed, rotated, revoked. People manage them with their token; no key may.',
  dialect: 'platform',
  routes: { createKey, listKeys, retrieveKey, changeKey, rotateKey, revokeKey, reportLeak, keyActivity },
  refuses: ['account_not_active', 'not_found', 'wrong_state', 'busy'],
};
