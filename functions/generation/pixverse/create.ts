/** The one way from a body of the PixVerse dialect to a job: find what it refers to, read it, price it, submit it. */

import { priceOf } from '../../catalogue/prices.ts';
import { headerOf } from '../../http/caller.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { setting } from '../../runtime/runtime.ts';
import type { Admitted } from '../admission.ts';
import { drawSeed, fingerprintOf, submit } from '../submit.ts';
import { findFacts } from './facts-store.ts';
import type { Reader } from './reading.ts';

const PLACE = {
  tables: {
    core: setting('CORE_TABLE'),
    jobs: setting('JOBS_TABLE'),
    ledger: setting('LEDGER_TABLE'),
    idempotency: setting('IDEMPOTENCY_TABLE'),
  },
  stateMachineArn: setting('STATE_MACHINE_ARN'),
};

/** A trace that is a UUID makes a repeated call the same call; any other is only a trace. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Throws a Refusal, and then nothing has changed. A body that refers to nothing stored is submitted without a read. */
export async function create<Body extends object>(
  reader: Reader<Body>,
  { caller, input, event }: RequestContext<Body>,
): Promise<Admitted> {
  const needs = reader.needs?.(input) ?? {};
  const facts = Object.keys(needs).length === 0 ? {} : await findFacts(PLACE.tables.jobs, caller.accountId, needs);
  const { request, priced } = reader.read(input, facts, drawSeed());
  const trace = traceOf(event);
  return submit(PLACE, {
    caller,
    request,
    credits: priceOf(priced),
    ...(trace && { idempotency: { token: trace, fingerprint: fingerprintOf(event.resource, input) } }),
  });
}

/** The UUID by which a repeated call is known; undefined where the caller gave none. */
export function traceOf(event: RequestContext<unknown>['event']): string | undefined {
  const trace = headerOf(event, 'ai-trace-id')?.trim().toLowerCase() ?? '';
  return UUID.test(trace) ? trace : undefined;
}
