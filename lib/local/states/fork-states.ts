/** Map and Parallel: the branches that they start, and what becomes of the state when those have ended. */
import type { MapState, ParallelState } from './definition.ts';
import { ERROR, StateFailure, withinLimit } from './failure.ts';
import type { Draft, Frame, Move, Seed } from './frame.ts';
import type { History } from './history.ts';
import type { Json } from './json.ts';
import { leave } from './leave.ts';
import type { BranchRow } from './rows.ts';
import type { Store } from './store.ts';

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

// The branches of a Map or Parallel: how they begin and how they end. Runs inside a transition's transaction.

/** Makes the branches; those beyond the concurrency wait for their turn. Answers the ids of those that begin. */
export function fork(
  store: Store,
  history: History,
  frame: Frame,
  move: Move & { kind: 'fork' },
  previous: number,
): readonly number[] {
  const { branch } = frame;
  const begun: number[] = [];
  for (const [slot, { state, input, item }] of move.seeds.entries()) {
    const begins = slot < move.concurrency;
    const events = begins ? iterationEvent('Started', { item, slot }, frame.name) : [];
    const id = store.insertBranch({
      execution: branch.execution,
      parent: branch.id,
      slot,
      item,
      phase: begins ? 'entering' : 'pending',
      state,
      input,
      variables: '{}',
      entered_at: frame.around.now,
      used_retries: '[]',
      last_event: history.append(previous, events),
    });
    if (begins) begun.push(id);
  }
  store.updateBranch(branch.id, { phase: 'joining', wake_at: null, last_event: previous });
  return begun;
}

/** Keeps the output and lets the next one begin. Answers the ids of the branches that this lets go on. */
export function endBranch(
  store: Store,
  history: History,
  branch: BranchRow,
  output: string,
  previous: number,
): readonly number[] {
  const parent = branch.parent === null ? undefined : store.branch(branch.parent);
  const last = history.append(previous, iterationEvent('Succeeded', branch, parent?.state ?? ''));
  store.updateBranch(branch.id, { phase: 'done', output, last_event: last });
  if (!parent) return [];
  // The state goes on from the event of the branch that ended last.
  store.updateBranch(parent.id, { last_event: last });
  const next = store.pendingChild(parent.id);
  if (!next) return [parent.id];
  const begun = history.append(parent.last_event, iterationEvent('Started', next, parent.state));
  store.updateBranch(next.id, { phase: 'entering', last_event: begun });
  return [next.id];
}

/** The event of a Map's iteration; a Parallel's branches have none. `map` is the name of the Map state. */
export function iterationEvent(
  what: 'Started' | 'Succeeded' | 'Failed' | 'Aborted',
  { item, slot }: Pick<BranchRow, 'item' | 'slot'>,
  map: string,
): readonly Draft[] {
  return item === null ? [] : [{ type: `MapIteration${what}`, detail: { name: map, index: slot } }];
}
