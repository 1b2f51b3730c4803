/** The branches of a Map or Parallel: how they begin and how they end. Runs inside a transition's transaction. */
import type { Draft, Frame, Move } from './frame.ts';
import type { History } from './history.ts';
import type { BranchRow } from './rows.ts';
import type { Store } from './store.ts';

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
