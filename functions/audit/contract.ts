/** The audit trail as its owner and operators read it. */
import * as z from 'zod';
import { afterId, pageEnds, pageLimit } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';

const AUDIT: Entry = {
  source: 'functions/audit/audit.lambda.ts',
  uses: { audit: ['Query'] },
};

export const afterEvent = z
  .string()
  .regex(/^evt_[0-9A-Za-z]{1,60}$/, 'it must be the id of an event')
  .optional()
  .describe(afterId);

const page = { limit: pageLimit, after: afterEvent };

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
  summary: 'Lists what was changed and refused in the account, newest first.',
  roles: ['developer'],
  capability: 'read',
  input: z.strictObject(page),
  output: auditEvents,
  example: { query: { limit: 20 }, answer: EXAMPLE },
} as const;

export const listAccountAudit = {
  entry: AUDIT,
  method: 'GET',
  path: '/v1/operators/accounts/{id}/audit',
  summary: 'Lists what was changed and refused in an account, newest first.',
  roles: ['operator'],
  input: z.strictObject({ id: z.string().max(100).describe('The id of an account.'), ...page }),
  output: auditEvents,
  example: { path: { id: 'acct_019f2a6a0c00Ab3dEfGh5JkLmN' }, query: { limit: 20 }, answer: EXAMPLE },
} as const;

export const AUDIT_TRAIL: Family = {
  name: 'Audit',
  about:
    'What was changed in an account and what was refused, by whom and from where: appended, chained by hashes, never changed.',
  dialect: 'platform',
  routes: { listAudit, listAccountAudit },
  refuses: ['account_not_active'],
};
