/**
 * What every store shares of DynamoDB: one client, and how a write of a transaction is typed. Items are plain
 * objects; absent members stay absent.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';

/** Made once for an execution environment: the first client costs a cold start some 50 ms, each other one 1 or 2. */
export const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});

export type TransactWrite = NonNullable<TransactWriteCommandInput['TransactItems']>[number];
