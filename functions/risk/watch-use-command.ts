/**
 * Watches the recorded use: takes each call up in the profiles of its account and its key, and does what the rules that are
 * then met ask for. A call that comes again changes nothing: profiles count different things, and a case is there once.
 */
import { findAccount } from '../accounts/accounts-store.ts';
import type { AuditEvent } from '../audit/event.ts';
import type { RiskRule } from '../catalogue/risk-rules.ts';
import { transact } from '../data/transaction.ts';
import type { EnforcementDependencies } from '../enforcement/decision-store.ts';
import { reportViolation } from '../enforcement/report-violation-command.ts';
import { logger } from '../runtime/runtime.ts';
import { caseOfHit } from './case.ts';
import { findCase } from './cases-store.ts';
import { caseIdOf, type Hit, hitsAt, seenInWords } from './evaluate.ts';
import { openCase } from './open-case-command.ts';
import { absorb, type Profile } from './profile.ts';
import { findAccountProfile, findKeyProfile, type Kept, profileWrite } from './profiles-store.ts';
import { type Use, useOf } from './use.ts';

export interface WatchUseDependencies extends EnforcementDependencies {
  readonly rules: readonly RiskRule[];
}

const ACTOR = 'risk-rules';
/** Calls that one transaction takes up: of so many keys at most, below the 100 items that one may have. */
const AT_ONCE = 50;

/** What fails for one account does not stop the others: it is thrown once all of them were looked at, and a repeated call goes on. */
export async function watchUse(dependencies: WatchUseDependencies, events: readonly AuditEvent[]): Promise<void> {
  const failures: unknown[] = [];
  const uses = events.map(useOf).filter(use => use !== undefined);
  for (const [accountId, own] of Map.groupBy(uses, use => use.accountId)) {
    try {
      for (let from = 0; from < own.length; from += AT_ONCE) {
        for (const hit of await takeUp(dependencies, accountId, own.slice(from, from + AT_ONCE))) {
          await act(dependencies, hit);
          await note(dependencies, hit);
        }
      }
    } catch (error) {
      logger.error('use not watched', { accountId, error: error as Error });
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `the use of ${failures.length} accounts was not watched`);
}

/** Keeps what these calls of one account add to its profiles; answers what is met by them and was not raised before. */
function takeUp(
  { tables: { core }, now, rules }: WatchUseDependencies,
  accountId: string,
  uses: readonly Use[],
): Promise<Hit[]> {
  return transact<Hit[]>(async () => {
    const keyIds = [...new Set(uses.flatMap(({ keyId }) => keyId ?? []))];
    const [owner, account, ...found] = await Promise.all([
      findAccount(core, accountId),
      findAccountProfile(core, accountId),
      ...keyIds.map(keyId => findKeyProfile(core, accountId, keyId)),
    ]);
    // Records come hours late: of an account that was erased nothing is noted, or its purge would leave that.
    if (!owner) return { result: [] };
    const keys = new Map(keyIds.map((keyId, index) => [keyId, found[index] as Kept<Profile>]));
    const hits = new Map<string, Hit>();
    for (const use of uses) {
      const own = use.keyId === undefined ? undefined : keys.get(use.keyId);
      absorb(account.profile, own?.profile, use);
      const key = use.keyId !== undefined && own ? { keyId: use.keyId, profile: own.profile } : undefined;
      const subject = { accountId, account: account.profile, ...(key && { key }) };
      for (const hit of hitsAt(rules, subject, use.at)) {
        const of = hit.keyId === undefined ? account : own;
        if (of && isNew(hit, of, use.at)) hits.set(caseIdOf(hit), hit);
      }
    }
    const at = now();
    return {
      result: [...hits.values()],
      writes: {
        account: profileWrite(core, { accountId }, account, at),
        ...Object.fromEntries(
          [...keys].map(([keyId, kept]) => [keyId, profileWrite(core, { accountId, keyId }, kept, at)]),
        ),
      },
    };
  });
}

function isNew({ rule, windowStart }: Hit, { raised, excused }: Kept<Profile>, at: number): boolean {
  return (raised[rule.id] ?? 0) < windowStart && (excused[rule.id] ?? 0) < at;
}

async function act(dependencies: WatchUseDependencies, hit: Hit): Promise<void> {
  const { tables, now } = dependencies;
  const { rule, accountId } = hit;
  const caseId = caseIdOf(hit);
  if (await findCase(tables.core, caseId)) return;
  const account = await findAccount(tables.core, accountId);
  if (!account) return;
  const violationId = await warn(dependencies, hit, caseId);
  const made = caseOfHit(hit, { at: now(), declaredUse: account.declaredUse?.categories ?? [], violationId });
  await openCase(dependencies, { account, rule, made, actor: { kind: 'platform', id: ACTOR } });
  logger.info('rule met', { accountId, rule: rule.id, caseId });
}

/** Records the violation of the rule: its own transaction, which does it once for the case. */
async function warn(dependencies: WatchUseDependencies, hit: Hit, caseId: string): Promise<string | undefined> {
  const { rule, accountId } = hit;
  const { violation } = rule;
  if (!violation) return undefined;
  const outcome = await reportViolation(dependencies, {
    ...violation,
    accountId,
    violationId: caseId,
    evidence: `${seenInWords(hit)}. ${rule.advice}`,
    source: ACTOR,
  });
  return outcome.kind === 'no_account' ? undefined : outcome.violationId;
}

/** Notes that it was raised in this window, so that the calls that follow do not try it again. */
function note(
  { tables: { core }, now }: WatchUseDependencies,
  { rule, accountId, keyId, windowStart }: Hit,
): Promise<void> {
  return transact<void>(async () => {
    const kept =
      keyId === undefined ? await findAccountProfile(core, accountId) : await findKeyProfile(core, accountId, keyId);
    const raised = { ...kept.raised, [rule.id]: Math.max(kept.raised[rule.id] ?? 0, windowStart) };
    return {
      result: undefined,
      writes: { profile: profileWrite(core, { accountId, keyId }, { ...kept, raised }, now()) },
    };
  });
}
