/** The audit trail as its owner and operators read it. */
import * as z from 'zod';
import { AUDIT_ACTIONS } from '../catalogue/audit-actions.ts';
import { ROLES } from '../catalogue/permissions.ts';
import { afterId, pageEnds, pageLimit } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';

const AUDIT: Entry = {
  source: 'functions/audit/audit.lambda.ts',
  uses: { audit: ['GetItem', 'Query', 'Query byRequest'] },
};

export const afterEvent = z
  .string()
  .regex(/^evt_[0-9A-Za-z]{1,60}$/, 'it must be the id of an event')
  .optional()
  .describe(afterId);

const moment = z.iso
  .datetime({ offset: true, error: 'it must be a time of ISO 8601, such as 2026-11-24T09:00:00Z' })
  .transform(text => Date.parse(text))
  .pipe(
    z
      .int()
      .min(0)
      .max(2 ** 48 - 1),
  );

const page = {
  limit: pageLimit,
  after: afterEvent,
  of: z
    .enum(['changes', 'calls'])
    .optional()
    .describe('`changes`, what was changed and refused, where left out; `calls`, what else was called: for 90 days.'),
  action: z
    .string()
    .max(300)
    .transform(text => text.split(',').map(name => name.trim()))
    .pipe(z.array(z.enum(AUDIT_ACTIONS)).min(1).max(AUDIT_ACTIONS.length))
    .optional()
    .describe('Only these actions, separated by commas, such as `key.created,key.revoked`.'),
  actor: z.string().max(200).optional().describe('Only what this key or person did, by its id.'),
  target: z.string().max(200).optional().describe('Only what was done to this: the `subject` of the event, whole.'),
  from: moment.optional().describe('From this time on, ISO 8601.'),
  to: moment.optional().describe('Up to this time, ISO 8601.'),
};

export const auditEventObject = z
  .object({
    id: z.string().describe('The id of the event.'),
    object: z.literal('audit.event').describe('What this is.'),
    at: z.string().describe('When, UTC.'),
    action: z.string().describe('What was done, as `noun.what_happened`; `call.refused` for what was not.'),
    actor: z
      .object({
        kind: z
          .enum(['key', 'person', 'platform'])
          .describe('`key`, `person`, or `platform` for what it did by itself.'),
        id: z.string().describe('Its id.'),
      })
      .describe('Who did it.'),
    address: z.string().nullable().describe('The network address that the call came from.'),
    client: z.string().nullable().describe('What the client calls itself.'),
    subject: z.string().nullable().describe('What it was done to: an id, or the route of a refused call.'),
    reason: z.string().nullable().describe("Why, in a person's words, or the code of the refusal."),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).describe('What changed.'),
  })
  .meta({ id: 'AuditEvent', description: 'An event of the audit trail.' });

export const auditEvents = z
  .object({
    object: z.literal('list').describe('What this is.'),
    data: z.array(auditEventObject).describe('The events, newest first.'),
    ...pageEnds,
  })
  .meta({ id: 'AuditEvents', description: 'A page of the audit trail.' });

const EXAMPLE = {
  object: 'list',
  data: [
    {
      id: 'evt_019f2a6b2d00Hc8Jk2LmN4pQrS',
      object: 'audit.event',
      at: '2026-11-24T09:12:44.000Z',
      action: 'key.revoked',
      actor: { kind: 'person', id: 'user_5b1c2f0e' },
      address: '203.0.113.7',
      client: 'curl/8.9',
      subject: 'key_019f2a6a0c00Tq5vWxYz7AbCdE',
      reason: 'it was in a public repository',
      detail: {},
    },
  ],
  first_id: 'evt_019f2a6b2d00Hc8Jk2LmN4pQrS',
  last_id: 'evt_019f2a6b2d00Hc8Jk2LmN4pQrS',
  has_more: false,
};

export const listAudit = {
  entry: AUDIT,
  method: 'GET',
  path: '/v1/audit',
  summary: 'Lists what was changed, refused or called in the account, newest first.',
  roles: ['developer'],
  capability: 'read',
  input: z.strictObject(page),
  output: auditEvents,
  example: { query: { action: 'key.revoked', from: '2026-11-24T00:00:00Z' }, answer: EXAMPLE },
} as const;

export const listAccountAudit = {
  entry: AUDIT,
  method: 'GET',
  path: '/v1/operators/accounts/{id}/audit',
  summary: 'Lists what was changed, refused or called in an account, newest first.',
  roles: ['operator'],
  input: z.strictObject({ id: z.string().max(100).describe('The id of an account.'), ...page }),
  output: auditEvents,
  example: { path: { id: 'acct_019f2a6a0c00Ab3dEfGh5JkLmN' }, query: { limit: 20 }, answer: EXAMPLE },
} as const;

const requestObject = z
  .object({
    id: z.string().describe('The id: `x-request-id` of the answer.'),
    object: z.literal('request').describe('What this is.'),
    at: z.string().describe('When it was answered, UTC.'),
    method: z.string().describe('Its method.'),
    route: z.string().describe('Its route, as this reference writes it.'),
    status: z.int().nullable().describe('The HTTP status of the answer.'),
    code: z.string().nullable().describe('The code of the refusal; null where it was not refused.'),
    video_id: z.string().nullable().describe('The video that it started or was about.'),
    account_id: z.string().nullable().describe('The account that called; null for staff.'),
    actor: auditEventObject.shape.actor,
  })
  .meta({ id: 'Request', description: 'A call, as it was answered.' });

export const readRequest = {
  entry: AUDIT,
  method: 'GET',
  path: '/v1/requests/{id}',
  summary: 'Reads how a call was answered, by its `x-request-id`: for 90 days, and refused ones for good.',
  permission: 'videos:read',
  roles: ROLES,
  capability: 'read',
  metered: false,
  input: z.strictObject({
    id: z.string().min(1).max(100).describe('`x-request-id` of the answer; of a problem, what follows `urn:request:`.'),
  }),
  output: requestObject,
  example: {
    path: { id: '0b6f1a52-7c1e-4a57-9d55-3f3f5b6a1c11' },
    answer: {
      id: '0b6f1a52-7c1e-4a57-9d55-3f3f5b6a1c11',
      object: 'request',
      at: '2026-11-24T09:14:01.000Z',
      method: 'POST',
      route: '/v1/videos',
      status: 402,
      code: 'insufficient_credits',
      video_id: null,
      account_id: 'acct_019f2a6a0c00Ab3dEfGh5JkLmN',
      actor: { kind: 'key', id: 'key_019f2a6a0c00Tq5vWxYz7AbCdE' },
    },
  },
} as const;

export const AUDIT_TRAIL: Family = {
  name: 'Audit',
  about:
    'What was changed in an account and what was refused, by whom and from where: appended, chained by hashes, never changed.',
  dialect: 'platform',
  routes: { listAudit, listAccountAudit, readRequest },
  refuses: ['account_not_active', 'not_found'],
};
