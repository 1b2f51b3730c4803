/** A case as one transaction: the key that it stops, the audit event, the e-mail to the owner, and the event by which it is sent. */
import type { Account } from '../accounts/account.ts';
import { mailWrite } from '../accounts/mails-store.ts';
import { auditWrite } from '../audit/audit-store.ts';
import { type Actor, auditEvent } from '../audit/event.ts';
import type { RiskRule } from '../catalogue/risk-rules.ts';
import { accountEventWrite } from '../data/outbox.ts';
import { RETRY, transact } from '../data/transaction.ts';
import type { EnforcementDependencies } from '../enforcement/decision-store.ts';
import { type FoundKey, keyOfAccount, keyWrites } from '../keys/keys-store.ts';
import { prefixedId } from '../runtime/ids.ts';
import { type RiskCase, suspensionOf, undoInWords } from './case.ts';
import { caseWrites } from './cases-store.ts';

export interface OpenCase {
  readonly account: Account;
  readonly rule: RiskRule;
  readonly made: RiskCase;
  readonly actor: Actor;
}

/** False where the case is there already. */
export function openCase(
  { tables, random }: EnforcementDependencies,
  { account: { accountId }, rule, made, actor }: OpenCase,
): Promise<boolean> {
  const { caseId, keyId, seen, createdAt } = made;
  const at = Date.parse(createdAt);
  return transact<boolean>(async () => {
    const key = await keyToStop(tables.core, rule, made);
    const mailId = prefixedId('mail', at, random);
    const suspension = suspensionOf(made, rule);
    const details = { accountId, reason: seen, detail: { rule: rule.id, caseId } };
    const event = key
      ? auditEvent(actor, { ...details, action: 'key.suspended', subject: key.keyId }, { now: at, random })
      : auditEvent(actor, { ...details, action: 'case.opened', subject: keyId ?? accountId }, { now: at, random });
    return {
      result: true,
      writes: {
        ...caseWrites(tables.core, made),
        ...(key && {
          ...keyWrites(tables.core, key, { state: 'frozen', suspension, revision: (key.revision ?? 0) + 1 }),
          mail: mailWrite(tables.core, accountId, {
            mailId,
            template: 'key_suspended',
            fields: { key: key.name, reason: seen, advice: rule.advice, undo: undoInWords(key.keyId, suspension) },
            createdAt,
          }),
        }),
        audit: auditWrite(tables.audit, event),
        event: accountEventWrite(
          tables.jobs,
          {
            type: key ? 'account.key_suspended' : 'account.case_opened',
            accountId,
            at,
            detail: { caseId, rule: rule.id, ...(keyId !== undefined && { keyId }), ...(key && { mailId }) },
          },
          random,
        ),
      },
      refused: refused => ('case' in refused ? false : RETRY),
    };
  });
}

/**
 * Undefined where the rule stops no key, or it is not active any more. One that its owner may make active again is stopped by
 * what only staff undo: else the rule that was met first would be the way around the other.
 */
async function keyToStop(
  table: string,
  { does, ownerMayUndo }: RiskRule,
  { accountId, keyId }: RiskCase,
): Promise<FoundKey | undefined> {
  if (!does.includes('suspend_key') || keyId === undefined) return undefined;
  const key = await keyOfAccount(table, accountId, keyId);
  const isGraver = key?.state === 'frozen' && key.suspension?.ownerMayUndo === true && !ownerMayUndo;
  return key?.state === 'active' || isGraver ? key : undefined;
}
