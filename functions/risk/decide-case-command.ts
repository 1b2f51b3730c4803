/** What people decide of cases: staff, and the account's own people where nobody but the account is harmed. */
import type { Account } from '../accounts/account.ts';
import { knownAccount, ownAccount } from '../accounts/accounts-store.ts';
import { mailWrite } from '../accounts/mails-store.ts';
import { auditWrite } from '../audit/audit-store.ts';
import { actorOf, auditEvent } from '../audit/event.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { accountEventWrite } from '../data/outbox.ts';
import { type NamedWrites, transact } from '../data/transaction.ts';
import { decideStanding } from '../enforcement/decide-standing-command.ts';
import type { EnforcementDependencies } from '../enforcement/decision-store.ts';
import { findFinding } from '../enforcement/standing-store.ts';
import type { Caller } from '../http/caller.ts';
import type { StoredKey } from '../keys/key.ts';
import { noSuchKey } from '../keys/keys-command.ts';
import { type FoundKey, keyOfAccount, keyWrites } from '../keys/keys-store.ts';
import { prefixedId } from '../runtime/ids.ts';
import { EXCUSED_MS, type RiskCase } from './case.ts';
import { decidedWrites, findCase } from './cases-store.ts';
import { findAccountProfile, findKeyProfile, profileWrite } from './profiles-store.ts';

export interface CaseDecision {
  readonly id: string;
  readonly decision: 'dismiss' | 'confirm';
  readonly reason: string;
}

type Decided = Required<Pick<RiskCase, 'state' | 'reason' | 'decidedBy' | 'decidedAt'>>;

const STATES = { dismiss: 'dismissed', confirm: 'confirmed' } as const;

export function noSuchCase(): Refusal {
  return new Refusal('not_found', 'there is no such case: GET /v1/operators/cases lists those that are open', 'id');
}

/** Dismissed, what was done about it by itself is undone: its key is active again, and its violation lifted. */
export async function decideCase(
  dependencies: EnforcementDependencies,
  caller: Caller,
  { id, decision, reason }: CaseDecision,
): Promise<RiskCase> {
  const { tables, now } = dependencies;
  const state = STATES[decision];
  const decided = await transact<RiskCase>(async () => {
    const found = await findCase(tables.core, id);
    if (!found) throw noSuchCase();
    if (found.state !== 'open') return { result: decidedAlready(found, state, reason) };
    const account = await knownAccount(tables.core, found.accountId);
    const made: Decided = { state, reason, decidedBy: caller.id, decidedAt: new Date(now()).toISOString() };
    return { result: { ...found, ...made }, writes: await writesOf(dependencies, caller, { account, found, made }) };
  });
  // After it, so that a call that is sent again lifts what one that was lost did not.
  if (state === 'dismissed') await liftViolation(dependencies, caller, decided);
  return decided;
}

function decidedAlready(found: RiskCase, state: RiskCase['state'], reason: string): RiskCase {
  if (found.state === state && found.reason === reason) return found;
  throw new Refusal(
    'wrong_state',
    `this case was ${found.state} already, at ${found.decidedAt}; nothing was changed now`,
    'decision',
  );
}

async function liftViolation(
  dependencies: EnforcementDependencies,
  caller: Caller,
  { accountId, violationId, reason = '' }: RiskCase,
): Promise<void> {
  if (violationId === undefined) return;
  const violation = await findFinding(dependencies.tables.core, accountId, violationId);
  if (violation?.state !== 'in_force') return;
  await decideStanding(dependencies, caller, { id: accountId, action: 'lift', subject: violationId, reason });
}

/** The key after it; one that is active already stays as it is. Throws a Refusal where only staff may undo it. */
export function unfreezeKey(
  dependencies: EnforcementDependencies,
  caller: Caller,
  { keyId, reason }: { readonly keyId: string; readonly reason: string },
): Promise<StoredKey> {
  const { tables, now } = dependencies;
  return transact<StoredKey>(async () => {
    const account = await ownAccount(tables.core, caller.accountId);
    const key = await keyOfAccount(tables.core, account.accountId, keyId);
    if (!key) throw noSuchKey(keyId);
    const { pk: _pk, suspension, ...active } = key;
    if (key.state === 'revoked') throw new Refusal('wrong_state', `key ${keyId} is revoked, for good`, 'id');
    if (key.state !== 'frozen' || !suspension) return { result: active };
    const found = await findCase(tables.core, suspension.caseId);
    if (!found) throw new Error(`key ${keyId} is frozen for ${suspension.caseId}, which is not there`);
    if (!suspension.ownerMayUndo || found.state === 'confirmed') {
      throw new Refusal(
        'wrong_state',
        `only a person of ours makes key ${keyId} active again: write to us and name the case ${suspension.caseId}`,
        'id',
      );
    }
    const at = new Date(now()).toISOString();
    const made: Decided = { state: 'acknowledged', reason, decidedBy: caller.id, decidedAt: at };
    return {
      result: { ...active, state: 'active' },
      writes: await writesOf(dependencies, caller, { account, found, made, key }),
    };
  });
}

interface Reached {
  readonly account: Account;
  readonly found: RiskCase;
  readonly made: Decided;
  /** Where it was read already. */
  readonly key?: FoundKey;
}

async function writesOf(
  { tables, random }: EnforcementDependencies,
  caller: Caller,
  { account: { accountId }, found, made, key: read }: Reached,
): Promise<NamedWrites> {
  const { caseId, keyId, rule } = found;
  const at = Date.parse(made.decidedAt);
  const isUndone = made.state !== 'confirmed';
  const held =
    isUndone && keyId !== undefined ? (read ?? (await keyOfAccount(tables.core, accountId, keyId))) : undefined;
  const key = held?.state === 'frozen' && held.suspension?.caseId === caseId ? held : undefined;
  const mailId = prefixedId('mail', at, random);
  const { state, reason } = made;
  const event = auditEvent(
    actorOf(caller),
    {
      accountId,
      action: key ? 'key.reinstated' : 'case.decided',
      subject: key ? key.keyId : caseId,
      reason,
      detail: { caseId, rule, decision: state },
    },
    { now: at, random },
  );
  return {
    // Whoever decided a case that was decided meanwhile: only the key is undone then.
    ...(found.state === 'open' && decidedWrites(tables.core, found, made)),
    ...(isUndone && { profile: await excuseWrite(tables.core, found, made) }),
    ...(key && {
      ...keyWrites(tables.core, key, { state: 'active', suspension: undefined, revision: (key.revision ?? 0) + 1 }),
      mail: mailWrite(tables.core, accountId, {
        mailId,
        template: 'key_reinstated',
        fields: { key: key.name, reason },
        createdAt: made.decidedAt,
      }),
      event: accountEventWrite(
        tables.jobs,
        { type: 'account.key_reinstated', accountId, at, detail: { caseId, keyId: key.keyId, mailId } },
        random,
      ),
    }),
    audit: auditWrite(tables.audit, event),
  };
}

/** What is usual here is not raised again for a while. */
async function excuseWrite(table: string, { accountId, keyId, rule }: RiskCase, { state, decidedAt }: Decided) {
  const at = Date.parse(decidedAt);
  const kept =
    keyId === undefined ? await findAccountProfile(table, accountId) : await findKeyProfile(table, accountId, keyId);
  const until = at + EXCUSED_MS[state === 'acknowledged' ? 'acknowledged' : 'dismissed'];
  const excused = { ...kept.excused, [rule]: until };
  return profileWrite(table, { accountId, keyId }, { ...kept, excused }, at);
}
