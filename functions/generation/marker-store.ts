/** What was kept of a call with an idempotency token, for one who must know before there is anything to admit. */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { idempotencyKey } from '../data/item-keys.ts';
import { documents } from '../data/table.ts';
import type { Marker } from './admission.ts';

/** The marker of an earlier call; undefined where there is none, or it is out of date (`now` is epoch ms). */
export async function findMarker(
  table: string,
  accountId: string,
  token: string,
  now: number,
): Promise<Marker | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: idempotencyKey(accountId, token), ConsistentRead: true }),
  );
  return Item && Number(Item.expiresAt) >= now / 1000 ? (Item as unknown as Marker) : undefined;
}
