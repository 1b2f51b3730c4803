/** A case: a rule that recorded use met, what was done about it by itself, and what a person decided. Pure. */
import type { z } from 'zod';
import { RISK_RULES, type RiskAct, type RiskRule } from '../catalogue/risk-rules.ts';
import type { Suspension } from '../keys/key.ts';
import { caseIdOf, type Hit, seenInWords } from './evaluate.ts';
import type { caseObject } from './operators-contract.ts';

export interface RiskCase {
  readonly caseId: string;
  readonly accountId: string;
  /** The key whose use it is; absent where it is that of the account. */
  readonly keyId?: string;
  /** The id of the rule. */
  readonly rule: string;
  readonly clause: string;
  /** What was seen, in words. */
  readonly seen: string;
  /** What the rule asked for; a key that was stopped already is not stopped again. */
  readonly did: readonly RiskAct[];
  /** What the account said of its use, in the categories of its qualification. */
  readonly declaredUse: readonly string[];
  /** The violation that was recorded with it. */
  readonly violationId?: string;
  /** Within which it was seen, ISO 8601. */
  readonly from: string;
  readonly to: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** `acknowledged` by the account's own people, where it harms nobody else. */
  readonly state: 'open' | 'dismissed' | 'confirmed' | 'acknowledged';
  readonly reason?: string;
  readonly decidedBy?: string;
  readonly decidedAt?: string;
}

/** What was prepared for an authority, byte for byte. */
export interface RiskReport {
  readonly reportId: string;
  readonly caseId: string;
  readonly authority: string;
  readonly preparedBy: string;
  /** ISO 8601. */
  readonly preparedAt: string;
  /** JSON. */
  readonly text: string;
  /** SHA-256 of its UTF-8, hex. */
  readonly sha256: string;
}

export function caseOfHit(
  hit: Hit,
  { at, declaredUse, violationId }: { at: number; declaredUse: readonly string[]; violationId?: string | undefined },
): RiskCase {
  const { rule, accountId, keyId, windowStart, windowEnd } = hit;
  return {
    caseId: caseIdOf(hit),
    accountId,
    ...(keyId !== undefined && { keyId }),
    rule: rule.id,
    clause: rule.clause,
    seen: seenInWords(hit),
    did: rule.does,
    declaredUse,
    ...(violationId !== undefined && { violationId }),
    from: new Date(windowStart).toISOString(),
    to: new Date(windowEnd).toISOString(),
    createdAt: new Date(at).toISOString(),
    state: 'open',
  };
}

/** Why the key of the case is stopped. */
export function suspensionOf({ caseId, seen, createdAt }: RiskCase, { advice, ownerMayUndo }: RiskRule): Suspension {
  return { caseId, at: createdAt, reason: seen, advice, ownerMayUndo };
}

/** What the e-mail about it says of undoing. */
export function undoInWords(keyId: string, { caseId, ownerMayUndo }: Suspension): string {
  return ownerMayUndo
    ? `Sign in and call POST /v1/keys/${keyId}/unfreeze with why, or DELETE /v1/keys/${keyId} to revoke it. A person of ours looks at it too.`
    : `Only a person of ours makes it active again: write to us and name the case ${caseId}, or revoke the key with DELETE /v1/keys/${keyId}.`;
}

/** So long a rule is not raised again of a subject that a person excused of it; ms. */
export const EXCUSED_MS = { dismissed: 30 * 24 * 3600_000, acknowledged: 7 * 24 * 3600_000 } as const;

export function describeCase(found: RiskCase): z.output<typeof caseObject> {
  const rule: RiskRule | undefined = RISK_RULES.find(({ id }) => id === found.rule);
  return {
    id: found.caseId,
    object: 'case',
    account_id: found.accountId,
    key_id: found.keyId ?? null,
    rule: found.rule,
    clause: found.clause,
    seen: found.seen,
    why: rule?.reason ?? '',
    did: [...found.did],
    declared_use: [...found.declaredUse],
    violation_id: found.violationId ?? null,
    from: found.from,
    to: found.to,
    created_at: found.createdAt,
    state: found.state,
    reason: found.reason ?? null,
    decided_at: found.decidedAt ?? null,
  };
}
