/** Audit events as writes of the transaction that they tell of, or alone where nothing was changed; and their reading. */
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { documents, type TransactWrite } from '../data/table.ts';
import { momentDigits } from '../runtime/ids.ts';
import { type AuditEvent, callsPartition, eventOf } from './event.ts';

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

/** Stores an event that stands alone, such as a refused call, which is sealed like a change. */
export async function putAuditEvent(table: string, event: AuditEvent): Promise<void> {
  const { Item, ...put } = auditWrite(table, event).Put as { TableName: string; Item: object };
  await documents.send(new PutCommand({ ...put, Item }));
}

/** Stores a call that changed nothing, apart from the events of its account; it ends by itself. */
export async function putCall(table: string, event: AuditEvent): Promise<void> {
  const { Item, ...put } = auditWrite(table, event).Put as { TableName: string; Item: object };
  const expiresAt = Math.floor(Date.parse(event.at) / 1000) + USE_KEPT_SECONDS;
  await documents.send(new PutCommand({ ...put, Item: { ...Item, pk: callsPartition(event.accountId), expiresAt } }));
}

/** The call that was answered with this id; undefined where there is none, or none any more. */
export async function findCall(table: string, requestId: string): Promise<AuditEvent | undefined> {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: table,
      IndexName: 'byRequest',
      KeyConditionExpression: 'requestId = :request',
      ExpressionAttributeValues: { ':request': requestId },
      Limit: 1,
    }),
  );
  const [found] = Items;
  if (!found) return undefined;
  const Key = { pk: found.pk, sk: found.sk };
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item && eventOf(Item);
}

export interface AuditPage {
  readonly events: AuditEvent[];
  /** The id of the event after which the next page begins, where there is one: not always one of these. */
  readonly next?: string;
}

/** What of an account's events is wanted; absent members narrow nothing. */
export interface EventFilter {
  readonly actions?: readonly string[] | undefined;
  /** The whole id, or with `prefix` how it begins. */
  readonly actor?: { readonly id: string; readonly isPrefix?: true } | undefined;
  readonly target?: string | undefined;
  /** Epoch ms, both inclusive: an event's id begins with its moment. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface EventsRequest {
  readonly after?: string | undefined;
  readonly limit: number;
  /** Calls that changed nothing, in place of changes and refusals. */
  readonly areCalls?: boolean;
  readonly filter?: EventFilter;
}

/** Events that one read looks at where not all are wanted: what a page costs is bounded however many there are. */
const EVENTS_A_READ = 300;

/** Events of an account, newest first, after the event `after`. A page of filtered ones may have fewer than `limit`, and more after it. */
export async function eventsOfAccount(
  table: string,
  accountId: string,
  { after, limit, areCalls = false, filter = {} }: EventsRequest,
): Promise<AuditPage> {
  const { from, to } = filter;
  const pk = areCalls ? callsPartition(accountId) : accountId;
  const first = from === undefined ? 'EVENT#' : `EVENT#evt_${momentDigits(from)}`;
  const upTo = to === undefined ? `EVENT#${LAST}` : `EVENT#evt_${momentDigits(to)}${LAST}`;
  const last = after !== undefined && `EVENT#${after}` < upTo ? `EVENT#${after}` : upTo;
  if (first > last) return { events: [] };
  const { conditions, names, values } = conditionsOf(filter);
  const { events, next } = await pageOf({
    TableName: table,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: { ':pk': pk, ':first': first, ':last': last, ...values },
    ...(conditions.length > 0 && {
      FilterExpression: conditions.join(' AND '),
      ExpressionAttributeNames: names,
    }),
    ...(after !== undefined && { ExclusiveStartKey: { pk, sk: last } }),
    Limit: conditions.length > 0 ? EVENTS_A_READ : limit,
  });
  const shown = events.slice(0, limit);
  const cut = events.length > limit ? shown.at(-1)?.eventId : next;
  return { events: shown, ...(cut !== undefined && { next: cut }) };
}

function conditionsOf({ actions, actor, target }: EventFilter) {
  const named = Object.fromEntries((actions ?? []).map((action, index) => [`:action${index}`, action]));
  const conditions = [
    ...(actions ? [`#action IN (${Object.keys(named).join(', ')})`] : []),
    ...(actor ? [actor.isPrefix ? 'begins_with(#actor, :actor)' : '#actor = :actor'] : []),
    ...(target === undefined ? [] : ['#subject = :target']),
  ];
  const names = {
    ...(actions && { '#action': 'action' }),
    ...(actor && { '#actor': 'actorId' }),
    ...(target !== undefined && { '#subject': 'subject' }),
  };
  const values = { ...named, ...(actor && { ':actor': actor.id }), ...(target !== undefined && { ':target': target }) };
  return { conditions, names, values };
}

/** What was done with a key or by a person of this account, newest first. */
export async function eventsOfActor(
  table: string,
  { accountId, actorId }: { accountId: string; actorId: string },
  { after = LAST, limit }: { after?: string | undefined; limit: number },
): Promise<AuditPage> {
  const page = await pageOf({
    TableName: table,
    IndexName: 'byActor',
    KeyConditionExpression: 'actorId = :actor AND sk < :after',
    ExpressionAttributeValues: { ':actor': actorId, ':after': `EVENT#${after}` },
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
  const next = LastEvaluatedKey && String(LastEvaluatedKey.sk).slice('EVENT#'.length);
  return { events: Items.map(eventOf), ...(next !== undefined && { next }) };
}
