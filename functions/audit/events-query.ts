/** Which events of the trail a reader asks for. Pure. */
import type { z } from 'zod';
import { Refusal } from '../catalogue/refusal.ts';
import type { EventFilter, EventsRequest } from './audit-store.ts';
import type { listAudit } from './contract.ts';

const USUAL_LIMIT = 20;
/** How the ids of staff begin, and as whom owners see them all. */
const STAFF = 'staff';

/** Throws a Refusal for a period that ends before it begins. Owners are not told which of staff did what, by a filter neither. */
export function readEventsQuery(
  { after, limit = USUAL_LIMIT, of, action, actor, target, from, to }: z.output<typeof listAudit.input>,
  reader: 'owner' | 'operator',
): EventsRequest {
  if (from !== undefined && to !== undefined && from > to) {
    throw new Refusal('invalid_parameter', 'from must not be after to', 'from');
  }
  const filter = { actions: action, actor: actorOf(actor, reader), target, from, to };
  return { after, limit, areCalls: of === 'calls', filter };
}

function actorOf(id: string | undefined, reader: 'owner' | 'operator'): EventFilter['actor'] {
  if (id === undefined) return undefined;
  if (reader === 'operator') return { id };
  if (id === STAFF) return { id: `${STAFF}_`, isPrefix: true };
  // The id of one of staff is nobody's, for an owner.
  return { id: id.startsWith(`${STAFF}_`) ? '' : id };
}
