import type { DynamoDBStreamEvent } from 'aws-lambda';
import { streamedItems } from '../data/stream-records.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { orderedEnds } from './ordered.ts';
import { endByDecision } from './termination-command.ts';

const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') },
  mailFrom: setting('MAIL_FROM'),
  support: setting('SUPPORT'),
  now,
  random,
};
const ACTOR = { kind: 'platform', id: 'standing' } as const;

/** Called by the stream of the jobs table: what the ladder has ordered, by as many people as it needs, is done. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<void> {
  for (const { accountId, reason } of orderedEnds(streamedItems(Records))) {
    await endByDecision(DEPENDENCIES, { accountId, cause: 'violation', reason, actor: ACTOR });
  }
}
