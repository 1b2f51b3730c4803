/** Whose each of API Gateway's keys is, kept in the core table: keys are deleted, and their counts stay. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { documents } from '../data/table.ts';

const PARTITION = 'FINANCE#GATEWAY_KEYS';

/** Accounts by the ids of their keys, as far as any night has seen them. */
export async function keptOwners(table: string): Promise<Map<string, string>> {
  const query = {
    TableName: table,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': PARTITION },
  };
  const owners = new Map<string, string>();
  for await (const { Items = [] } of paginateQuery({ client: documents }, query)) {
    for (const { sk, accountId } of Items) owners.set(String(sk), String(accountId));
  }
  return owners;
}

export async function keepOwner(table: string, keyId: string, accountId: string): Promise<void> {
  try {
    await documents.send(
      new PutCommand({
        TableName: table,
        Item: { pk: PARTITION, sk: keyId, accountId },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  } catch (error) {
    // Another run was first; a key is never anybody else's.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
