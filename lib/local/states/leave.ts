/** How a state ends: with its output and variables, with another attempt, at a catcher, or in failure. */
import type { Catcher, Retrier } from './definition.ts';
import { ERROR, StateFailure, withinLimit } from './failure.ts';
import type { Frame, Move } from './frame.ts';
import { isObject, type Json, type JsonObject } from './json.ts';

interface Leaving {
  readonly output: Json | undefined;
  readonly assign: JsonObject | undefined;
  /** Undefined at the end of the branch. */
  readonly next: string | undefined;
  /** `$states.result` or `$states.errorOutput`, which is also the output where no Output is given. */
  readonly result?: Json;
  readonly errorOutput?: Json;
}

/** The state's own way out: its Output, Assign and Next. */
export function leave(frame: Frame, result?: Json): Promise<Move> {
  const { state } = frame;
  return leaveBy(frame, {
    output: 'Output' in state ? (state.Output as Json | undefined) : undefined,
    assign: 'Assign' in state ? (state.Assign as JsonObject | undefined) : undefined,
    next: 'Next' in state ? state.Next : undefined,
    ...(result === undefined ? {} : { result }),
  });
}

/** A way out that is not the state's own: that of a choice's rule or of a catcher. Expressions see the variables as they were. */
export async function leaveBy(frame: Frame, way: Leaving): Promise<Move> {
  const seen = {
    ...(way.result === undefined ? {} : { result: way.result }),
    ...(way.errorOutput === undefined ? {} : { errorOutput: way.errorOutput }),
  };
  const assigned = way.assign === undefined ? {} : await frame.evaluate(way.assign, 'Assign', seen);
  if (!isObject(assigned)) throw new StateFailure(ERROR.runtime, 'Assign must give an object');
  const output =
    way.output === undefined
      ? (way.errorOutput ?? way.result ?? frame.input)
      : await frame.evaluate(way.output, 'Output', seen);
  const text = withinLimit(output, `The output of the state '${frame.name}'`);
  withinLimit(assigned, `What the state '${frame.name}' assigns`);
  if (frame.state.Type !== 'Fail') {
    frame.record(`${frame.state.Type}StateExited`, {
      name: frame.name,
      output: text,
      outputDetails: { truncated: false },
      ...assignedDetails(assigned),
    });
  }
  if (way.next === undefined) return { kind: 'end', output: text };
  return { kind: 'next', state: way.next, input: text, variables: JSON.stringify({ ...frame.own, ...assigned }) };
}

function assignedDetails(assigned: JsonObject): JsonObject {
  const values = Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)] as const);
  if (values.length === 0) return {};
  return { assignedVariables: Object.fromEntries(values), assignedVariablesDetails: { truncated: false } };
}

/** Takes a decision; a failure in it goes to the state's Retry, then to its Catch, and else fails the branch. */
export async function guarded<T>(frame: Frame, decide: () => Promise<T>): Promise<T | Move> {
  try {
    return await decide();
  } catch (error) {
    const failure = noted(frame, error);
    try {
      return await recover(frame, failure);
    } catch (second) {
      // The Output or Assign of the catcher: nothing catches that.
      return { kind: 'fail', failure: noted(frame, second) };
    }
  }
}

/** Passes on a StateFailure, with the history of a failed evaluation; anything else is a fault of the engine. */
function noted(frame: Frame, error: unknown): StateFailure {
  if (!(error instanceof StateFailure)) throw error;
  if (error.location !== undefined) {
    const { location, failureCause = '' } = error;
    frame.record('EvaluationFailed', { state: frame.name, location, error: error.error, cause: failureCause });
  }
  return error;
}

async function recover(frame: Frame, failure: StateFailure): Promise<Move> {
  const { state, around } = frame;
  if (state.Type !== 'Task' && state.Type !== 'Map' && state.Type !== 'Parallel') return { kind: 'fail', failure };
  const retry = decideRetry(state.Retry ?? [], frame.usedRetries, failure.error, around.random);
  if (retry) return { kind: 'backoff', until: around.now + Math.round(retry.delaySeconds * 1000), used: retry.used };
  const catcher = decideCatch(state.Catch ?? [], failure.error);
  if (!catcher) return { kind: 'fail', failure };
  return leaveBy(frame, {
    output: catcher.Output as Json | undefined,
    assign: catcher.Assign as JsonObject | undefined,
    next: catcher.Next,
    errorOutput: failure.output,
  });
}

// Which error a retrier or a catcher takes, and when the next attempt is. Pure.

/** No handler takes it, by any name: the execution fails. */
const FATAL: readonly string[] = [ERROR.runtime];
/** A wildcard does not take it; its own name does. */
const BY_NAME_ALONE: readonly string[] = [ERROR.dataLimitExceeded];
const TIMEOUTS: readonly string[] = [ERROR.timeout, ERROR.heartbeatTimeout];

/** Whether `error` is one of `names`, by Step Functions' rules for its wildcards and its timeouts. */
export function errorMatches(names: readonly string[], error: string): boolean {
  if (FATAL.includes(error)) return false;
  if (names.includes(error)) return true;
  if (BY_NAME_ALONE.includes(error)) return false;
  if (names.includes(ERROR.all)) return true;
  if (TIMEOUTS.includes(error)) return error === ERROR.heartbeatTimeout && names.includes(ERROR.timeout);
  return names.includes(ERROR.taskFailed);
}

/**
 * Seconds before attempt number `retry` + 1 (`retry` counts from 0): IntervalSeconds x BackoffRate ^ retry, at most
 * MaxDelaySeconds; with full jitter, anything from 0 to that. `random` answers a number in [0, 1).
 */
export function retryDelay(retrier: Retrier, retry: number, random: () => number): number {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY } = retrier;
  // The longest wait that Step Functions has, so that a large power stays a date.
  const delay = Math.min(IntervalSeconds * BackoffRate ** retry, MaxDelaySeconds, 99_999_999);
  return retrier.JitterStrategy === 'FULL' ? delay * random() : delay;
}

interface Retry {
  readonly delaySeconds: number;
  /** How often each retrier of the state has been used, this time included. */
  readonly used: readonly number[];
}

/**
 * The retry that `error` is given, or undefined where none is left. Only the first retrier that matches counts: once it
 * is used up, the error goes to Catch.
 */
export function decideRetry(
  retriers: readonly Retrier[],
  used: readonly number[],
  error: string,
  random: () => number,
): Retry | undefined {
  const index = retriers.findIndex(({ ErrorEquals }) => errorMatches(ErrorEquals, error));
  const retrier = retriers[index];
  const before = used[index] ?? 0;
  if (!retrier || before >= (retrier.MaxAttempts ?? 3)) return undefined;
  return {
    delaySeconds: retryDelay(retrier, before, random),
    used: retriers.map((_, i) => (used[i] ?? 0) + (i === index ? 1 : 0)),
  };
}

/** The first catcher that takes `error`. */
function decideCatch(catchers: readonly Catcher[], error: string): Catcher | undefined {
  return catchers.find(({ ErrorEquals }) => errorMatches(ErrorEquals, error));
}
