/** Orders to end the service for an account, which one of staff proposes and another gives. */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Proposal } from '../audit/second-person.ts';
import { accountKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';

const orderKey = (accountId: string) => ({ pk: accountKey(accountId).pk, sk: 'TERMINATION_ORDER' });

export async function findOrder(table: string, accountId: string): Promise<Proposal | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: orderKey(accountId), ConsistentRead: true }),
  );
  return Item as Proposal | undefined;
}

/** Refused where one was proposed at this moment. `now` is epoch ms. */
export function proposalWrite(table: string, accountId: string, proposal: Proposal, now: number): TransactWrite {
  return {
    Put: {
      TableName: table,
      Item: { ...orderKey(accountId), ...proposal, expiresAt: Math.floor(proposal.expiresAtMs / 1000) },
      ConditionExpression: 'attribute_not_exists(pk) OR (attribute_not_exists(secondBy) AND expiresAtMs <= :now)',
      ExpressionAttributeValues: { ':now': now },
    },
  };
}

/** Gives the order, by another person than the first. */
export function orderWrite(
  table: string,
  accountId: string,
  { terms, firstBy: personId }: Proposal,
  now: number,
): TransactWrite {
  return {
    Update: {
      TableName: table,
      Key: orderKey(accountId),
      UpdateExpression: 'SET secondBy = :person REMOVE expiresAt',
      ConditionExpression:
        'firstBy <> :person AND terms = :terms AND expiresAtMs > :now AND attribute_not_exists(secondBy)',
      ExpressionAttributeValues: { ':person': personId, ':terms': terms, ':now': now },
    },
  };
}
