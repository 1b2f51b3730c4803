/** Writes a transition: the history of each step and where its branch now stands. Runs inside one transaction. */
import { endBranch, fork } from './fork-states.ts';
import type { Frame, Move } from './frame.ts';
import { close, History } from './history.ts';
import type { BranchRow, ExecutionRow } from './rows.ts';
import type { Store } from './store.ts';

/** A branch's part of a transition. */
export interface Step {
  readonly frame: Frame;
  readonly move: Move;
}

/** Writes the steps in order, from the innermost branch outwards; answers the branches that have something to do next. */
export function writeSteps(store: Store, execution: ExecutionRow, steps: readonly Step[], now: number): Set<number> {
  const history = new History(store, execution, now);
  const follow = new Set<number>();
  let previous: number | undefined;
  for (const { frame, move } of steps) {
    const { branch } = frame;
    previous = history.append(previous ?? branch.last_event, frame.events);
    if (branch.phase === 'joining' && move.kind !== 'fail') store.deleteChildren(branch.id);
    follow.add(branch.id);
    if (move.kind === 'fork') {
      for (const child of fork(store, history, frame, move, previous)) follow.add(child);
    } else if (move.kind === 'end') {
      for (const id of endBranch(store, history, branch, move.output, previous)) follow.add(id);
    } else {
      stand(store, branch, move, previous, execution, now);
    }
    if (branch.parent === null && (move.kind === 'end' || move.kind === 'fail')) {
      finish(store, history, execution, move, previous, now);
    }
  }
  history.save();
  return follow;
}

/** Where a branch stands that neither forks nor ends. */
function stand(
  store: Store,
  branch: BranchRow,
  move: Exclude<Move, { kind: 'fork' } | { kind: 'end' }>,
  last: number,
  execution: ExecutionRow,
  now: number,
): void {
  const idle = { wake_at: null, timeout_at: null, heartbeat_at: null, token: null, arguments: null, last_event: last };
  switch (move.kind) {
    case 'next': {
      const { state, input, variables } = move;
      const fresh = { entered_at: now, used_retries: '[]' };
      store.updateBranch(branch.id, { ...idle, ...fresh, phase: 'entering', state, input, variables });
      return;
    }
    case 'wait':
      store.updateBranch(branch.id, { ...idle, phase: 'waiting', wake_at: move.until });
      return;
    case 'backoff': {
      const used_retries = JSON.stringify(move.used);
      store.updateBranch(branch.id, { ...idle, phase: 'backoff', wake_at: move.until, used_retries });
      return;
    }
    case 'call':
      store.insertToken({
        token: move.token,
        branch: branch.id,
        execution: execution.arn,
        machine_arn: execution.machine_arn,
      });
      store.updateBranch(branch.id, {
        ...idle,
        phase: 'calling',
        token: move.token,
        arguments: move.arguments,
        timeout_at: move.timeoutSeconds === undefined ? null : now + move.timeoutSeconds * 1000,
        heartbeat_at: move.heartbeatSeconds === undefined ? null : now + move.heartbeatSeconds * 1000,
        heartbeat_seconds: move.heartbeatSeconds ?? null,
      });
      return;
    case 'await':
      store.updateBranch(branch.id, { phase: 'awaiting', last_event: last });
      return;
    case 'fail':
      // A Map or Parallel keeps its branches, so that a redrive runs only those that did not end.
      store.updateBranch(branch.id, { ...idle, phase: branch.phase === 'joining' ? 'joining' : 'failed' });
  }
}

/** The branch at the top has ended, and the execution with it. */
function finish(
  store: Store,
  history: History,
  execution: ExecutionRow,
  move: Move & { kind: 'end' | 'fail' },
  previous: number,
  now: number,
): void {
  if (move.kind === 'end') {
    close(store, history, execution, { status: 'SUCCEEDED', output: move.output }, previous, now);
    return;
  }
  const { reported: error, failureCause: cause } = move.failure;
  const end = { status: 'FAILED', error, ...(cause === undefined ? {} : { cause }) } as const;
  close(store, history, execution, end, previous, now);
}
