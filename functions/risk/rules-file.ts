/** Rules from a file, in the form of the table: what a change of them would do can be tried before it is made. Pure. */
import * as z from 'zod';
import { PAST_MEASURES, RISK_ACTS, RISK_MEASURE_NAMES, RISK_RULES, type RiskRule } from '../catalogue/risk-rules.ts';
import { SEVERITIES, VIOLATION_CATEGORIES } from '../catalogue/standing.ts';

const condition = z
  .strictObject({
    measure: z.enum(RISK_MEASURE_NAMES),
    least: z.int().min(1),
    timesPast: z.number().gt(0).exactOptional(),
  })
  .refine(
    ({ measure, timesPast }) => timesPast === undefined || (PAST_MEASURES as readonly string[]).includes(measure),
    {
      error: `timesPast is for ${PAST_MEASURES.join(', ')}: no past of others is kept`,
    },
  );

const rule = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z_]{0,59}$/, 'it must be small letters and _'),
    clause: z.string(),
    of: z.enum(['key', 'account']),
    conditions: z.tuple([condition], condition),
    needsDays: z.int().min(0),
    does: z.array(z.enum(RISK_ACTS)).min(1),
    violation: z.strictObject({ category: z.enum(VIOLATION_CATEGORIES), severity: z.enum(SEVERITIES) }).exactOptional(),
    ownerMayUndo: z.boolean(),
    advice: z.string(),
    reason: z.string(),
  })
  .refine(({ does, violation }) => does.includes('warn') === (violation !== undefined), {
    error: 'violation is what warn records: one goes with the other',
  });

const rules = z
  .array(rule)
  .refine(all => new Set(all.map(({ id }) => id)).size === all.length, { error: 'two rules have one id' });

/** The rules that the text has; throws an Error that says where it has none. */
export function parseRules(text: string): readonly RiskRule[] {
  const { data, error } = rules.safeParse(JSON.parse(text));
  if (data) return data;
  throw new Error(error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`).join('\n'));
}

/** The table as a file, to begin with. */
export function writeRules(): string {
  return `${JSON.stringify(RISK_RULES, null, 2)}\n`;
}
