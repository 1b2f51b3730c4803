/**
 * Ends a job in one transaction: its state, the ledger's end of the hold, the account's credits and place, the event.
 * Whatever is retried, late or doubled, the ledger entry's id lets it happen once.
 */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { entryWrite } from '../credits/ledger-store.ts';
import { endedWrite } from '../credits/usage-store.ts';
import { dayShard } from '../data/day-shard.ts';
import { accountKey, jobKey, keyKey } from '../data/item-keys.ts';
import { eventWrite } from '../data/outbox.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import type { Random } from '../runtime/ids.ts';
import { type Outcome, priorsOf } from './job.ts';
import { type Job, madeOf } from './job-item.ts';
import { findJob } from './jobs-store.ts';
import { decideSettlement, type Settlement } from './settlement.ts';

export interface SettleTables {
  readonly core: string;
  readonly jobs: string;
  readonly ledger: string;
}

/** Another transaction of the same account may be in the way for a moment. */
const CONFLICT_RETRIES = 8;

/** Settles the job and says how it stands; throws where the outcome does not fit its state, such as an unclaimed success. */
export async function settleJob(
  tables: SettleTables,
  subject: { accountId: string; jobId: number },
  outcome: Outcome,
  tools: { now: number; random: Random; pause: (ms: number) => Promise<void> },
): Promise<'settled' | 'was_settled'> {
  for (let tries = 1; ; tries++) {
    const job = await findJob(tables.jobs, subject.accountId, subject.jobId);
    if (!job) throw new Error(`there is no job ${subject.jobId} of ${subject.accountId} to settle`);
    const settlement = decideSettlement(job, outcome);
    if (!settlement) return 'was_settled';
    try {
      await documents.send(new TransactWriteCommand({ TransactItems: writesOf(tables, job, settlement, tools) }));
      return 'settled';
    } catch (error) {
      // The job is read again: if somebody else settled it, that read says so.
      if (!(error instanceof TransactionCanceledException) || tries > CONFLICT_RETRIES) throw error;
      await tools.pause(2 ** tries * 5);
    }
  }
}

function writesOf(
  tables: SettleTables,
  job: Job,
  { state, entry, event, deliverable, failure, failureCode }: Settlement,
  { now, random }: { now: number; random: Random },
): TransactWrite[] {
  const { accountId, jobId, credits } = job;
  const priors = Object.fromEntries(priorsOf(state).map((prior, index) => [`:prior${index}`, prior]));
  const released = entry.kind === 'release';
  return [
    {
      Update: {
        TableName: tables.jobs,
        Key: jobKey(accountId, jobId),
        UpdateExpression:
          'SET #state = :state, updatedAt = :at, endedAt = :at, endedShard = :endedShard, progress = :progress' +
          (deliverable ? ', deliverable = :deliverable' : '') +
          (failure ? ', failure = :failure' : '') +
          (failureCode ? ', failureCode = :failureCode' : '') +
          ' REMOVE openShard, dueAt',
        ConditionExpression: `#state IN (${Object.keys(priors).join(', ')})`,
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ...priors,
          ':state': state,
          ':at': new Date(now).toISOString(),
          ':endedShard': dayShard(now, accountId),
          ':progress': deliverable ? 100 : job.progress,
          ...(deliverable && { ':deliverable': deliverable }),
          ...(failure && { ':failure': failure }),
          ...(failureCode && { ':failureCode': failureCode }),
        },
      },
    },
    {
      Update: {
        TableName: tables.core,
        Key: accountKey(accountId),
        UpdateExpression: `SET held = held - :credits, running = running - :one${released ? ', available = available + :credits' : ''}`,
        ConditionExpression: 'held >= :credits AND running >= :one',
        ExpressionAttributeValues: { ':credits': credits, ':one': 1 },
      },
    },
    ...(released && job.spendKeyHash ? [spendLimitWrite(tables.core, job.spendKeyHash, credits)] : []),
    entryWrite(tables.ledger, accountId, entry, now),
    endedWrite(tables.core, { ...madeOf(job), accountId }, { state, credits, released, deliverable }, now),
    eventWrite(tables.jobs, { type: event, accountId, jobId, at: now }, random),
  ];
}

/** Gives what was released back to the key's spend limit, whatever became of the key; keys are never deleted. */
function spendLimitWrite(table: string, keyHash: string, credits: number): TransactWrite {
  return {
    Update: {
      TableName: table,
      Key: keyKey(keyHash),
      UpdateExpression: 'SET spendable = if_not_exists(spendable, :zero) + :credits',
      ExpressionAttributeValues: { ':credits': credits, ':zero': 0 },
    },
  };
}
