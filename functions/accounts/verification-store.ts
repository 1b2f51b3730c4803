/** Codes in the core table, one for each account and purpose. An item ends by itself once no rule asks for it. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { verificationKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import type { Purpose, Verification } from './verification.ts';

/** Longer than a code lives and than the hour whose codes are counted. */
const KEPT_SECONDS = 24 * 3600;

export async function findVerification(
  table: string,
  accountId: string,
  purpose: Purpose,
): Promise<Verification | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: verificationKey(accountId, purpose), ConsistentRead: true }),
  );
  return Item as Verification | undefined;
}

/** Puts a code in the place of the one `before`, unless another was put there since. */
export function verificationWrite(
  table: string,
  accountId: string,
  verification: Verification,
  before: Verification | undefined,
): TransactWrite {
  const expiresAt = Math.floor(verification.expiresAtMs / 1000) + KEPT_SECONDS;
  return {
    Put: {
      TableName: table,
      Item: { ...verificationKey(accountId, verification.purpose), ...verification, expiresAt },
      ...(before
        ? { ConditionExpression: 'codeHash = :before', ExpressionAttributeValues: { ':before': before.codeHash } }
        : { ConditionExpression: 'attribute_not_exists(pk)' }),
    },
  };
}

/** Counts an attempt and answers the code that it is made on; undefined where none lives or no attempt is left. */
export async function countAttempt(
  table: string,
  accountId: string,
  purpose: Purpose,
  now: number,
): Promise<Verification | undefined> {
  try {
    const { Attributes } = await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: verificationKey(accountId, purpose),
        UpdateExpression: 'SET attemptsLeft = attemptsLeft - :one',
        ConditionExpression: 'attemptsLeft > :none AND expiresAtMs > :now',
        ExpressionAttributeValues: { ':one': 1, ':none': 0, ':now': now },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Attributes as Verification | undefined;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

/** Uses a code up in the transaction of what it proves; what was sent stays counted. */
export function usedWrite(table: string, accountId: string, { purpose, codeHash }: Verification): TransactWrite {
  return {
    Update: {
      TableName: table,
      Key: verificationKey(accountId, purpose),
      UpdateExpression: 'SET attemptsLeft = :none, expiresAtMs = :past',
      ConditionExpression: 'codeHash = :hash AND expiresAtMs <> :past',
      ExpressionAttributeValues: { ':none': 0, ':past': 0, ':hash': codeHash },
    },
  };
}
