/** Map and Parallel: the branches that they start, and what becomes of the state when those have ended. */
import { ERROR, StateFailure, withinLimit } from './failure.ts';
import type { Frame, Move, Seed } from './frame.ts';
import type { Json } from './json.ts';
import { leave } from './leave.ts';
import type { MapState, ParallelState } from './state-schema.ts';

/** An inline Map runs no more iterations than this at once, whatever its MaxConcurrency. */
const INLINE_CONCURRENCY = 40;

export async function startParallel(frame: Frame, state: ParallelState): Promise<Move> {
  const input =
    state.Arguments === undefined ? frame.input : await frame.evaluate(state.Arguments as Json, 'Arguments');
  const text = withinLimit(input, `What the state '${frame.name}' gives its branches`);
  frame.record('ParallelStateStarted');
  const seeds = state.Branches.map(({ StartAt }) => ({ state: StartAt, input: text, item: null }));
  return { kind: 'fork', seeds, concurrency: seeds.length };
}

export async function startMap(frame: Frame, state: MapState): Promise<Move> {
  const items = state.Items === undefined ? frame.input : await frame.evaluate(state.Items as Json, 'Items');
  if (!Array.isArray(items)) {
    throw new StateFailure(ERROR.queryEvaluation, `The field 'Items' must be an array.`, 'Items');
  }
  const limit = await frame.evaluateNumber(state.MaxConcurrency ?? 0, 'MaxConcurrency', 0);
  const seeds: Seed[] = [];
  for (const [index, value] of (items as readonly Json[]).entries()) {
    const input =
      state.ItemSelector === undefined
        ? value
        : await frame.evaluate(state.ItemSelector as Json, 'ItemSelector', {}, { item: { index, value } });
    const text = withinLimit(input, `The input of iteration ${index} of the state '${frame.name}'`);
    seeds.push({ state: state.ItemProcessor.StartAt, input: text, item: JSON.stringify(value) });
  }
  frame.record('MapStateStarted', { length: seeds.length });
  if (seeds.length === 0) return join(frame, []);
  return { kind: 'fork', seeds, concurrency: limit === 0 ? INLINE_CONCURRENCY : Math.min(limit, INLINE_CONCURRENCY) };
}

/** Every branch has ended; `outputs` is in the order of the branches or items. */
export async function join(frame: Frame, outputs: readonly Json[]): Promise<Move> {
  withinLimit(outputs, `The result of the state '${frame.name}'`);
  frame.record(`${frame.state.Type}StateSucceeded`);
  return leave(frame, outputs);
}

/** A branch has failed: its error becomes the state's own. */
export async function branchFailed(frame: Frame, failure: StateFailure): Promise<Move> {
  frame.record(`${frame.state.Type}StateFailed`);
  // Without the location, which named a field of the state inside.
  throw new StateFailure(failure.error, failure.failureCause);
}
