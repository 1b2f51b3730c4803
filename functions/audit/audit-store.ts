/** Audit events as writes of the transaction that they tell of, or alone where nothing was changed; and their reading. */
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { documents, type TransactWrite } from '../data/table.ts';
import { type AuditEvent, eventOf } from './event.ts';

/** A use that changed nothing is of interest for 90 days. */
const USE_KEPT_SECONDS = 90 * 24 * 3600;

/** The event's write; it is refused where an event of this id stands already. */
export function auditWrite(table: string, event: AuditEvent): TransactWrite & { Put: object } {
  return {
    Put: {
      TableName: table,
      Item: { pk: event.accountId, sk: `EVENT#${event.eventId}`, ...event },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** Stores an event that stands alone: a refused call, which is sealed like a change, or a use, which ends by itself. */
export async function putAuditEvent(table: string, event: AuditEvent): Promise<void> {
  const { Item, ...put } = auditWrite(table, event).Put as { TableName: string; Item: object };
  const expiresAt = Math.floor(Date.parse(event.at) / 1000) + USE_KEPT_SECONDS;
  const isUse = event.action === 'key.used';
  await documents.send(new PutCommand({ ...put, Item: { ...Item, ...(isUse && { expiresAt }) } }));
}

export interface AuditPage {
  readonly events: AuditEvent[];
  /** Whether more come after these. */
  readonly more: boolean;
}

/** An account's events, newest first, after the event `after`. */
export async function eventsOfAccount(
  table: string,
  accountId: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<AuditPage> {
  const last = after === undefined ? `EVENT#${LAST}` : `EVENT#${after}`;
  return pageOf({
    TableName: table,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: { ':pk': accountId, ':first': 'EVENT#', ':last': last },
    ...(after !== undefined && { ExclusiveStartKey: { pk: accountId, sk: `EVENT#${after}` } }),
    Limit: limit,
  });
}

/** What was done with a key or by a person of this account, newest first. */
export async function eventsOfActor(
  table: string,
  { accountId, actorId }: { accountId: string; actorId: string },
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<AuditPage> {
  const page = await pageOf({
    TableName: table,
    IndexName: 'byActor',
    KeyConditionExpression: 'actorId = :actor AND begins_with(sk, :event)',
    ExpressionAttributeValues: { ':actor': actorId, ':event': 'EVENT#' },
    ...(after !== undefined && { ExclusiveStartKey: { pk: accountId, sk: `EVENT#${after}`, actorId } }),
    Limit: limit,
  });
  // Staff act on many accounts; a key acts on one.
  return { ...page, events: page.events.filter(event => event.accountId === accountId) };
}

/** When a key was last sent, ISO 8601; undefined where that is longer ago than uses are kept. */
export async function lastEventAt(
  table: string,
  actor: { accountId: string; actorId: string },
): Promise<string | undefined> {
  const { events } = await eventsOfActor(table, actor, { limit: 1 });
  return events[0]?.at;
}

/** Sorts after every event's id. */
const LAST = '~';

async function pageOf(query: ConstructorParameters<typeof QueryCommand>[0]): Promise<AuditPage> {
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({ ...query, ScanIndexForward: false }),
  );
  return { events: Items.map(eventOf), more: LastEvaluatedKey !== undefined };
}
