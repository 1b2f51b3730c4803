/**
 * What a screener says of something. Every screener answers in this form, whatever it looks at and however it decides: a
 * rule, a model, a person; and how a caller is told that what was asked for may not be. Pure.
 */

import { Refusal } from '../catalogue/refusal.ts';
import { SUPPORT } from '../catalogue/support.ts';
import { CATEGORIES, type CategoryId } from './policy.ts';

export type Screening =
  | { readonly kind: 'clear'; readonly policyVersion: string }
  | {
      readonly kind: 'refused';
      readonly category: CategoryId;
      /** Which rule of the policy, for an appeal. */
      readonly rule: string;
      /** `prompt`: what a caller wrote, before anything was made. */
      readonly stage: 'prompt';
      /** The member whose text it was, as the caller's call names it. */
      readonly field: string;
      readonly policyVersion: string;
      /** It was spelled so that a machine would not find it. */
      readonly disguised?: true;
    };

/** Undefined for what is clear. The message names the rule, never the words that it found: they stand in no log. */
export function refusalOfContent(screening: Screening): Refusal | undefined {
  if (screening.kind === 'clear') return undefined;
  const { category, rule, stage, field, policyVersion } = screening;
  const { title, clause } = CATEGORIES[category];
  return new Refusal(
    'content_refused',
    `${field} asks for what is not made here: ${category} (${title}; platform terms ${clause}), found at stage ${stage} by ` +
      `rule ${rule} of policy ${policyVersion}. Nothing was charged or stored. If this is a mistake, appeal: write to ` +
      `${SUPPORT} with the rule and the text`,
    field,
  );
}
