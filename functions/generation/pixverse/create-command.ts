/** The one way from a body of the PixVerse dialect to a job: resolve what it refers to, parse it, price it, submit it. */
import { priceOf } from '../../catalogue/prices.ts';
import type { Caller } from '../../http/caller.ts';
import { requestHash, tokenOfTrace } from '../../http/idempotency-key.ts';
import type { Admitted } from '../admission.ts';
import { drawSeed, type SubmitDependencies, type Submitted, submit } from '../submit-command.ts';
import type { BodyParser } from './body-parser.ts';
import { resolve } from './lookups-store.ts';

/** A call of one route. */
export interface CreateRequest<Body> {
  readonly caller: Caller;
  readonly body: Body;
  /** The path of the route. */
  readonly route: string;
  /** The header `Ai-trace-id`. */
  readonly trace: string | undefined;
}

/** Throws a Refusal, and then nothing has changed. A body that refers to nothing stored is submitted without a read. */
export async function create<Body extends object>(
  dependencies: SubmitDependencies,
  parser: BodyParser<Body>,
  call: CreateRequest<Body>,
): Promise<Admitted> {
  return submit(dependencies, await readCreation(dependencies, parser, call));
}

/** What the call is about, priced; throws a Refusal where it is about nothing that can be made. */
export async function readCreation<Body extends object>(
  dependencies: SubmitDependencies,
  parser: BodyParser<Body>,
  { caller, body, route, trace }: CreateRequest<Body>,
): Promise<Submitted> {
  const lookups = parser.lookups?.(body) ?? {};
  const { jobs } = dependencies.tables;
  const inputs =
    Object.keys(lookups).length === 0 ? {} : await resolve(jobs, caller.accountId, lookups, dependencies.now());
  const { request, priceInput } = parser.parse(body, inputs, drawSeed(dependencies.random));
  const token = tokenOfTrace(trace);
  return {
    caller,
    request,
    credits: priceOf(priceInput),
    idempotencyKey: token === undefined ? undefined : { token, requestHash: requestHash(route, body) },
  };
}
