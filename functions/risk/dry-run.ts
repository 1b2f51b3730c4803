/** Rules over recorded events without any effect: what they would have done, each once in its window. Pure. */
import type { RiskRule } from '../catalogue/risk-rules.ts';
import { caseIdOf, type Hit, hitsAt } from './evaluate.ts';
import { type AccountProfile, absorb, newAccountProfile, newProfile, type Profile } from './profile.ts';
import type { Use } from './use.ts';

export interface DryHit extends Hit {
  /** When the event came with which it was met, epoch ms. */
  readonly metAt: number;
}

/** What is known of one account. */
export interface Known {
  readonly account: AccountProfile;
  readonly keys: Record<string, Profile>;
}

/** Of one account: takes its calls in the order in which they come, and answers which rules each meets anew. */
export class DryRun {
  readonly known: Known;
  readonly #rules: readonly RiskRule[];
  readonly #met = new Set<string>();

  constructor(rules: readonly RiskRule[], known: Known = { account: newAccountProfile(), keys: {} }) {
    this.#rules = rules;
    this.known = known;
  }

  take(use: Use): DryHit[] {
    const { accountId, keyId, at } = use;
    const { account, keys } = this.known;
    const profile = keyId === undefined ? undefined : (keys[keyId] ?? newProfile());
    if (keyId !== undefined && profile) keys[keyId] = profile;
    absorb(account, profile, use);
    const key = keyId !== undefined && profile ? { keyId, profile } : undefined;
    return hitsAt(this.#rules, { accountId, account, ...(key && { key }) }, at).flatMap(hit => {
      const id = caseIdOf(hit);
      if (this.#met.has(id)) return [];
      this.#met.add(id);
      return [{ ...hit, metAt: at }];
    });
  }
}
