/**
 * What a statement of usage shows: each hold as `consume`, and each release as `refund`. A capture moves none of the
 * caller's credits. A page is made of one read of the ledger, so it may have fewer items than requested, or none, and more after it.
 */
import type { z } from 'zod';
import { FUNCTIONS } from '../catalogue/functions.ts';
import { Refusal } from '../catalogue/refusal.ts';
import type { BookedEntry, Position } from '../credits/ledger-store.ts';
import { readEntryCursor, writeEntryCursor } from './entry-cursor.ts';
import type { usageDetail } from './pixverse-contract.ts';

export interface Statement {
  /** ISO 8601, both inclusive. */
  readonly from: string;
  readonly to: string;
  readonly limit: number;
  readonly after?: Position;
  readonly kinds: readonly ('hold' | 'release')[];
  /** Empty for all. */
  readonly creationTypes: readonly string[];
}

const LONGEST_DAYS = 30;
const DAY_MS = 24 * 3600 * 1000;
const LIMIT = 20;
const KINDS = { consume: ['hold'], refund: ['release'] } as const;
/** Ours, and those that PixVerse has besides: of them there is never anything. */
const TYPES = [...new Set([...Object.values(FUNCTIONS).map(({ creationType }) => creationType), 'agent'])];

/** The statement that a body requests; throws a Refusal that names the member. */
export function readStatement(body: z.output<typeof usageDetail.input>): Statement {
  const [from, to] = [momentOf(body.start_time), momentOf(body.end_time)];
  if (from > to) refuse('start_time', 'must not be after end_time');
  if (to - from > LONGEST_DAYS * DAY_MS) refuse('end_time', `must be within ${LONGEST_DAYS} days of start_time`);
  const status = body.credits_status || 'all';
  if (!['consume', 'refund', 'all'].includes(status)) refuse('credits_status', 'must be consume or refund');
  const creationTypes = body.creation_type ?? [];
  const unknown = creationTypes.find(type => !TYPES.includes(type));
  if (unknown !== undefined) refuse('creation_type', `must be of ${TYPES.join(', ')}`);
  const period = { from: new Date(from).toISOString(), to: new Date(to + 999).toISOString() };
  const after = body.cursor ? readEntryCursor(body.cursor, period, 'cursor') : undefined;
  return {
    ...period,
    limit: body.limit ?? LIMIT,
    kinds: status === 'all' ? ['hold', 'release'] : KINDS[status as keyof typeof KINDS],
    creationTypes,
    ...(after && { after }),
  };
}

/** The page out of what one read gave, newest first; `whole` where nothing came after that. */
export function pageOf(
  statement: Statement,
  entries: readonly BookedEntry[],
  whole: boolean,
): z.output<typeof usageDetail.output> {
  const items: z.output<typeof usageDetail.output>['items'] = [];
  let last: Position | undefined;
  for (const entry of entries) {
    if (items.length === statement.limit) break;
    last = entry;
    const item = itemOf(statement, entry);
    if (item) items.push(item);
  }
  const has_more = last !== undefined && !(whole && last === entries.at(-1));
  return { items, next_cursor: has_more && last ? writeEntryCursor(last) : '', has_more };
}

function itemOf({ kinds, creationTypes }: Statement, entry: BookedEntry) {
  const { id, kind, jobId = 0, bookedAt, postings } = entry;
  if (kind !== 'hold' && kind !== 'release') return undefined;
  // Entries from before functions were written into them are of the two functions that there were then.
  const { creationType } = FUNCTIONS[entry.function ?? 'text_to_video'];
  if (!kinds.includes(kind) || (creationTypes.length > 0 && !creationTypes.includes(creationType))) return undefined;
  return {
    id,
    video_id: jobId,
    creation_type: creationType,
    credits: Math.max(...postings.map(({ amount }) => amount)),
    credits_status: kind === 'hold' ? ('consume' as const) : ('refund' as const),
    create_time: bookedAt.slice(0, 19).replace('T', ' '),
  };
}

function momentOf(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}

function refuse(field: string, rule: string): never {
  throw new Refusal('invalid_parameter', `${field} ${rule}`, field);
}
