/** Writes an admission: one transaction, whose conditions are the rules of admission.ts. */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { PLANS, type Plan } from '../catalogue/plans.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { hold } from '../credits/ledger.ts';
import { entryWrite } from '../credits/ledger-store.ts';
import { startedWrite } from '../credits/usage-store.ts';
import { dayShard, utcDay } from '../data/day-shard.ts';
import {
  accountKey,
  dayKey,
  idempotencyKey,
  imageKey,
  jobKey,
  keyKey,
  mediaKey,
  personKey,
} from '../data/item-keys.ts';
import { eventWrite } from '../data/outbox.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import type { Random } from '../runtime/ids.ts';
import {
  type Admitted,
  judge,
  nameOf,
  type Reference,
  type Refused,
  referencesOf,
  type Submission,
} from './admission.ts';
import { refuseBeyondPlan } from './entitlement.ts';
import { madeOf, openShard, reportedOf } from './job-item.ts';

export interface AdmissionTables {
  readonly core: string;
  readonly jobs: string;
  readonly ledger: string;
  readonly idempotency: string;
}

/** A repeated call is recognised for a day. */
const MARKER_SECONDS = 24 * 3600;
/** A day's count is of no use once the day and its reports are over. */
const DAY_COUNT_SECONDS = 120 * 24 * 3600;
/** Whoever asks; a key also needs that no misuse was reported. */
const ACCOUNT_MAY = '#status = :active AND #plan = :plan AND available >= :hold AND running < :cap';
/** The sweeper looks at a job that has not ended by then. */
const FIRST_SWEEP_MS = 60_000;
/** Two submissions of one account that meet are tried again: 8 times cover 50 at once with room to spare. */
const CONFLICT_RETRIES = 8;

/** Commits the submission or throws a Refusal; nothing is written where it throws. `newId` draws another job id. */
export async function admit(
  tables: AdmissionTables,
  submission: Submission,
  tools: { random: Random; newId: () => number; pause: (ms: number) => Promise<void> },
): Promise<Admitted & { replayed: boolean }> {
  let current = submission;
  for (let conflicts = 0; ; ) {
    const writes = writesOf(tables, current, tools.random);
    try {
      await documents.send(new TransactWriteCommand({ TransactItems: Object.values(writes) }));
      return { jobId: current.jobId, credits: current.credits, replayed: false };
    } catch (error) {
      const refused = refusedOf(error, Object.keys(writes));
      if (Object.keys(refused).length === 0) {
        if (++conflicts > CONFLICT_RETRIES)
          throw new Refusal('busy', 'many requests of this account at once; retry in a moment');
        await tools.pause(2 ** conflicts * 5);
        continue;
      }
      const judged = judge(current, refused);
      if (judged instanceof Refusal) throw judged;
      if (judged === 'draw_another_id') current = { ...current, jobId: tools.newId() };
      else if ('plan' in judged) current = underPlan(current, PLANS[judged.plan]);
      else return { ...judged, replayed: true };
    }
  }
}

/** The submission under the plan that the account has come to; throws a Refusal where that does not cover it. */
function underPlan(submission: Submission, plan: Plan): Submission {
  const refusal = refuseBeyondPlan(plan, submission.request);
  if (refusal) throw refusal;
  return { ...submission, plan };
}

function writesOf(tables: AdmissionTables, submission: Submission, random: Random): Record<string, TransactWrite> {
  const { accountId, jobId, credits, credential, plan, request, now, idempotency, deadlineAt } = submission;
  const made = madeOf({ request, keyId: submission.keyId, plan: plan.name });
  const at = new Date(now).toISOString();
  const seconds = Math.floor(now / 1000);
  return {
    ...(idempotency && {
      marker: {
        Put: {
          TableName: tables.idempotency,
          Item: {
            ...idempotencyKey(accountId, idempotency.token),
            fingerprint: idempotency.fingerprint,
            jobId,
            credits,
            expiresAt: seconds + MARKER_SECONDS,
          },
          // TTL deletes late: an expired marker is as good as none.
          ConditionExpression: 'attribute_not_exists(pk) OR expiresAt < :now',
          ExpressionAttributeValues: { ':now': seconds },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
        },
      },
    }),
    ...credentialWrites(tables.core, submission),
    account: {
      Update: {
        TableName: tables.core,
        Key: accountKey(accountId),
        UpdateExpression: 'SET available = available - :hold, held = held + :hold, running = running + :one',
        ConditionExpression:
          credential.kind === 'key' ? `${ACCOUNT_MAY} AND attribute_not_exists(keysFrozenAt)` : ACCOUNT_MAY,
        ExpressionAttributeNames: { '#status': 'status', '#plan': 'plan' },
        ExpressionAttributeValues: {
          ...{ ':hold': credits, ':one': 1, ':active': 'active' },
          ...{ ':plan': plan.name, ':cap': plan.concurrency },
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    day: {
      Update: {
        TableName: tables.core,
        Key: dayKey(accountId, utcDay(now)),
        UpdateExpression: 'SET expiresAt = :expires ADD generations :one',
        ConditionExpression: 'attribute_not_exists(generations) OR generations < :limit',
        ExpressionAttributeValues: {
          ':one': 1,
          ':limit': plan.generationsPerDay,
          ':expires': seconds + DAY_COUNT_SECONDS,
        },
      },
    },
    ...Object.fromEntries(
      referencesOf(request).map(reference => [nameOf(reference), checkOf(tables, accountId, reference)]),
    ),
    jobId: {
      Put: {
        TableName: tables.jobs,
        Item: {
          ...jobKey(accountId, jobId),
          ...{
            accountId,
            jobId,
            state: 'queued',
            request,
            credits,
            keyId: submission.keyId,
            ...(credential.kind === 'key' && credential.spendLimit && { spendKeyHash: credential.spendLimit.keyHash }),
            plan: plan.name,
            createdAt: at,
            updatedAt: at,
            attempt: 0,
            progress: 0,
          },
          ...(deadlineAt !== undefined && { deadlineAt }),
          ...reportedOf(request),
          startedShard: dayShard(now, accountId),
          ...{ openShard: openShard(jobId), dueAt: Math.min(now + FIRST_SWEEP_MS, deadlineAt ?? Infinity) },
        },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    hold: entryWrite(tables.ledger, accountId, hold(jobId, credits, made), now),
    usage: startedWrite(tables.core, { ...made, accountId }, credits, now),
    event: eventWrite(tables.jobs, { type: 'video.queued', accountId, jobId, at: now }, random),
  };
}

/** That the key or the person may still do it; a spend limit pays the hold too, wherever in the key's line it is. */
function credentialWrites(
  table: string,
  { credential, keyId, credits, now }: Submission,
): Record<'credential', TransactWrite> & Partial<Record<'spend', TransactWrite>> {
  const names = { '#state': 'state' };
  const seen = { TableName: table, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const };
  if (credential.kind === 'person') {
    const active = { ConditionExpression: '#state = :active', ExpressionAttributeValues: { ':active': 'active' } };
    const check = { ...seen, Key: personKey(keyId), ExpressionAttributeNames: names, ...active };
    return { credential: { ConditionCheck: check } };
  }
  const { keyHash, revision, spendLimit } = credential;
  const lives =
    '#state = :active AND (attribute_not_exists(expiresAtMs) OR expiresAtMs > :now) AND (attribute_not_exists(revision) OR revision = :revision)';
  const values = { ':active': 'active', ':now': now, ':revision': revision };
  const key = { ...seen, Key: keyKey(keyHash), ExpressionAttributeNames: names };
  const check = { ...key, ConditionExpression: lives, ExpressionAttributeValues: values };
  const draw = { UpdateExpression: 'SET spendable = spendable - :credits' };
  if (!spendLimit) return { credential: { ConditionCheck: check } };
  if (spendLimit.keyHash === keyHash) {
    const covered = { ConditionExpression: `${lives} AND spendable >= :credits` };
    const paid = { ...key, ...draw, ...covered, ExpressionAttributeValues: { ...values, ':credits': credits } };
    return { credential: { Update: paid } };
  }
  const covered = { ConditionExpression: 'spendable >= :credits', ExpressionAttributeValues: { ':credits': credits } };
  return {
    credential: { ConditionCheck: check },
    spend: { Update: { ...seen, Key: keyKey(spendLimit.keyHash), ...draw, ...covered } },
  };
}

/** That what the job works on is there, is of the right kind, and is the account's own. */
function checkOf(tables: AdmissionTables, accountId: string, reference: Reference): TransactWrite {
  const { kind, id } = reference;
  const check = { TableName: tables.jobs, Key: REFERENCE_KEYS[kind](accountId, id) };
  if (kind === 'image') return { ConditionCheck: { ...check, ConditionExpression: 'attribute_exists(pk)' } };
  const [attribute, value] = kind === 'made' ? ['state', 'succeeded'] : ['mediaType', kind];
  return {
    ConditionCheck: {
      ...check,
      ConditionExpression: '#attribute = :value',
      ExpressionAttributeNames: { '#attribute': attribute },
      ExpressionAttributeValues: { ':value': value },
    },
  };
}

const REFERENCE_KEYS = { image: imageKey, made: jobKey, video: mediaKey, audio: mediaKey } as const;

/** Conditions whose refusal is explained by what stood there. */
const WITH_OLD = new Set(['marker', 'account', 'credential', 'spend']);

/** The refused conditions by name; rethrows what is no cancelled transaction. */
function refusedOf(error: unknown, names: readonly string[]): Refused {
  if (!(error instanceof TransactionCanceledException)) throw error;
  const reasons = error.CancellationReasons ?? [];
  const refused = names.flatMap((name, position): [string, unknown][] => {
    const { Code, Item } = reasons[position] ?? {};
    if (Code !== 'ConditionalCheckFailed') return [];
    const old = Item ? unmarshall(Item) : null;
    if (WITH_OLD.has(name)) return [[name, old]];
    const [, kind, id] = /^reference:(\w+):(\d+)$/.exec(name) ?? [];
    if (kind) return [['reference', { kind, id: Number(id) }]];
    // The hold's id is made of the job's: both are taken or neither.
    return [[name === 'hold' ? 'jobId' : name, true]];
  });
  return Object.fromEntries(refused) as Refused;
}
