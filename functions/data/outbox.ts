/**
 * The outbox: events, written in the transaction of the change that they report, into the jobs table under the account.
 * Alerts and notices are made of them as the table's stream brings them, so nothing is reported that did not happen, and
 * nothing that happened is lost. Pure.
 */
import type { AccountEventType } from '../catalogue/account-events.ts';
import { prefixedId, type Random } from '../runtime/ids.ts';
import type { StreamedItem } from './stream-records.ts';
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

/** Kept long enough to be delivered and looked up, then TTL removes it. */
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

/** In few plain values. */
type EventDetail = Readonly<Record<string, string | number>>;

export function accountEventWrite(
  table: string,
  event: { type: AccountEventType; accountId: string; at: number; detail: EventDetail },
  random: Random,
): TransactWrite {
  const eventId = prefixedId('evt', event.at, random);
  const { accountId, type, detail } = event;
  const at = new Date(event.at).toISOString();
  const expiresAt = Math.floor(event.at / 1000) + KEPT_SECONDS;
  return {
    Put: { TableName: table, Item: { pk: accountId, sk: `EVENT#${eventId}`, eventId, type, detail, at, expiresAt } },
  };
}

export interface AccountEvent {
  readonly eventId: string;
  readonly accountId: string;
  readonly type: AccountEventType;
  readonly detail: EventDetail;
  /** ISO 8601. */
  readonly at: string;
}

/** The events of accounts among what was written to the jobs table, in the order of the stream. */
export function accountEvents(items: readonly StreamedItem[]): AccountEvent[] {
  return items
    .filter(({ item }) => String(item.sk).startsWith('EVENT#') && String(item.type).startsWith('account.'))
    .map(
      ({ item: { pk, eventId, type, detail, at } }) => ({ accountId: pk, eventId, type, detail, at }) as AccountEvent,
    );
}

/** An event as the table's stream brings it. */
export interface OutboxEvent {
  readonly accountId: string;
  readonly type: EventType;
  readonly jobId: number;
  /** ISO 8601. */
  readonly at: string;
}

/** The events of videos among what was written to the jobs table, in the order of the stream. */
export function outboxEvents(items: readonly StreamedItem[]): OutboxEvent[] {
  return items
    .filter(({ item }) => String(item.sk).startsWith('EVENT#') && String(item.type).startsWith('video.'))
    .map(({ item: { pk, type, jobId, at } }) => ({ accountId: pk, type, jobId, at }) as OutboxEvent);
}
