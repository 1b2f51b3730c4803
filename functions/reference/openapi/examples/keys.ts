/** Calls about API keys. */
import type { Example } from '../../../http/route.ts';

const ID = 'key_019f2a6a0c00Tq5vWxYz7AbCdE';
const NEXT = 'key_019f2b01d400Bn4mKj8HgFdSaQ';
const KEY = {
  ...{ id: ID, object: 'key', name: 'render farm', state: 'active', hint: 'mut_4fKd…x7Qa' },
  ...{ permissions: ['videos:create', 'videos:read'], functions: ['text_to_video'], models: ['v6'] },
  ...{ addresses: ['203.0.113.0/24'], spend_limit: 10_000, spent: 1_240, spendable: 8_760 },
  ...{ created_at: '2026-11-24T09:12:44.000Z', expires_at: '2027-02-22T09:12:44.000Z', revoked_at: null },
  ...{ last_used_at: '2026-11-24T11:40:02.000Z', replaces: null, replaced_by: null },
};
const FRESH = { ...KEY, spent: 0, spendable: 10_000, last_used_at: null };
const notice =
  'This is the only time that the key is shown: store it now. If this answer is lost, revoke the key and make another.';
const REVOKED = { ...KEY, state: 'revoked', revoked_at: '2026-11-25T08:00:00.000Z' };
const COUNTS = {
  ...{ started: 31, succeeded: 30, failed: 1, cancelled: 0, rejected: 0 },
  ...{ credits_charged: 1_200, credits_released: 40 },
};

export const KEYS: Readonly<Record<string, Example>> = {
  createKey: {
    body: {
      ...{ name: 'render farm', permissions: ['videos:create', 'videos:read'], functions: ['text_to_video'] },
      ...{ models: ['v6'], addresses: ['203.0.113.0/24'], spend_limit: 10_000, expires_in_days: 90 },
    },
    answer: { ...FRESH, key: 'mut_4fKd…x7Qa', notice },
  },
  listKeys: { query: { limit: 20 }, answer: { object: 'list', data: [KEY], has_more: false } },
  retrieveKey: { path: { id: ID }, answer: KEY },
  changeKey: {
    path: { id: ID },
    body: { spend_limit: 20_000 },
    answer: { ...KEY, spend_limit: 20_000, spendable: 18_760 },
  },
  rotateKey: {
    path: { id: ID },
    body: { overlap_seconds: 3_600 },
    answer: { ...KEY, id: NEXT, last_used_at: null, replaces: ID, key: 'mut_9sLp…a2Rt', notice },
  },
  revokeKey: { path: { id: ID }, answer: REVOKED },
  reportLeak: {
    path: { id: ID },
    body: { reason: 'it was in a public repository' },
    answer: {
      ...{ object: 'key.leak_report', key: REVOKED, counted_from: '2026-10-27', counted_to: '2026-11-25' },
      ...{ complete: true, total: COUNTS, by_function: [{ function: 'text_to_video', model: 'v6', ...COUNTS }] },
      activity: `/v1/keys/${ID}/activity`,
    },
  },
  keyActivity: {
    path: { id: ID },
    query: { limit: 20 },
    answer: {
      object: 'list',
      data: [
        {
          ...{ id: 'evt_019f2a6b2d00Hc8Jk2LmN4pQrS', object: 'audit.event', at: '2026-11-24T09:14:01.000Z' },
          ...{ action: 'key.used', actor: { kind: 'key', id: ID }, address: '203.0.113.7', client: 'curl/8.9' },
          ...{
            subject: 'POST /v1/videos',
            reason: null,
            detail: { requestId: '0b6f1a52-7c1e-4a57-9d55-3f3f5b6a1c11' },
          },
        },
      ],
      has_more: true,
    },
  },
};
