/** The audit trail as its owner and operators read it. */
import * as z from 'zod';
import { pageLimit } from '../http/page-contract.ts';
import type { Entry, Family } from '../http/route.ts';

const AUDIT: Entry = {
  source: 'functions/audit/audit.lambda.ts',
  uses: { audit: ['Query'] },
};

/** The last event of the page before. */
export const afterEvent = z
  .string()
  .regex(/^evt_[0-9A-Za-z]{1,60}$/, 'it must be the id of an event')
  .optional();

const page = {
  limit: pageLimit,
  after: afterEvent,
};

export const auditEventObject = z.object({
  id: z.string(),
  object: z.literal('audit.event'),
  at: z.string(),
  action: z.string(),
  actor: z.object({ kind: z.enum(['key', 'person', 'platform']), id: z.string() }),
  address: z.string().nullable(),
  client: z.string().nullable(),
  subject: z.string().nullable(),
  reason: z.string().nullable(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

export const auditEvents = z.object({
  object: z.literal('list'),
  data: z.array(auditEventObject),
  has_more: z.boolean(),
});

export const listAudit = {
  entry: AUDIT,
  method: 'GET',
  path: '/v1/audit',
  summary: 'Lists what was changed and refused in the account, newest first.',
  roles: ['developer'],
  act: 'read',
  input: z.strictObject(page),
  output: auditEvents,
} as const;

export const listAccountAudit = {
  entry: AUDIT,
  method: 'GET',
  path: '/v1/operators/accounts/{id}/audit',
  summary: 'Lists what was changed and refused in an account, newest first.',
  roles: ['operator'],
  input: z.strictObject({ id: z.string().max(100), ...page }),
  output: auditEvents,
} as const;

export const AUDIT_TRAIL: Family = {
  name: 'Audit',
  about:
    'What was changed in an account and what was refused, by whom and from where: appended, chained by hashes, never changed.',
  dialect: 'platform',
  routes: { listAudit, listAccountAudit },
  refuses: ['account_not_active'],
};
