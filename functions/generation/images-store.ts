/** Uploaded images in the jobs table: the item says what lies in the bucket. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { documents } from '../platform/table.ts';
import { imageKey } from './job-item.ts';

export interface StoredImage {
  readonly accountId: string;
  readonly imageId: number;
  /** S3 key in the media bucket. */
  readonly objectKey: string;
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** Stores a new image's item; false where its id is taken. */
export async function putImage(table: string, image: StoredImage): Promise<boolean> {
  try {
    await documents.send(
      new PutCommand({
        TableName: table,
        Item: { ...imageKey(image.accountId, image.imageId), ...image },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

export async function findImage(table: string, accountId: string, imageId: number): Promise<StoredImage | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: imageKey(accountId, imageId), ConsistentRead: true }),
  );
  return Item as StoredImage | undefined;
}
