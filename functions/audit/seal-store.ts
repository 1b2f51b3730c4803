/**
 * Seals in the audit table. The head of an account's chain says which record of the stream was sealed last, so a record that
 * comes twice is sealed once; it moves with the seal in one transaction, so the chain never forks.
 */
import { GetCommand, paginateQuery, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { documents } from '../data/table.ts';
import { eventOf } from './audit-store.ts';
import { type Seal, sealOf } from './chain.ts';
import type { AuditEvent } from './event.ts';

/** An event as the table's stream brings it; sequence numbers grow along the stream. */
export interface StreamedEvent {
  readonly sequence: bigint;
  readonly event: AuditEvent;
}

interface Head {
  readonly number: number;
  readonly hash: string;
  readonly lastSequence: string;
}

const headKey = (accountId: string) => ({ pk: accountId, sk: 'HEAD' });
/** Seals sort by their numbers as text. */
const sealKey = (accountId: string, number: number) => ({
  pk: accountId,
  sk: `SEAL#${String(number).padStart(12, '0')}`,
});

/** Seals what is new among an account's events, in the order of the stream; answers how many those were. */
export async function sealEvents(
  table: string,
  accountId: string,
  streamed: readonly StreamedEvent[],
  sealedAt: string,
): Promise<number> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: headKey(accountId), ConsistentRead: true }),
  );
  const head = Item as Head | undefined;
  const last = BigInt(head?.lastSequence ?? 0);
  const fresh = streamed.filter(({ sequence }) => sequence > last);
  const newest = fresh.at(-1);
  if (!newest) return 0;
  const seal = sealOf(
    head,
    accountId,
    fresh.map(({ event }) => event),
    sealedAt,
  );
  const { number, hash } = seal;
  await documents.send(
    new TransactWriteCommand({
      TransactItems: [
        {
          Put: {
            TableName: table,
            Item: { ...sealKey(accountId, number), ...seal },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        {
          Put: {
            TableName: table,
            Item: { ...headKey(accountId), number, hash, lastSequence: String(newest.sequence) },
            ConditionExpression: head ? '#hash = :before' : 'attribute_not_exists(pk)',
            ...(head && {
              ExpressionAttributeNames: { '#hash': 'hash' },
              ExpressionAttributeValues: { ':before': head.hash },
            }),
          },
        },
      ],
    }),
  );
  return fresh.length;
}

/** An account's whole trail. */
export async function trailOf(table: string, accountId: string): Promise<{ seals: Seal[]; events: AuditEvent[] }> {
  const seals = (await everything(table, accountId, 'SEAL#')).map(item => item as unknown as Seal);
  const events = (await everything(table, accountId, 'EVENT#')).map(eventOf);
  return { seals, events: events.filter(({ action }) => action !== 'key.used') };
}

async function everything(table: string, accountId: string, prefix: string): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  const query = {
    TableName: table,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': accountId, ':prefix': prefix },
    ConsistentRead: true,
  };
  for await (const { Items = [] } of paginateQuery({ client: documents }, query)) items.push(...Items);
  return items;
}
