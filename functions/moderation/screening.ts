/**
 * What a screener says of something. Every screener answers in this form, whatever it looks at and however it decides: a
 * rule, a model, a person.
 */
import type { CategoryId } from './policy.ts';

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
    };
