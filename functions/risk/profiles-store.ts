/**
 * Profiles of use in the core table, under their account: one item of the account, one of each of its keys. They end by
 * themselves. What they were changed by may come again: taking it up a second time changes nothing.
 */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { accountKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import { type AccountProfile, newAccountProfile, newProfile, type Profile } from './profile.ts';

export interface Kept<Of extends Profile> {
  readonly revision: number;
  readonly profile: Of;
  /** By rule: when the window began in which it was raised last, and until when a person excused it; epoch ms. */
  readonly raised: Readonly<Record<string, number>>;
  readonly excused: Readonly<Record<string, number>>;
}

/** An account that was not used for so long has no past. */
const KEPT_SECONDS = 60 * 24 * 3600;

/** Of the account itself where `keyId` is absent. */
const profileKey = (accountId: string, keyId = 'ACCOUNT') => ({ pk: accountKey(accountId).pk, sk: `USE#${keyId}` });

export async function findAccountProfile(table: string, accountId: string): Promise<Kept<AccountProfile>> {
  return find(table, profileKey(accountId), newAccountProfile);
}

export async function findKeyProfile(table: string, accountId: string, keyId: string): Promise<Kept<Profile>> {
  return find(table, profileKey(accountId, keyId), newProfile);
}

async function find<Of extends Profile>(table: string, Key: object, fresh: () => Of): Promise<Kept<Of>> {
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key: { ...Key }, ConsistentRead: true }));
  if (!Item) return { revision: 0, profile: fresh(), raised: {}, excused: {} };
  const { revision, profile, raised, excused } = Item as Kept<Of>;
  return { revision, profile, raised, excused };
}

/** The profile as it is now; refused where another was kept since it was read. `now` is epoch ms. */
export function profileWrite(
  table: string,
  { accountId, keyId }: { accountId: string; keyId?: string | undefined },
  { revision, ...kept }: Kept<Profile>,
  now: number,
): TransactWrite {
  const expiresAt = Math.floor(now / 1000) + KEPT_SECONDS;
  return {
    Put: {
      TableName: table,
      Item: { ...profileKey(accountId, keyId), ...kept, revision: revision + 1, expiresAt },
      ...(revision === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'revision = :revision', ExpressionAttributeValues: { ':revision': revision } }),
    },
  };
}
