/** Where the next page of a period's ledger entries begins, in both dialects. Pure. */
import * as z from 'zod';
import type { Position } from '../credits/ledger-store.ts';
import { cursorOf } from '../http/cursor.ts';

interface Period {
  /** ISO 8601, both inclusive. */
  readonly from: string;
  readonly to: string;
}

/** Of any period: one is checked against its own when it is read. */
const position = z.tuple([z.iso.datetime({ precision: 3 }), z.string().min(1)]);

export function writeEntryCursor({ bookedAt, id }: Position): string {
  return cursorOf(position).write([bookedAt, id]);
}

/** Throws a Refusal for a cursor of another list or period. */
export function readEntryCursor(cursor: string, { from, to }: Period, field?: 'cursor' | 'after'): Position {
  const within = position.refine(([bookedAt]) => bookedAt >= from && bookedAt <= to);
  const [bookedAt, id] = cursorOf(within).read(cursor, field);
  return { bookedAt, id };
}
