/** Calls about the audit trail. */
import type { Example } from '../../../http/route.ts';

const EVENTS = {
  object: 'list',
  data: [
    {
      ...{ id: 'evt_019f2a6b2d00Hc8Jk2LmN4pQrS', object: 'audit.event', at: '2026-11-24T09:12:44.000Z' },
      ...{ action: 'key.revoked', actor: { kind: 'person', id: 'user_5b1c2f0e' } },
      ...{ address: '203.0.113.7', client: 'curl/8.9', subject: 'key_019f2a6a0c00Tq5vWxYz7AbCdE' },
      ...{ reason: 'it was in a public repository', detail: {} },
    },
  ],
  has_more: false,
};

export const AUDIT: Readonly<Record<string, Example>> = {
  listAudit: { query: { limit: 20 }, answer: EVENTS },
  listAccountAudit: { path: { id: 'acct_019f2a6a0c00Ab3dEfGh5JkLmN' }, query: { limit: 20 }, answer: EVENTS },
};
