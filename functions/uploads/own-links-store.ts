/**
 * Links that the platform itself has made, given back to it, to the bucket or to the content of a video: they are not
 * fetched, but resolved to the object, for the account that it belongs to. How old the link is does not matter; whether what
 * it names is still there does.
 */
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { isOver } from '../catalogue/retention.ts';
import { imageKey, jobKey, mediaKey } from '../data/item-keys.ts';
import { documents } from '../data/table.ts';
import { FetchRefused } from '../http/safe-fetch.ts';
import { keyOfLink, openMedia } from './media-store.ts';

const NOTHING = 'it is a link of this platform to nothing that your account has';

interface OwnLinkDependencies {
  readonly jobsTable: string;
  readonly mediaBucket: string;
  readonly apiHost?: string;
  /** Epoch ms. */
  readonly now: () => number;
}

/** The bytes behind the link; undefined where it is no link of ours. Throws FetchRefused as a fetch does. */
export async function bytesOfOwnLink(
  { jobsTable, mediaBucket, apiHost, now }: OwnLinkDependencies,
  accountId: string,
  url: URL,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const content = url.host === apiHost ? contentOfLink(url) : undefined;
  const linked = content ? '' : await keyOfLink(mediaBucket, url);
  if (linked === undefined) return undefined;
  const key = content
    ? await keyOfContent(jobsTable, accountId, content, now())
    : (await isThere(jobsTable, accountId, linked, now())) && linked;
  if (!key) throw new FetchRefused('unavailable', NOTHING);
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

const VARIANTS = { video: 'videoKey', thumbnail: 'thumbnailKey', spritesheet: 'spritesheetKey' } as const;

interface Content {
  readonly jobId: number;
  readonly variant: keyof typeof VARIANTS;
}

/** What `GET /v1/videos/{id}/content` of this API is to; the path may have a stage in front. */
function contentOfLink({ pathname, searchParams }: URL): Content | undefined {
  const [, id] = /^(?:\/\w+)?\/v1\/videos\/(?:video_)?(\d{1,16})\/content$/.exec(pathname) ?? [];
  const variant = searchParams.get('variant') ?? 'video';
  return id !== undefined && variant in VARIANTS
    ? { jobId: Number(id), variant: variant as Content['variant'] }
    : undefined;
}

async function keyOfContent(
  table: string,
  accountId: string,
  { jobId, variant }: Content,
  now: number,
): Promise<string | undefined> {
  const Key = jobKey(accountId, jobId);
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  return isOver(Item ?? {}, now) ? undefined : Item?.deliverable?.[VARIANTS[variant]];
}

const ITEM_KEYS = { images: imageKey, media: mediaKey, videos: jobKey } as const;

/** Whether the account's own item names the object; one of another account, or one that was deleted or has ended, names none. */
async function isThere(table: string, accountId: string, key: string, now: number): Promise<boolean> {
  const [, owner, folder, id] = /^accounts\/([^/]+)\/(images|media|videos)\/(\d+)(?:\/|$)/.exec(key) ?? [];
  if (owner !== accountId || folder === undefined) return false;
  const Key = ITEM_KEYS[folder as keyof typeof ITEM_KEYS](accountId, Number(id));
  const { Item } = await documents.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  if (isOver(Item ?? {}, now)) return false;
  if (folder !== 'videos') return Item?.objectKey === key;
  const { masks = [], ...made } = (Item?.deliverable ?? {}) as { masks?: readonly { key: string }[] };
  return [...Object.values(made), ...masks.map(mask => mask.key)].includes(key);
}
