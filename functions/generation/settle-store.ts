/**
 * Ends a job in one transaction: its state, the ledger's end of the hold, the account's credits and place, the event.
 * Whatever is retried, late or doubled, the ledger entry's id lets it happen once.
 */
import { priorsOf } from '../catalogue/job-states.ts';
import { endOfRetention } from '../catalogue/retention.ts';
import { entryWrite } from '../credits/ledger-store.ts';
import { endedWrites } from '../credits/usage-store.ts';
import { dayShard } from '../data/day-shard.ts';
import { accountKey, jobKey, keyKey } from '../data/item-keys.ts';
import { eventWrite } from '../data/outbox.ts';
import { dueToEnd } from '../data/retained.ts';
import type { TransactWrite } from '../data/table.ts';
import { type NamedWrites, transact } from '../data/transaction.ts';
import type { Random } from '../runtime/ids.ts';
import { type Job, madeOf, type Outcome, sourceJobOf, stepAdded } from './job.ts';
import { findJob } from './jobs-store.ts';
import { assertReachable, decideSettlement, type Settlement } from './settlement.ts';
import { unuseBy } from './source-uses.ts';

export interface SettleTables {
  readonly core: string;
  readonly jobs: string;
  readonly ledger: string;
}

/** Settles the job and says how it ended now; throws where the outcome does not fit its state. `now` is epoch ms. */
export function settleJob(
  tables: SettleTables,
  { accountId, jobId }: { accountId: string; jobId: number },
  outcome: Outcome,
  at: { now: number; random: Random },
): Promise<Settlement['state'] | 'was_settled'> {
  return transact<Settlement['state'] | 'was_settled'>(async () => {
    const job = await findJob(tables.jobs, accountId, jobId);
    if (!job) throw new Error(`there is no job ${jobId} of ${accountId} to settle`);
    const settlement = decideSettlement(job, outcome);
    if (!settlement) return { result: 'was_settled' };
    assertReachable(job, settlement);
    const sourceId = sourceJobOf(job.request);
    const source = sourceId === undefined ? undefined : await findJob(tables.jobs, accountId, sourceId);
    // Where it is refused the job is read again: if somebody else settled it, that read says so.
    return { result: settlement.state, writes: writesOf(tables, job, settlement, source, at) };
  });
}

function writesOf(
  tables: SettleTables,
  job: Job,
  { state, entry, event, deliverable, failure, failureCode, reason }: Settlement,
  source: Job | undefined,
  { now, random }: { now: number; random: Random },
): NamedWrites {
  const { accountId, jobId, credits } = job;
  const priors = Object.fromEntries(priorsOf(state).map((prior, index) => [`:prior${index}`, prior]));
  const at = new Date(now).toISOString();
  const step = stepAdded({ state, at, ...(reason !== undefined && { reason }) });
  const released = entry.kind === 'release';
  const ends = deliverable ? endsOf(job, now) : undefined;
  const unuse = source && unuseBy(jobId, source, now);
  const unused = unuse && { Key: jobKey(accountId, source.jobId), ...unuse };
  return {
    job: {
      Update: {
        TableName: tables.jobs,
        Key: jobKey(accountId, jobId),
        UpdateExpression:
          `SET #state = :state, updatedAt = :at, endedAt = :at, endedShard = :endedShard, progress = :progress, ${step.clause}` +
          (deliverable ? ', deliverable = :deliverable' : '') +
          (failure ? ', failure = :failure' : '') +
          (failureCode ? ', failureCode = :failureCode' : '') +
          (ends
            ? ', keptUntilMs = :due, openShard = :shard, dueAt = :due REMOVE made'
            : ' REMOVE openShard, dueAt, made'),
        ConditionExpression: `#state IN (${Object.keys(priors).join(', ')})`,
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ...priors,
          ...step.values,
          ':state': state,
          ':at': at,
          ':endedShard': dayShard(now, accountId),
          ':progress': deliverable ? 100 : job.progress,
          ...(deliverable && { ':deliverable': deliverable }),
          ...(failure && { ':failure': failure }),
          ...(failureCode && { ':failureCode': failureCode }),
          ...(ends && { ':due': ends.dueAt, ':shard': ends.openShard }),
        },
      },
    },
    ...(unused && { source: { Update: { TableName: tables.jobs, ...unused } } }),
    account: {
      Update: {
        TableName: tables.core,
        Key: accountKey(accountId),
        UpdateExpression: `SET held = held - :credits, running = running - :one${released ? ', available = available + :credits' : ''}`,
        ConditionExpression: 'held >= :credits AND running >= :one',
        ExpressionAttributeValues: { ':credits': credits, ':one': 1 },
      },
    },
    ...(released && job.spendKeyHash && { spend: spendLimitWrite(tables.core, job.spendKeyHash, credits) }),
    entry: entryWrite(tables.ledger, accountId, entry, now),
    ...endedWrites(
      tables.core,
      { ...madeOf(job), accountId, metadata: job.metadata },
      { state, credits, released, deliverable },
      now,
    ),
    event: eventWrite(tables.jobs, { type: event, accountId, jobId, at: now }, random),
  };
}

/** What it has by now ends after its days; undefined for a job of before there was this, whose files stay. */
function endsOf({ jobId, retentionDays }: Job, now: number) {
  return retentionDays === undefined ? undefined : dueToEnd(jobId, endOfRetention(now, retentionDays));
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
