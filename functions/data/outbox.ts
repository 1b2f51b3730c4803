/**
 * Events, written in the transaction that they tell of, into the jobs table under the account. Whoever tells others
 * (webhooks, notices) reads them from the table's stream, so nothing is told that did not happen, and nothing that
 * happened is forgotten.
 */
import { prefixedId, type Random } from '../runtime/ids.ts';
import type { TransactWrite } from './table.ts';

/** Which of them nothing writes yet is said in catalogue/job-states.ts. */
export const EVENT_TYPES = [
  'video.queued',
  'video.succeeded',
  'video.failed',
  'video.rejected',
  'video.cancelled',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Kept long enough to be told and looked up, then TTL takes it. */
const KEPT_SECONDS = 30 * 24 * 3600;

export function eventWrite(
  table: string,
  event: { type: EventType; accountId: string; jobId: number; at: number },
  random: Random,
): TransactWrite {
  const eventId = prefixedId('evt', event.at, random);
  const { accountId, type, jobId } = event;
  const at = new Date(event.at).toISOString();
  const expiresAt = Math.floor(event.at / 1000) + KEPT_SECONDS;
  return {
    Put: { TableName: table, Item: { pk: accountId, sk: `EVENT#${eventId}`, eventId, type, jobId, at, expiresAt } },
  };
}
