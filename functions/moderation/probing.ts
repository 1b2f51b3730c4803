/**
 * Probing: sending texts until one passes. A refusal names the rule, so that a mistake can be appealed; whoever is refused
 * again and again within an hour is told no more rules, and nothing is tried out for free any more. What was refused counts
 * against the standing of the account, and how it was tried to get past the review counts more. Pure.
 */

import { Refusal } from '../catalogue/refusal.ts';
import type { Severity, ViolationCategory } from '../catalogue/standing.ts';
import { SUPPORT } from '../catalogue/support.ts';
import type { RefusedCounts } from './refused-texts-store.ts';
import { refusalOfContent, type Screening } from './screening.ts';

/** Texts of an account that may be refused in a UTC hour before that: more than a mistake or two of a film's many scenes. */
export const MOST_REFUSED_AN_HOUR = 20;

/** `2026-11-29T21` of epoch ms: within it, refused texts are counted. */
export function hourOf(now: number): string {
  return new Date(now).toISOString().slice(0, 13);
}

/** Why nothing may be tried out now; undefined where it may. `refused`: texts of this hour. */
export function refuseProbing(refused: number, now: number): Refusal | undefined {
  if (refused < MOST_REFUSED_AN_HOUR) return undefined;
  const minutes = 60 - new Date(now).getUTCMinutes();
  return new Refusal(
    'too_many_refused',
    `${refused} texts of this account were refused within this hour: dry runs are answered again in ${minutes} minutes; clause 3.2 of /v1/terms says what may not be made`,
  );
}

/** What a caller is told of a refused text, which is the `refused`th of this hour: from some number on, no rule. Undefined for what is clear. */
export function refusalOfCounted(screening: Screening, refused: number): Refusal | undefined {
  const refusal = refusalOfContent(screening);
  if (!refusal || refused <= MOST_REFUSED_AN_HOUR) return refusal;
  return new Refusal(
    'content_refused',
    `${refusal.field} asks for what is not made here, as did ${refused - 1} texts of this account within this hour: the rule is no longer named. Nothing was charged or stored. If this is a mistake, appeal: write to ${SUPPORT} with the text`,
    refusal.field,
  );
}

/** Texts that one rule refuses within an hour, from which they are retries: more than a prompt that is put right twice. */
const RETRIES_FROM = 5;

interface Reported {
  /** Of the hour: what happens again within it is the same act. */
  readonly violationId: string;
  readonly category: ViolationCategory;
  readonly severity: Severity;
  readonly evidence: string;
}

type RefusedScreening = Extract<Screening, { kind: 'refused' }>;

/** What a refused text is reported as, with the counts of the hour in which `now` (epoch ms) lies. */
export function violationsOf(screening: RefusedScreening, { texts, ofRule }: RefusedCounts, now: number): Reported[] {
  const { rule, policyVersion, disguised = false } = screening;
  const hour = hourOf(now);
  const severity = severityOf(screening);
  const when = `in the hour from ${hour}:00 UTC`;
  const evasion = (how: string, grave: Severity, evidence: string): Reported => ({
    violationId: `review_evasion:${how}:${hour}`,
    category: 'review_evasion',
    severity: grave,
    evidence: `${evidence} ${when}`,
  });
  const tooMany = texts - MOST_REFUSED_AN_HOUR;
  const retries = ofRule - RETRIES_FROM + 1;
  return [
    ...(isReported(ofRule)
      ? [
          {
            violationId: `refused_text:${severity}:${hour}`,
            category: 'refused_text' as const,
            severity,
            evidence: `rule ${rule} of policy ${policyVersion} refused a text ${when}`,
          },
        ]
      : []),
    ...(disguised ? [evasion('disguised', 'low', `a text that rule ${rule} refused was spelled to hide it,`)] : []),
    ...(isReported(retries)
      ? [evasion('retries', 'low', `${ofRule} texts were refused by the same rule, ${rule},`)]
      : []),
    ...(isReported(tooMany) ? [evasion('probing', 'medium', `${texts} texts were refused`)] : []),
  ];
}

/** The first, and some after it: a report that could not be made is made then, and one that was made is the same. */
function isReported(count: number): boolean {
  return count > 0 && count % 10 === 1;
}

/** Of a text alone, of which nothing was made; nobody writes about children so by mistake. */
function severityOf({ rule, category }: RefusedScreening): Severity {
  if (/\bsex\.children$/.test(rule)) return 'critical';
  return category === 'terrorism' ? 'medium' : 'low';
}
