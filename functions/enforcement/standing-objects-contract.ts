/** The standing of an account, its violations, measures and appeals, as the API shows them. */
import * as z from 'zod';
import { list } from '../catalogue/models.ts';
import { MEASURE_STEPS, SEVERITIES, STANDING_STEPS, VIOLATION_CATEGORIES, VIOLATIONS } from '../catalogue/standing.ts';

export const restrictionObject = z
  .object({
    functions: z.array(z.string()).describe('Functions that may not be used.'),
    models: z.array(z.string()).describe('Models that may not be used.'),
    quota_share: z.number().describe("What is left of the plan's videos a day, as a part of 1."),
    concurrency_share: z.number().describe("What is left of the plan's videos at once, as a part of 1."),
    uploads_refused: z.boolean().describe('Whether nothing may be uploaded.'),
    until: z.string().nullable().describe('When it ends, UTC; null where it lasts until it is lifted.'),
  })
  .meta({ id: 'StandingRestriction', description: 'What is taken away.' });

const appealState = z
  .enum(['open', 'upheld', 'rejected'])
  .nullable()
  .meta({ id: 'AppealState', description: 'What became of the appeal against it; null where there is none.' });

const finding = {
  state: z.enum(['in_force', 'lifted']).describe('`lifted` where it was taken back, and counts no more.'),
  rectify_by: z
    .string()
    .nullable()
    .describe(
      'By when it is to be mended, UTC: if that is not noted by then, the next step follows. Null where nothing is.',
    ),
  rectified_at: z.string().nullable().describe('When it was noted as mended, UTC.'),
  appeal: appealState,
};

export const violationObject = z
  .object({
    id: z.string().describe('Its id: name it in an appeal.'),
    object: z.literal('violation').describe('What this is.'),
    category: z.enum(VIOLATION_CATEGORIES).describe('What kind of act it is.'),
    title: z.string().describe('The same in words.'),
    clause: z.string().describe('The clause of the platform terms.'),
    severity: z.enum(SEVERITIES).describe('How grave it is.'),
    evidence: z.string().describe('What was seen.'),
    at: z.string().describe('When it was done, UTC.'),
    points: z.number().describe('Its points on that day.'),
    points_left: z.number().describe('What is left of them today: each day takes the same part away.'),
    ends_on: z.string().describe('The UTC day from which nothing is left.'),
    ...finding,
  })
  .meta({ id: 'Violation', description: 'An act against the terms that was recorded of an account.' });

export const measureObject = z
  .object({
    id: z.string().describe('Its id: name it in an appeal.'),
    object: z.literal('measure').describe('What this is.'),
    step: z.enum(MEASURE_STEPS).describe('The step that it sets.'),
    reason: z.string().describe('Why.'),
    decided_at: z.string().describe('When it was decided, UTC.'),
    until: z.string().nullable().describe('When it ends, UTC; null where it lasts until it is lifted.'),
    ...finding,
  })
  .meta({ id: 'StandingMeasure', description: 'A step that was decided, or followed as a date passed.' });

export const standingObject = z
  .object({
    object: z.literal('standing').describe('What this is.'),
    standing: z.enum(STANDING_STEPS).describe(`One of ${list(STANDING_STEPS)}.`),
    description: z.string().describe('What it means.'),
    until: z.string().nullable().describe('When this step ends by itself, UTC; null where it does not.'),
    points: z.number().describe('The points that are left of all violations.'),
    next: z
      .object({
        standing: z.enum(STANDING_STEPS).describe('The step that is next.'),
        from_points: z.number().nullable().describe('From how many points it follows; null where people decide it.'),
      })
      .nullable()
      .describe('What comes next; null after the last.'),
    restrictions: z.array(restrictionObject).describe('All that is taken away.'),
    rectify_by: z.string().nullable().describe('The next date by which something is to be mended, UTC.'),
    violations: z.array(violationObject).describe('The violations, the 50 newest at most.'),
    measures: z.array(measureObject).describe('What was decided, the 50 newest at most.'),
    how_to_appeal: z.string().describe('How another decision is asked for.'),
  })
  .meta({ id: 'Standing', description: 'How an account has used the service, and what follows from it.' });

export const appealObject = z
  .object({
    object: z.literal('appeal').describe('What this is.'),
    id: z.string().describe('The violation or the measure that it is against: there is one appeal against each.'),
    account_id: z.string().describe('The account.'),
    text: z.string().describe('Why another decision is asked for.'),
    created_at: z.string().describe('When it was made, UTC.'),
    state: z.enum(['open', 'upheld', 'rejected']).describe('What became of it.'),
    reason: z.string().nullable().describe('Why it was decided so; null while it is open.'),
    decided_at: z.string().nullable().describe('When it was decided, UTC.'),
  })
  .meta({ id: 'Appeal', description: 'An appeal against a violation or a measure.' });

const { title, clause } = VIOLATIONS.key_exposure;
const VIOLATION_EXAMPLE = {
  id: 'viol_019f2a6b2d00Hc8Jk2LmN4pQrS',
  object: 'violation',
  category: 'key_exposure',
  title,
  clause,
  severity: 'critical',
  evidence: 'a key of the account was found on a public page',
  at: '2026-12-01T21:03:17.000Z',
  points: 20,
  points_left: 20,
  ends_on: '2027-03-01',
  state: 'in_force',
  rectify_by: '2026-12-08T21:03:17.000Z',
  rectified_at: null,
  appeal: null,
};

export const STANDING_EXAMPLE = {
  object: 'standing',
  standing: 'warned',
  description: 'nothing is taken away yet; what follows is a restriction',
  until: '2026-12-02T00:00:00.000Z',
  points: 20,
  next: { standing: 'restricted', from_points: 50 },
  restrictions: [],
  rectify_by: '2026-12-08T21:03:17.000Z',
  violations: [VIOLATION_EXAMPLE],
  measures: [],
  how_to_appeal: 'POST /v1/account/appeals with the id of a violation or a measure as subject, and why as text',
};

export const APPEAL_EXAMPLE = {
  object: 'appeal',
  id: VIOLATION_EXAMPLE.id,
  account_id: 'acct_019f2a6a0c00Ab3dEfGh5JkLmN',
  text: 'The key on that page was revoked a year ago.',
  created_at: '2026-12-02T08:30:11.000Z',
  state: 'open',
  reason: null,
  decided_at: null,
};
