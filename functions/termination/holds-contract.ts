/** Legal holds, as operators place, lift and list them. */
import * as z from 'zod';
import { HOLD_KINDS } from '../catalogue/terminations.ts';
import { pageEnds, wholeList } from '../http/page-contract.ts';
import type { Entry } from '../http/route.ts';
import { ACCOUNT, id, nullable, operators, reason } from './fields-contract.ts';

const HOLD: Entry = {
  source: 'functions/termination/holds.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'UpdateItem', 'Query'], jobs: ['GetItem'], holds: ['lock'] },
};

export const holdObject = z
  .object({
    id: z.string().describe('The id of the hold.'),
    object: z.literal('account.hold').describe('What this is.'),
    account_id: z.string().describe('The account that it is on.'),
    kind: z.enum(HOLD_KINDS).describe('What it keeps: all of the account, its ledger, or one thing.'),
    target_id: nullable.describe('Which one, of one thing.'),
    reason: nullable.describe('Why it was placed; null once the account is erased.'),
    placed_at: z.string().describe('When it was placed, UTC.'),
    lifted_at: nullable.describe('When it was lifted, UTC; null while it keeps.'),
  })
  .meta({ id: 'Hold', description: 'A legal hold: what it names is not deleted.' });

const HELD = {
  id: 'hold_019f2a6a0c00Ab3dEfGh5JkLmN',
  object: 'account.hold',
  account_id: ACCOUNT,
  kind: 'video',
  target_id: '253402300799001',
  reason: 'complaint 2026-41 is open',
  placed_at: '2026-12-01T09:12:44.000Z',
  lifted_at: null,
};

export const placeHold = {
  entry: HOLD,
  ...operators,
  method: 'POST',
  path: '/v1/operators/accounts/{id}/holds',
  summary: 'Places a legal hold: what it names is deleted by nobody until it is lifted, and all else goes its way.',
  input: z
    .strictObject({
      id,
      kind: z.enum(HOLD_KINDS).describe('`account` for all of it, `ledger`, or the kind of one thing.'),
      target_id: z.string().min(1).max(60).optional().describe('The id of the video, image, media or document.'),
      reason: reason.describe('Why, for the audit trail.'),
    })
    .refine(({ kind, target_id: target }) => (kind === 'account' || kind === 'ledger') === (target === undefined), {
      path: ['target_id'],
      error: 'one thing is named by its id; all of the account, and its ledger, by none',
    })
    .refine(({ kind, target_id: target = '0' }) => kind === 'document' || /^(?:0|[1-9]\d{0,15})$/.test(target), {
      path: ['target_id'],
      error: 'the id of a video, an image or media is a number',
    }),
  output: holdObject,
  success: { status: 201, contentType: 'application/json' },
  example: {
    path: { id: ACCOUNT },
    body: { kind: 'video', target_id: HELD.target_id, reason: HELD.reason },
    answer: HELD,
  },
} as const;

export const liftHold = {
  entry: HOLD,
  ...operators,
  method: 'POST',
  path: '/v1/operators/accounts/{id}/holds/{hold_id}/lift',
  summary: 'Lifts a hold. A purge that waited for the last one goes on by itself.',
  input: z.strictObject({
    id,
    hold_id: z.string().max(100).describe('The id of the hold.'),
    reason: reason.describe('Why, for the audit trail.'),
  }),
  output: holdObject,
  example: {
    path: { id: ACCOUNT, hold_id: HELD.id },
    body: { reason: 'the complaint is settled' },
    answer: { ...HELD, lifted_at: '2026-12-20T10:00:00.000Z' },
  },
} as const;

export const listHolds = {
  entry: HOLD,
  ...operators,
  method: 'GET',
  path: '/v1/operators/accounts/{id}/holds',
  summary: 'Lists the holds on an account, lifted ones too, the oldest first.',
  input: z.strictObject({ id }),
  output: z.object({
    object: z.literal('list').describe('What this is.'),
    data: z.array(holdObject).describe('All of them.'),
    first_id: pageEnds.first_id,
    last_id: pageEnds.last_id,
    has_more: wholeList,
  }),
  example: {
    path: { id: ACCOUNT },
    answer: { object: 'list', data: [HELD], first_id: HELD.id, last_id: HELD.id, has_more: false },
  },
} as const;
