/** The audit trail as its owner and operators read it. */
import * as z from 'zod';

const page = {
  limit: z
    .union(
      [
        z.int(),
        z
          .string()
          .regex(/^\d{1,3}$/)
          .transform(Number),
      ],
      { error: 'it must be a whole number' },
    )
    .pipe(z.int().min(1).max(100))
    .optional(),
  after: z
    .string()
    .regex(/^evt_[0-9A-Za-z]{1,60}$/, 'it must be the id of an event')
    .optional(),
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

const events = z.object({ object: z.literal('list'), data: z.array(auditEventObject), has_more: z.boolean() });

export const listAudit = {
  method: 'GET',
  path: '/v1/audit',
  summary: 'Lists what was changed and refused in the account, newest first.',
  roles: ['developer'],
  act: 'read',
  input: z.strictObject(page),
  output: events,
} as const;

export const listAccountAudit = {
  method: 'GET',
  path: '/v1/operators/accounts/{id}/audit',
  summary: 'Lists what was changed and refused in an account, newest first.',
  roles: ['operator'],
  input: z.strictObject({ id: z.string().max(100), ...page }),
  output: events,
} as const;
