/**
 * Cursors: where the next page of a list begins, as text that says nothing to a client. One encoding for every list: the
 * place as JSON in base64url, of the form that its list says. A cursor names only a place, and the account comes from
 * the caller: a forged one shows nothing of others. Pure.
 */
import type * as z from 'zod';
import { Refusal } from '../catalogue/refusal.ts';

/** By how a list takes it: how the page before gave it. PixVerse's lists have names of their own. */
const ANSWERED = { after: 'last_id', cursor: 'next_cursor' } as const;
type Field = keyof typeof ANSWERED;

export interface Cursor<Place> {
  write(place: Place): string;
  /** Throws a Refusal for what this list never answered; `field` names the member. */
  read(cursor: string, field?: Field): Place;
}

/** The cursors of a list whose places have this form. */
export function cursorOf<Form extends z.ZodType>(form: Form): Cursor<z.output<Form>> {
  return {
    write: place => Buffer.from(JSON.stringify(place)).toString('base64url'),
    read(cursor, field = 'after') {
      const { success, data } = form.safeParse(parsed(cursor));
      if (success) return data;
      const member = ANSWERED[field];
      throw new Refusal('invalid_parameter', `${field} must be the ${member} of an earlier page of this list`, field);
    },
  };
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
