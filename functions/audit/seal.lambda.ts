import type { DynamoDBStreamEvent } from 'aws-lambda';
import { streamedItems } from '../data/stream-records.ts';
import { logger, now, setting } from '../runtime/runtime.ts';
import { putAnchor } from './anchors-store.ts';
import { eventsByAccount } from './event.ts';
import { sealEvents } from './seal-store.ts';
import { signingKeyReader } from './signing-key-client.ts';

const SEALS_TABLE = setting('SEALS_TABLE');
const HEADS_BUCKET = setting('AUDIT_HEADS_BUCKET');
const signingKey = signingKeyReader(setting('AUDIT_KEY_ARN'));

/**
 * Called with what was written to the audit table: seals each account's new events, and anchors the head outside the table.
 * A batch that fails comes again, whole: what was sealed is not sealed again, and is anchored all the same.
 */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<void> {
  const at = new Date(now()).toISOString();
  for (const [accountId, events] of eventsByAccount(streamedItems(Records))) {
    const sealed = await sealEvents(SEALS_TABLE, accountId, events, at);
    if (sealed) await putAnchor(HEADS_BUCKET, accountId, sealed.head, { at, key: await signingKey() });
    logger.debug('sealed', { accountId, sealed: sealed?.fresh ?? 0 });
  }
}
