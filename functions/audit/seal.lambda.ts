import type { DynamoDBStreamEvent } from 'aws-lambda';
import { streamedItems } from '../data/stream-records.ts';
import { logger, now, setting } from '../runtime/runtime.ts';
import { eventsByAccount } from './event.ts';
import { sealEvents } from './seal-store.ts';

const AUDIT_TABLE = setting('AUDIT_TABLE');

/** Called with what was written to the audit table: seals each account's new events. A batch that fails comes again, whole. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<void> {
  for (const [accountId, events] of eventsByAccount(streamedItems(Records))) {
    const sealed = await sealEvents(AUDIT_TABLE, accountId, events, new Date(now()).toISOString());
    logger.debug('sealed', { accountId, sealed });
  }
}
