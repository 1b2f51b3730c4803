import type { DynamoDBStreamEvent } from 'aws-lambda';
import { outboxEvents } from '../data/outbox.ts';
import { streamedItems } from '../data/stream-records.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { watchUsage } from './watch-usage-command.ts';

const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE'), jobs: setting('JOBS_TABLE') },
  now,
  random,
  mailFrom: setting('MAIL_FROM'),
  support: setting('SUPPORT'),
};

/** Called with the events of videos that were started. A batch that fails comes again a few times. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<void> {
  await watchUsage(DEPENDENCIES, outboxEvents(streamedItems(Records)));
}
