/**
 * Who was terminated for a violation, as keyed hashes of e-mail addresses and nothing else: with the key of the stage one
 * can ask whether an address is among them, and without it not even that.
 */
import { createHmac } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { documents, type TransactWrite } from '../data/table.ts';
import { mailboxOf } from './verification.ts';

const offenderKey = (key: string, email: string) => ({
  pk: `OFFENDER#${createHmac('sha256', key).update(mailboxOf(email)).digest('base64url')}`,
  sk: 'OFFENDER',
});

/** Kept as long as a claim may be made because of it. */
const KEPT_SECONDS = 10 * 365 * 24 * 3600;

/** `now` is epoch ms. Written again it is the same. */
export function accountsOffender(table: string, key: string, email: string, now: number): TransactWrite {
  const expiresAt = Math.floor(now / 1000) + KEPT_SECONDS;
  return { Put: { TableName: table, Item: { ...offenderKey(key, email), expiresAt } } };
}

export async function isOffender(table: string, key: string, email: string): Promise<boolean> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: offenderKey(key, email), ConsistentRead: true }),
  );
  return Item !== undefined;
}
