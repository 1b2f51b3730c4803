/**
 * Probing: sending texts until one passes. A refusal names the rule, so that a mistake can be appealed; whoever is refused
 * again and again within an hour is told no more rules, and nothing is tried out for free any more. Pure.
 */

import { Refusal } from '../catalogue/refusal.ts';
import { SUPPORT } from '../catalogue/support.ts';
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
