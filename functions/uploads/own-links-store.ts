/**
 * Links that the platform itself has made, given back to it: they are not fetched, but resolved to the object, for the
 * account that it belongs to. How old the link is does not matter; whether what it names is still there does.
 */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { imageKey, jobKey, mediaKey } from '../data/item-keys.ts';
import { documents } from '../data/table.ts';
import { FetchRefused } from '../http/safe-fetch.ts';
import { keyOfLink, openMedia } from './media-store.ts';

const NOTHING = 'it is a link of this platform to nothing that your account has';

/** The bytes behind the link; undefined where it is no link of ours. Throws FetchRefused as a fetch does. */
export async function bytesOfOwnLink(
  { jobsTable, mediaBucket }: { jobsTable: string; mediaBucket: string },
  accountId: string,
  url: URL,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const key = await keyOfLink(mediaBucket, url);
  if (key === undefined) return undefined;
  if (!(await isThere(jobsTable, accountId, key))) throw new FetchRefused('unavailable', NOTHING);
  const opened = await openMedia(mediaBucket, key, {});
  if (!opened || !('body' in opened)) throw new FetchRefused('unavailable', NOTHING);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of opened.body) {
    size += chunk.length;
    if (size > maxBytes) throw new FetchRefused('too_large', `it is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const ITEM_KEYS = { images: imageKey, media: mediaKey, videos: jobKey } as const;

/** Whether the account's own item names the object; one of another account, or one that was deleted, names none. */
async function isThere(table: string, accountId: string, key: string): Promise<boolean> {
  const [, owner, folder, id] = /^accounts\/([^/]+)\/(images|media|videos)\/(\d+)(?:\/|$)/.exec(key) ?? [];
  if (owner !== accountId || folder === undefined) return false;
  const Key = ITEM_KEYS[folder as keyof typeof ITEM_KEYS](accountId, Number(id));
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  if (folder !== 'videos') return Item?.objectKey === key;
  const { masks = [], ...made } = (Item?.deliverable ?? {}) as { masks?: readonly { key: string }[] };
  return [...Object.values(made), ...masks.map(mask => mask.key)].includes(key);
}
