/** Moves the end of what is stored: functions tell the time themselves, and no test waits for days. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Platform } from './platform.ts';

/** The item is kept until `at`, epoch ms. */
export async function keepUntil(
  platform: Platform,
  Key: { readonly pk: string; readonly sk: string },
  at: number,
): Promise<void> {
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(platform.cloud.client));
  await documents.send(
    new UpdateCommand({
      TableName: platform.table('Jobs'),
      Key,
      UpdateExpression: 'SET keptUntilMs = :at, dueAt = :at',
      ConditionExpression: 'attribute_exists(keptUntilMs)',
      ExpressionAttributeValues: { ':at': at },
    }),
  );
  documents.destroy();
}
