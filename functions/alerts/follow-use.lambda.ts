import { setTimeout as pause } from 'node:timers/promises';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { accountEvents, outboxEvents } from '../data/outbox.ts';
import { streamedItems } from '../data/stream-records.ts';
import { notifyOfStandings } from '../enforcement/notify-command.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { followUse } from './follow-use-command.ts';

const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') },
  jobsTable: setting('JOBS_TABLE'),
  now,
  random,
  pause: (ms: number) => pause(ms),
  mailFrom: setting('MAIL_FROM'),
  support: setting('SUPPORT'),
};

/** Called with the events of videos that were started and delivered, and of standings. A batch that fails comes again, whole. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<void> {
  const items = streamedItems(Records);
  await Promise.all([
    notifyOfStandings(DEPENDENCIES, accountEvents(items)),
    followUse(DEPENDENCIES, outboxEvents(items)),
  ]);
}
