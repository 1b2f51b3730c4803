/**
 * Seals in their table. The head of an account's chain says which record of the stream was sealed last, so a record that
 * comes twice is sealed once; it moves with the seal in one transaction, so the chain never forks.
 */
import { GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { documents } from '../data/table.ts';
import { transact } from '../data/transaction.ts';
import type { ChainHead } from './anchor.ts';
import { type Seal, sealOf } from './chain.ts';
import { type AuditEvent, eventOf, type StreamedEvent } from './event.ts';

interface Head extends ChainHead {
  readonly lastSequence: string;
}

const headKey = (accountId: string) => ({ pk: accountId, sk: 'HEAD' });
/** Seals sort by their numbers as text. */
const sealKey = (accountId: string, number: number) => ({
  pk: accountId,
  sk: `SEAL#${String(number).padStart(12, '0')}`,
});

export interface Sealed {
  /** How many of the events were new. */
  readonly fresh: number;
  /** Where the chain ends now. */
  readonly head: ChainHead;
}

/** Seals what is new among an account's events, in the order of the stream; undefined where there was never any. */
export function sealEvents(
  table: string,
  accountId: string,
  streamed: readonly StreamedEvent[],
  sealedAt: string,
): Promise<Sealed | undefined> {
  return transact<Sealed | undefined>(async () => {
    const head = await findHead(table, accountId);
    const fresh = streamed.filter(({ sequence }) => sequence > BigInt(head?.lastSequence ?? 0));
    const newest = fresh.at(-1);
    if (!newest) return { result: head && { fresh: 0, head } };
    const events = fresh.map(({ event }) => event);
    const seal = sealOf(head, accountId, events, sealedAt);
    const { number, hash } = seal;
    return {
      result: { fresh: fresh.length, head: { number, hash } },
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

export async function findHead(table: string, accountId: string): Promise<Head | undefined> {
  const Key = headKey(accountId);
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item as Head | undefined;
}

/** An account's whole chain, in the order of its numbers. */
export async function sealsOf(table: string, accountId: string): Promise<Seal[]> {
  return (await everything(table, accountId, 'SEAL#')).map(item => item as unknown as Seal);
}

/** All events of an account that are sealed, or are to be. */
export async function sealableEvents(table: string, accountId: string): Promise<AuditEvent[]> {
  const events = (await everything(table, accountId, 'EVENT#')).map(eventOf);
  return events.filter(({ action }) => action !== 'key.used');
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
