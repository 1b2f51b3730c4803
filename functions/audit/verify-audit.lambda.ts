import * as z from 'zod';
import { now, setting } from '../runtime/runtime.ts';
import { type Fault, faultsOf } from './chain.ts';
import { trailOf } from './seal-store.ts';

const AUDIT_TABLE = setting('AUDIT_TABLE');
/** A trail with more faults is broken all the same. */
const MOST_SHOWN = 100;

const Request = z.object({ accountId: z.string().min(1) });

interface Verdict {
  readonly intact: boolean;
  readonly events: number;
  readonly seals: number;
  /** The hash of the newest seal: whoever noted an earlier one can see that it is still in the chain. */
  readonly newest: string | null;
  readonly faults: readonly Fault[];
}

/** Invoked by an operator: walks an account's audit trail and says whether anything was taken away, changed or slipped in. */
export async function handler(event: unknown): Promise<Verdict> {
  const { accountId } = Request.parse(event);
  const { seals, events } = await trailOf(AUDIT_TABLE, accountId);
  const faults = faultsOf(seals, events, now());
  return {
    intact: faults.length === 0,
    events: events.length,
    seals: seals.length,
    newest: seals.at(-1)?.hash ?? null,
    faults: faults.slice(0, MOST_SHOWN),
  };
}
