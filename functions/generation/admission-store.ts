/** Writes an admission: one transaction, whose conditions are the rules of admission.ts. */
import { statusAllows } from '../accounts/account-changes-store.ts';
import { PLANS } from '../catalogue/plans.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { planWithin, refuseByStanding } from '../catalogue/standing-refusals.ts';
import { hold } from '../credits/ledger.ts';
import { entryWrite } from '../credits/ledger-store.ts';
import { startedWrites } from '../credits/usage-store.ts';
import { dayShard, utcDay } from '../data/day-shard.ts';
import { recordWrite } from '../data/idempotency-store.ts';
import {
  accountKey,
  dayKey,
  imageKey,
  jobKey,
  keyKey,
  mediaKey,
  pairedJobKey,
  personKey,
  selectionKey,
} from '../data/item-keys.ts';
import { eventWrite } from '../data/outbox.ts';
import type { TransactWrite } from '../data/table.ts';
import { type NamedWrites, RETRY, type RefusedWrites, transact } from '../data/transaction.ts';
import type { Random } from '../runtime/ids.ts';
import {
  type AccountChanged,
  type Admitted,
  evaluateRefused,
  nameOf,
  type Reference,
  type Refused,
  referencesOf,
  type Selection,
  type Submission,
} from './admission.ts';
import { madeOf, openShard, reportedOf } from './job.ts';
import { refuseBeyondPlan, refuseBeyondRetention } from './request-checks.ts';
import { STILL_KEPT, useBy } from './source-uses.ts';

export interface AdmissionTables {
  readonly core: string;
  readonly jobs: string;
  readonly ledger: string;
  readonly idempotency: string;
}

/** A day's count is of no use once the day and its reports are over. */
const DAY_COUNT_SECONDS = 120 * 24 * 3600;
/** For whoever calls; a key also needs that no misuse was reported. */
const USE = statusAllows('use');
const ACCOUNT_MAY = `${USE.ConditionExpression} AND #plan = :plan AND available >= :hold AND running < :cap`;
/** The reconciler looks at a job that has not ended by then. */
const FIRST_RECONCILIATION_MS = 60_000;

/** Commits the submission or throws a Refusal; nothing is written where it throws. `newId` draws another job id. */
export function admit(
  tables: AdmissionTables,
  submission: Submission,
  { random, newId }: { random: Random; newId: () => number },
): Promise<Admitted & { replayed: boolean }> {
  let current = submission;
  return transact<Admitted & { replayed: boolean }>(() => {
    const { jobId, credits } = current;
    return {
      result: { jobId, credits, replayed: false },
      writes: writesOf(tables, current, random),
      refused(writes) {
        const meaning = evaluateRefused(current, refusedConditions(writes));
        if (meaning instanceof Refusal) throw meaning;
        if (meaning === 'draw_another_id') current = { ...current, jobId: newId() };
        else if ('plan' in meaning) current = underChanged(current, meaning);
        else return { ...meaning, replayed: true };
        return RETRY;
      },
    };
  });
}

/** The submission under the plan and the standing that the account has come to; throws a Refusal where they do not cover it. */
function underChanged(submission: Submission, { plan: name, standing }: AccountChanged): Submission {
  const plan = PLANS[name];
  const { request, retentionDays } = submission;
  const refusal =
    refuseBeyondPlan(plan, request) ??
    refuseByStanding(standing, request) ??
    refuseBeyondRetention(plan, retentionDays);
  if (refusal) throw refusal;
  return { ...submission, plan, standing };
}

function writesOf(tables: AdmissionTables, submission: Submission, random: Random): NamedWrites {
  const { accountId, jobId, keyId, credits, credential, request, now, idempotencyKey, standing } = submission;
  const plan = planWithin(submission.plan, standing.restrictions);
  const { deadlineAt, metadata = {}, retentionDays = plan.retentionDays } = submission;
  const pairs = Object.entries(metadata);
  const made = madeOf({ request, keyId, plan: plan.name });
  const at = new Date(now).toISOString();
  const accountMay = `${ACCOUNT_MAY} AND ${standing.revision > 0 ? 'standingRevision = :standing' : 'attribute_not_exists(standingRevision)'}`;
  return {
    ...(idempotencyKey && {
      record: recordWrite(tables.idempotency, accountId, idempotencyKey, { jobId, credits }, now),
    }),
    ...(submission.selection && { selection: selectionWrite(tables.jobs, submission, submission.selection) }),
    ...credentialWrites(tables.core, submission),
    account: {
      Update: {
        TableName: tables.core,
        Key: accountKey(accountId),
        UpdateExpression: 'SET available = available - :hold, held = held + :hold, running = running + :one',
        ConditionExpression:
          credential.kind === 'key' ? `${accountMay} AND attribute_not_exists(keysFrozenAt)` : accountMay,
        ExpressionAttributeNames: { ...USE.ExpressionAttributeNames, '#plan': 'plan' },
        ExpressionAttributeValues: {
          ':hold': credits,
          ':one': 1,
          ...USE.ExpressionAttributeValues,
          ':plan': plan.name,
          ':cap': plan.concurrency,
          ...(standing.revision > 0 && { ':standing': standing.revision }),
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
          ':expires': Math.floor(now / 1000) + DAY_COUNT_SECONDS,
        },
      },
    },
    ...Object.fromEntries(
      referencesOf(request).map(reference => [nameOf(reference), referenceWrite(tables, submission, reference)]),
    ),
    jobId: {
      Put: {
        TableName: tables.jobs,
        Item: {
          ...jobKey(accountId, jobId),
          accountId,
          jobId,
          state: 'queued',
          request,
          credits,
          keyId,
          ...(credential.kind === 'key' && credential.spendLimit && { spendKeyHash: credential.spendLimit.keyHash }),
          plan: plan.name,
          retentionDays,
          createdAt: at,
          updatedAt: at,
          attempt: 0,
          progress: 0,
          timeline: [{ state: 'queued', at }],
          ...(deadlineAt !== undefined && { deadlineAt }),
          ...(pairs.length > 0 && { metadata }),
          ...reportedOf(request),
          startedShard: dayShard(now, accountId),
          openShard: openShard(jobId),
          dueAt: Math.min(now + FIRST_RECONCILIATION_MS, deadlineAt ?? Infinity),
        },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    hold: entryWrite(tables.ledger, accountId, hold(jobId, credits, made), now),
    ...Object.fromEntries(
      pairs.map((pair, index) => [
        `pair:${index}`,
        { Put: { TableName: tables.jobs, Item: { ...pairedJobKey(accountId, pair, jobId), jobId } } },
      ]),
    ),
    ...startedWrites(tables.core, { ...made, accountId, metadata }, credits, now),
    event: eventWrite(tables.jobs, { type: 'video.queued', accountId, jobId, at: now }, random),
  };
}

/** That no other job looks for the masks of the frame. */
function selectionWrite(
  table: string,
  { accountId, jobId }: Submission,
  { source, keyframe, replaces }: Selection,
): TransactWrite {
  const free = replaces === undefined ? 'attribute_not_exists(pk)' : 'jobId = :replaced';
  return {
    Put: {
      TableName: table,
      Item: { ...selectionKey(accountId, source, keyframe), jobId },
      ConditionExpression: free,
      ...(replaces !== undefined && { ExpressionAttributeValues: { ':replaced': replaces } }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

/** That the key or the person may still do it; a spend limit pays the hold too, wherever in the key's rotation lineage it is. */
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

/**
 * That what the job works on is there, is of the right kind, and is the account's own. A video that was made here can be
 * deleted while the job is open: it learns who uses it. Uploads cannot.
 */
function referenceWrite(
  tables: AdmissionTables,
  { accountId, jobId, now }: Submission,
  { kind, id }: Reference,
): TransactWrite {
  const item = { TableName: tables.jobs, Key: REFERENCE_KEYS[kind](accountId, id) };
  if (kind === 'made') return { Update: { ...item, ...useBy(jobId, now) } };
  const isIt = kind === 'image' ? 'attribute_exists(objectKey)' : 'mediaType = :value';
  return {
    ConditionCheck: {
      ...item,
      ConditionExpression: `${isIt} AND ${STILL_KEPT}`,
      ExpressionAttributeValues: { ':now': now, ...(kind !== 'image' && { ':value': kind }) },
    },
  };
}

const REFERENCE_KEYS = { image: imageKey, made: jobKey, video: mediaKey, audio: mediaKey } as const;

/** Conditions whose refusal is explained by what stood there. */
const WITH_OLD = new Set(['record', 'selection', 'account', 'credential', 'spend']);

function refusedConditions(writes: RefusedWrites): Refused {
  const refused = Object.entries(writes).map(([name, old]): [string, unknown] => {
    if (WITH_OLD.has(name)) return [name, old];
    const [, kind, id] = /^reference:(\w+):(\d+)$/.exec(name) ?? [];
    if (kind) return ['reference', { kind, id: Number(id) }];
    // The hold's id is made of the job's: both are taken or neither.
    return [name === 'hold' ? 'jobId' : name, true];
  });
  return Object.fromEntries(refused) as Refused;
}
