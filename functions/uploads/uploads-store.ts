/** What callers upload, in the jobs table: the item says what lies in the bucket. */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { imageKey, mediaKey } from '../data/item-keys.ts';
import { dueToEnd } from '../data/retained.ts';
import { documents } from '../data/table.ts';

interface Stored {
  readonly accountId: string;
  /** S3 key in the media bucket. */
  readonly objectKey: string;
  readonly contentType: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Epoch ms; absent from what was uploaded before there was this, which stays. */
  readonly keptUntilMs?: number;
}

export interface StoredImage extends Stored {
  readonly imageId: number;
  readonly width: number;
  readonly height: number;
}

export interface StoredMedia extends Stored {
  readonly mediaId: number;
  readonly mediaType: 'video' | 'audio';
  readonly durationSeconds: number;
  /** Of video, as it is shown. */
  readonly width?: number;
  readonly height?: number;
  readonly hasAudio: boolean;
}

/** Stores a new image's item; false where its id is taken. */
export function putImage(table: string, image: StoredImage): Promise<boolean> {
  return putNew(table, { ...imageKey(image.accountId, image.imageId), ...image, ...dueItem(image.imageId, image) });
}

/** Stores the item of new video or audio; false where its id is taken. */
export function putMediaItem(table: string, media: StoredMedia): Promise<boolean> {
  return putNew(table, { ...mediaKey(media.accountId, media.mediaId), ...media, ...dueItem(media.mediaId, media) });
}

/** Also one that has ended and is not removed yet: a job that was admitted before still works on it. */
export async function findImage(table: string, accountId: string, imageId: number): Promise<StoredImage | undefined> {
  return find(table, imageKey(accountId, imageId));
}

/** Likewise. */
export async function findMedia(table: string, accountId: string, mediaId: number): Promise<StoredMedia | undefined> {
  return find(table, mediaKey(accountId, mediaId));
}

const dueItem = (id: number, { keptUntilMs }: Stored) => (keptUntilMs === undefined ? {} : dueToEnd(id, keptUntilMs));

async function find<Item>(table: string, Key: { pk: string; sk: string }): Promise<Item | undefined> {
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  // One that was forgotten is empty until it is gone.
  return Item?.objectKey === undefined ? undefined : (Item as Item);
}

async function putNew(table: string, Item: Record<string, unknown>): Promise<boolean> {
  try {
    await documents.send(new PutCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' }));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
