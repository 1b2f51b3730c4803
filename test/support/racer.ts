/** An account in a race: its own keys, and submissions as API Gateway and the functions make them, without either. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Account } from '../../functions/accounts/account.ts';
import { putAccount } from '../../functions/accounts/accounts-store.ts';
import { standingAt } from '../../functions/accounts/standing.ts';
import { auditEvent } from '../../functions/audit/event.ts';
import { PERMISSIONS } from '../../functions/catalogue/permissions.ts';
import { PLANS, type PlanName } from '../../functions/catalogue/plans.ts';
import { Refusal } from '../../functions/catalogue/refusal.ts';
import type { VideoRequest } from '../../functions/catalogue/video-request.ts';
import { balanceOf, type Entry } from '../../functions/credits/ledger.ts';
import { utcDay } from '../../functions/data/day-shard.ts';
import { dayKey } from '../../functions/data/item-keys.ts';
import { admit } from '../../functions/generation/admission-store.ts';
import { refuseBeyondPlan } from '../../functions/generation/request-checks.ts';
import { hashKey } from '../../functions/keys/api-key.ts';
import { decideKey, principalOf } from '../../functions/keys/authorization.ts';
import type { KeySpec } from '../../functions/keys/key-spec.ts';
import { issueKey, type KeyContext } from '../../functions/keys/keys-command.ts';
import { findKey } from '../../functions/keys/keys-store.ts';
import { numericId, prefixedId } from '../../functions/runtime/ids.ts';
import { REQUEST as SAMPLE } from '../rules/sample-job.ts';
import type { ProductTables } from './product-tables.ts';

export const random = (bytes: number): Uint8Array => randomBytes(bytes);
const actor = { kind: 'platform', id: 'race' } as const;
const isJob = ({ sk }: { sk: string }): boolean => sk.startsWith('JOB#');
/** Of each job. */
export const PRICE = 7;
const REQUEST: VideoRequest = { ...SAMPLE, quality: '360p' };

/** A while of up to `ms`, so that each run meets in another way. */
export const aWhile = (ms: number): Promise<void> => sleep(Math.random() * ms);
export const keyContext = ({ tables }: Pick<ProductTables, 'tables'>): KeyContext => ({
  tables,
  actor,
  now: Date.now(),
  random,
});

type Seen = Awaited<ReturnType<typeof findKey>>;

export interface Racer {
  readonly accountId: string;
  newKey(spec?: Partial<KeySpec>): Promise<{ keyId: string; apiKey: string }>;
  /** 'admitted', or the kind of the refusal. `seen` is what the authorizer saw, where that is not what it would see now. */
  submit(apiKey: string, seen?: Seen): Promise<string>;
  /** What the authorizer sees. */
  see(apiKey: string): Promise<Seen>;
  /** Sets how many videos were started on this day. */
  started(count: number): Promise<void>;
  /** How many jobs it has; fails unless account, ledger, jobs and day's count agree. */
  jobs(): Promise<number>;
}

export async function racer(
  { tables, items, put }: ProductTables,
  { plan = 'enterprise', credits = 1_000_000 }: { plan?: PlanName; credits?: number } = {},
): Promise<Racer> {
  const at = Date.now();
  const accountId = prefixedId('acct', at, random);
  let before = 0;
  const account: Account = {
    accountId,
    accountNumber: numericId(at, random),
    name: 'racer',
    plan,
    status: 'active',
    available: credits,
    held: 0,
    running: 0,
    createdAt: new Date(at).toISOString(),
  };
  const opened = auditEvent(actor, { accountId, action: 'account.opened' }, { now: at, random });
  await putAccount(tables, account, opened);
  return {
    accountId,
    async newKey(spec = {}) {
      const whole = { name: 'a key', permissions: PERMISSIONS, ...spec };
      const { apiKey, key } = await issueKey(keyContext({ tables }), accountId, whole);
      return { keyId: key.keyId, apiKey };
    },
    see: apiKey => findKey(tables.core, hashKey(apiKey)),
    async submit(apiKey, seen) {
      const now = Date.now();
      const found = seen ?? (await findKey(tables.core, hashKey(apiKey)));
      const decision = decideKey(found.key, found.account, { address: '192.0.2.1', now });
      if (decision.kind !== 'key') return 'key_refused';
      const { key, account } = decision;
      const credential = principalOf(decision, { keyHash: hashKey(apiKey), now });
      await aWhile(2);
      try {
        const refusal = refuseBeyondPlan(PLANS[account.plan], REQUEST);
        if (refusal) throw refusal;
        const newId = () => numericId(now, random);
        const job = {
          accountId,
          keyId: key.keyId,
          credential,
          plan: PLANS[account.plan],
          standing: standingAt(account, now),
          request: REQUEST,
          credits: PRICE,
        };
        await admit(tables, { ...job, jobId: newId(), now }, { random, newId });
        return 'admitted';
      } catch (error) {
        if (error instanceof Refusal) return error.kind;
        throw error;
      }
    },
    async started(count) {
      before = count - (await items<{ sk: string }>(tables.jobs, accountId)).filter(isJob).length;
      await put(tables.core, { ...dayKey(accountId, utcDay(Date.now())), generations: count });
    },
    async jobs() {
      const entries = await items<Entry>(tables.ledger, accountId);
      const own = await items<Account & { sk: string; generations?: number; started?: number }>(
        tables.core,
        `ACCOUNT#${accountId}`,
      );
      const stored = own.find(({ sk }) => sk === 'ACCOUNT');
      const jobs = (await items<{ sk: string }>(tables.jobs, accountId)).filter(isJob);
      const holds = entries.filter(({ kind }) => kind === 'hold');
      expect(balanceOf(entries)).toEqual({ available: stored?.available, held: stored?.held });
      expect(balanceOf(entries)).toEqual({ available: credits - jobs.length * PRICE, held: jobs.length * PRICE });
      expect(holds).toHaveLength(jobs.length);
      expect(stored?.running).toBe(jobs.length);
      const day = own.find(({ sk }) => sk.startsWith('DAY#'))?.generations ?? 0;
      expect(day - before).toBe(jobs.length);
      expect(own.reduce((sum, { started = 0 }) => sum + started, 0)).toBe(jobs.length);
      return jobs.length;
    },
  };
}
