/**
 * What every store shares of DynamoDB: one client, which knows what to do about contention, and how a write of a
 * transaction is typed. Items are plain objects; absent members stay absent.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { random } from '../runtime/runtime.ts';
import { retryContention } from './contention.ts';

/** Made once for an execution environment: the first client costs a cold start some 50 ms, each other one 1 or 2. */
export const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});

// Outermost, so that each try is a call of its own.
documents.middlewareStack.add(next => args => retryContention(() => next(args), { random, pause }), {
  step: 'initialize',
  priority: 'high',
  name: 'contention',
});

export type TransactWrite = NonNullable<TransactWriteCommandInput['TransactItems']>[number];
