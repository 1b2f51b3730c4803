/**
 * Seals in the audit table. The head of an account's chain says which record of the stream was sealed last, so a record that
 * comes twice is sealed once; it moves with the seal in one transaction, so the chain never forks.
 */
import { GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { documents } from '../data/table.ts';
import { transact } from '../data/transaction.ts';
import { type Seal, sealOf } from './chain.ts';
import { type AuditEvent, eventOf, type StreamedEvent } from './event.ts';

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
export function sealEvents(
  table: string,
  accountId: string,
  streamed: readonly StreamedEvent[],
  sealedAt: string,
): Promise<number> {
  return transact(async () => {
    const head = await findHead(table, accountId);
    const fresh = streamed.filter(({ sequence }) => sequence > BigInt(head?.lastSequence ?? 0));
    const newest = fresh.at(-1);
    if (!newest) return { result: 0 };
    const events = fresh.map(({ event }) => event);
    const seal = sealOf(head, accountId, events, sealedAt);
    const { number, hash } = seal;
    return {
      result: fresh.length,
      writes: {
        seal: {
          Put: {
            TableName: table,
            Item: { ...sealKey(accountId, number), ...seal },
            ConditionExpression: 'attribute_not_exists(pk)',
          },
        },
        head: {
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
      },
    };
  });
}

async function findHead(table: string, accountId: string): Promise<Head | undefined> {
  const Key = headKey(accountId);
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item as Head | undefined;
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
