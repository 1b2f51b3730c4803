/** How a caller is told that what was asked for may not be. Pure. */
import { Refusal } from '../catalogue/refusal.ts';
import { categoryOf } from './policy.ts';
import type { Screening } from './screening.ts';

/** Undefined for what is clear. The message names the rule, never the words that it found: they stand in no log. */
export function refusalOfContent(screening: Screening): Refusal | undefined {
  if (screening.kind === 'clear') return undefined;
  const { category, rule, stage, field, policyVersion } = screening;
  const { title, clause } = categoryOf(category);
  return new Refusal(
    'content_refused',
    `${field} asks for what is not made here: ${category} (${title}; platform terms ${clause}), found at stage ${stage} by ` +
      `rule ${rule} of policy ${policyVersion}. Nothing was charged or stored. If this is a mistake, appeal: write to ` +
      'support with the rule and the text',
    field,
  );
}
