/** One rule for what a stolen token must not be enough for: the person signed in within the last minutes. Pure. */
import { FRESH_SIGN_IN_MINUTES, Refusal } from '../catalogue/refusal.ts';
import type { Caller } from './caller.ts';

/** `call` is what was asked for, such as `an export`; `now` is epoch ms. A refreshed token keeps the moment of its sign-in. */
export function refuseStale(caller: Caller, call: string, now: number): void {
  const signedInAt = caller.kind === 'person' ? (caller.signedInAt ?? 0) : 0;
  if (now - signedInAt <= FRESH_SIGN_IN_MINUTES * 60_000) return;
  throw new Refusal(
    'fresh_sign_in',
    `${call} needs a sign-in of the last ${FRESH_SIGN_IN_MINUTES} minutes: sign in again and send the call with the new token`,
  );
}
