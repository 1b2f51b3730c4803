/** What a branch does on entering a state, and when what it waited for has come. */
import type { ChoiceState, FailState, WaitState } from './definition.ts';
import { ERROR, StateFailure } from './failure.ts';
import { startMap, startParallel } from './fork-states.ts';
import type { Frame, Move } from './frame.ts';
import type { Json, JsonObject } from './json.ts';
import { leave, leaveBy } from './leave.ts';
import { startTask, timeOutTask } from './task-state.ts';

/** The branch comes to its state for the first time; undefined where it is past that. */
export async function enter(frame: Frame): Promise<Move | undefined> {
  const { state } = frame;
  if (frame.branch.phase !== 'entering') return undefined;
  frame.record(`${state.Type}StateEntered`, {
    name: frame.name,
    input: frame.branch.input,
    inputDetails: { truncated: false },
  });
  switch (state.Type) {
    case 'Pass':
    case 'Succeed':
      return leave(frame);
    case 'Fail':
      return fail(frame, state);
    case 'Choice':
      return choose(frame, state);
    case 'Wait':
      return wait(frame, state);
    default:
      return start(frame);
  }
}

/** A time that the branch waited for may have come; undefined where it has not. */
export async function wake(frame: Frame): Promise<Move | undefined> {
  const { branch, around } = frame;
  const due = branch.wake_at !== null && branch.wake_at <= around.now;
  if (branch.phase === 'waiting') return due ? leave(frame) : undefined;
  if (branch.phase === 'backoff') return due ? start(frame) : undefined;
  return timeOutTask(frame);
}

/** An attempt at a state that can be retried. */
async function start(frame: Frame): Promise<Move> {
  const { state } = frame;
  if (state.Type === 'Task') return startTask(frame, state);
  if (state.Type === 'Map') return startMap(frame, state);
  if (state.Type === 'Parallel') return startParallel(frame, state);
  throw new Error(`a ${state.Type} state has no attempts`);
}

async function fail(frame: Frame, state: FailState): Promise<Move> {
  const text = async (field: 'Error' | 'Cause'): Promise<string | undefined> => {
    const template = state[field];
    if (template === undefined) return undefined;
    const value = await frame.evaluate(template, field);
    if (typeof value === 'string') return value;
    throw new StateFailure(ERROR.queryEvaluation, `The field '${field}' must be a string.`, field);
  };
  return { kind: 'fail', failure: new StateFailure((await text('Error')) ?? '', await text('Cause')) };
}

async function choose(frame: Frame, state: ChoiceState): Promise<Move> {
  for (const [index, rule] of state.Choices.entries()) {
    const location = `Choices[${index}]/Condition`;
    const holds = await frame.evaluate(rule.Condition, location);
    if (typeof holds !== 'boolean') {
      const cause = `The field '${location}' must be a boolean, but was ${JSON.stringify(holds)}.`;
      throw new StateFailure(ERROR.queryEvaluation, cause, location);
    }
    if (!holds) continue;
    return leaveBy(frame, {
      output: rule.Output as Json | undefined,
      assign: rule.Assign as JsonObject | undefined,
      next: rule.Next,
    });
  }
  if (state.Default === undefined) {
    throw new StateFailure(ERROR.noChoiceMatched, `No choice rule of the state '${frame.name}' matched.`);
  }
  return leaveBy(frame, {
    output: state.Output as Json | undefined,
    assign: state.Assign as JsonObject | undefined,
    next: state.Default,
  });
}

async function wait(frame: Frame, state: WaitState): Promise<Move> {
  if (state.Seconds !== undefined) {
    const seconds = await frame.evaluateNumber(state.Seconds, 'Seconds', 0);
    return { kind: 'wait', until: frame.around.now + seconds * 1000 };
  }
  const timestamp = await frame.evaluate(state.Timestamp ?? null, 'Timestamp');
  const until =
    typeof timestamp === 'string' && /^\d{4}-\d\d-\d\dT/.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  if (!Number.isNaN(until)) return { kind: 'wait', until };
  const cause = `The field 'Timestamp' must be an RFC 3339 time, but was ${JSON.stringify(timestamp)}.`;
  throw new StateFailure(ERROR.queryEvaluation, cause, 'Timestamp');
}
