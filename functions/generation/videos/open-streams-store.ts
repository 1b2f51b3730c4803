/**
 * The responses that are being streamed to an account. Each holds a function until it has ended, also where its reader is
 * gone, since a function is not told: so an account has a number of slots, and a slot that was never given back, as after a
 * crash, is free again once its stream cannot live any more.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { streamsKey } from '../../data/item-keys.ts';
import { documents, type TransactWrite } from '../../data/table.ts';
import { RETRY, transact } from '../../data/transaction.ts';

export interface Slot {
  readonly accountId: string;
  readonly slotId: string;
  /** Epoch ms; by then its stream has ended. */
  readonly until: number;
}

/** By the slot's id: until when it is taken, epoch ms. */
type Taken = Readonly<Record<string, number>>;

/** Takes the slot; false where `limit` others are taken. One write where there is room, and at most a second look. */
export function takeSlot(table: string, slot: Slot, { limit, now }: { limit: number; now: number }): Promise<boolean> {
  // Null where the account has never had any; undefined while it was not looked at.
  let known: Taken | null | undefined;
  return transact<boolean>(() => {
    const taken = known && livingOf(known, now);
    if (taken && Object.keys(taken).length >= limit) return { result: false };
    return {
      result: true,
      writes: { slots: writeOf(table, slot, { known, taken, limit }) },
      refused: ({ slots }) => {
        known = (slots?.taken as Taken | undefined) ?? null;
        return RETRY;
      },
    };
  });
}

function livingOf(taken: Taken, now: number): Taken {
  return Object.fromEntries(Object.entries(taken).filter(([, until]) => until > now));
}

function writeOf(
  table: string,
  { accountId, slotId, until }: Slot,
  { known, taken, limit }: { known: Taken | null | undefined; taken: Taken | null | undefined; limit: number },
): TransactWrite {
  const names = { '#taken': 'taken' };
  const item = {
    TableName: table,
    Key: streamsKey(accountId),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
  if (known === undefined) {
    return {
      Update: {
        ...item,
        UpdateExpression: 'SET #taken.#slot = :until',
        ConditionExpression: 'size(#taken) < :limit',
        ExpressionAttributeNames: { ...names, '#slot': slotId },
        ExpressionAttributeValues: { ':until': until, ':limit': limit },
      },
    };
  }
  const all = { UpdateExpression: 'SET #taken = :all', ExpressionAttributeNames: names };
  const values = { ':all': { ...taken, [slotId]: until } };
  if (known === null) {
    const first = { ConditionExpression: 'attribute_not_exists(#taken)', ExpressionAttributeValues: values };
    return { Update: { ...item, ...all, ...first } };
  }
  const unchanged = {
    ConditionExpression: '#taken = :known',
    ExpressionAttributeValues: { ...values, ':known': known },
  };
  return { Update: { ...item, ...all, ...unchanged } };
}

/** Gives the slot back; doing so twice is doing so once. */
export async function releaseSlot(table: string, { accountId, slotId }: Omit<Slot, 'until'>): Promise<void> {
  try {
    await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: streamsKey(accountId),
        UpdateExpression: 'REMOVE #taken.#slot',
        ConditionExpression: 'attribute_exists(#taken.#slot)',
        ExpressionAttributeNames: { '#taken': 'taken', '#slot': slotId },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
