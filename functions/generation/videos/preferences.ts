/** What a creation says in headers as well as in members. Pure. */
import { Refusal } from '../../catalogue/refusal.ts';

const SHORTEST_SECONDS = 10;
const LONGEST_SECONDS = 3600;

/** The member, also as `?dry_run=true`, or the header `Prefer: dry-run`. */
export function wantsDryRun(member: boolean | undefined, prefer: string | undefined): boolean {
  return (
    member === true || (prefer?.split(',') ?? []).some(preference => preference.trim().toLowerCase() === 'dry-run')
  );
}

/** Seconds within which the video must be finished; the member wins over `Cancel-After`, which may end in `s`. */
export function readDeadline(member: number | undefined, cancelAfter: string | undefined): number | undefined {
  if (member !== undefined || cancelAfter === undefined) return member;
  const seconds = Number(/^(\d{1,5})s?$/.exec(cancelAfter.trim())?.[1]);
  if (seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS) return seconds;
  throw new Refusal(
    'invalid_parameter',
    `Cancel-After must be ${SHORTEST_SECONDS} to ${LONGEST_SECONDS} seconds, such as 120`,
    'Cancel-After',
  );
}
