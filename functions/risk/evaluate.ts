/** Which rules the recorded use meets. Pure. */
import {
  type PastMeasure,
  RISK_MEASURES,
  RISK_WINDOWS,
  type RiskMeasure,
  type RiskRule,
} from '../catalogue/risk-rules.ts';
import { keyDigest } from '../data/item-keys.ts';
import { type AccountProfile, type Profile, pastOf, sizeIn, windowOf, windowStart } from './profile.ts';

/** A rule that is met, once in its window for its subject. */
export interface Hit {
  readonly rule: RiskRule;
  readonly accountId: string;
  /** The key whose use it is; absent where it is that of the account. */
  readonly keyId?: string;
  /** When the shortest of its windows began, epoch ms. */
  readonly windowStart: number;
  readonly windowEnd: number;
  readonly seen: Readonly<Partial<Record<RiskMeasure, number>>>;
  /** The highest of the account's own past, of those measures that were compared with it. */
  readonly past: Readonly<Partial<Record<PastMeasure, number>>>;
}

export interface Subject {
  readonly accountId: string;
  readonly account: AccountProfile;
  readonly key?: { readonly keyId: string; readonly profile: Profile };
}

/** What is met by the windows that have the moment `at` (epoch ms) in them. */
export function hitsAt(rules: readonly RiskRule[], { accountId, account, key }: Subject, at: number): Hit[] {
  let past: ReturnType<typeof pastOf> | undefined;
  return rules.flatMap(rule => {
    const profile = rule.of === 'key' ? key?.profile : account;
    if (!profile) return [];
    const sizes = rule.conditions.map(({ measure }) => sizeIn(profile, measure, at));
    if (rule.conditions.some(({ least }, index) => (sizes[index] ?? 0) < least)) return [];
    past ??= pastOf(account, at);
    const { days, highest } = past;
    if (days < rule.needsDays) return [];
    const isUsual = rule.conditions.some(
      ({ measure, timesPast }, index) =>
        timesPast !== undefined && (sizes[index] ?? 0) < timesPast * (highest[measure as PastMeasure] ?? 0),
    );
    if (isUsual) return [];
    const starts = rule.conditions.map(({ measure }) => windowStart(measure, at));
    const ends = rule.conditions.map(({ measure }) => windowStart(measure, at) + RISK_WINDOWS[windowOf(measure)]);
    const compared = rule.conditions.filter(({ timesPast }) => timesPast !== undefined);
    return [
      {
        rule,
        accountId,
        ...(rule.of === 'key' && key && { keyId: key.keyId }),
        windowStart: Math.max(...starts),
        windowEnd: Math.min(...ends),
        seen: Object.fromEntries(rule.conditions.map(({ measure }, index) => [measure, sizes[index]])),
        past: Object.fromEntries(compared.map(({ measure }) => [measure, highest[measure as PastMeasure] ?? 0])),
      },
    ];
  });
}

/** The same rules without their effect: each opens its case, and stops and warns nobody. */
export function observing(rules: readonly RiskRule[]): RiskRule[] {
  return rules.map(({ violation: _, ...rule }) => ({ ...rule, does: ['open_case'] }));
}

/** `case_…`: the same for the same rule, subject and window, so that it is one case however often it is found. */
export function caseIdOf({ rule, accountId, keyId = '', windowStart: start }: Hit): string {
  return `case_${keyDigest(JSON.stringify([rule.id, accountId, keyId, start]))
    .replace(/[-_]/g, '0')
    .slice(0, 26)}`;
}

/** What was seen, in words that the owner reads. */
export function seenInWords({ seen, past, windowStart: start }: Hit): string {
  const counted = Object.entries(seen).map(([measure, size]) => {
    const before = past[measure as PastMeasure];
    const compared = before === undefined ? '' : ` (the most on any day before: ${before})`;
    return `${size} ${RISK_MEASURES[measure as RiskMeasure]}${compared}`;
  });
  return `${counted.join(', and ')}, from ${new Date(start).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
