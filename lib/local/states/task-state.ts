/** A Task: its attempts, and the ways in which one ends. */
import { randomBytes } from 'node:crypto';
import type { TaskState } from './definition.ts';
import { ERROR, StateFailure, withinLimit } from './failure.ts';
import type { Frame, Move } from './frame.ts';
import { type Integration, integrationOf } from './integrations.ts';
import type { Json } from './json.ts';
import { leave } from './leave.ts';

/** How a call, or the holder of its token, ended an attempt. */
export type Outcome =
  | { readonly kind: 'result'; readonly result: Json }
  /** The call was answered and the token is yet to be. */
  | { readonly kind: 'submitted'; readonly result: Json }
  | { readonly kind: 'failure'; readonly failure: StateFailure }
  /** The call itself failed, so that nobody has the token. */
  | { readonly kind: 'unsubmitted'; readonly failure: StateFailure };

/** The integration that a Task state stands for. */
export function integrationOfState(state: TaskState): Integration {
  const integration = integrationOf(state.Resource);
  if (!integration) throw new Error(`no integration for ${state.Resource}`);
  return integration;
}

/** One attempt: each has a token of its own, which also tells its answer from that of an earlier attempt. */
export async function startTask(frame: Frame, state: TaskState): Promise<Move> {
  const { resource, resourceType, waitsForToken } = integrationOfState(state);
  const token = `AQCE${randomBytes(60).toString('base64url')}`;
  const given = await frame.evaluate((state.Arguments ?? {}) as Json, 'Arguments', {}, waitsForToken ? { token } : {});
  const text = withinLimit(given, `What the state '${frame.name}' sends`);
  const seconds = (field: 'TimeoutSeconds' | 'HeartbeatSeconds') => {
    const template = state[field];
    return template === undefined ? undefined : frame.evaluateNumber(template, field, 1);
  };
  const timeoutSeconds = await seconds('TimeoutSeconds');
  const heartbeatSeconds = await seconds('HeartbeatSeconds');
  frame.record('TaskScheduled', {
    resourceType,
    resource,
    region: frame.around.region,
    parameters: text,
    ...(timeoutSeconds === undefined ? {} : { timeoutInSeconds: timeoutSeconds }),
    ...(heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: heartbeatSeconds }),
  });
  frame.record('TaskStarted', { resourceType, resource });
  return { kind: 'call', token, arguments: text, timeoutSeconds, heartbeatSeconds };
}

/** The attempt has ended, or its call has been answered. */
export async function settleTask(frame: Frame, state: TaskState, outcome: Outcome): Promise<Move> {
  const { resource, resourceType } = integrationOfState(state);
  if (outcome.kind === 'failure' || outcome.kind === 'unsubmitted') {
    const { failure } = outcome;
    const cause = failure.failureCause === undefined ? {} : { cause: failure.failureCause };
    const type = outcome.kind === 'failure' ? 'TaskFailed' : 'TaskSubmitFailed';
    frame.record(type, { resourceType, resource, error: failure.error, ...cause });
    throw failure;
  }
  const output = withinLimit(outcome.result, `The result of the state '${frame.name}'`);
  const type = outcome.kind === 'result' ? 'TaskSucceeded' : 'TaskSubmitted';
  frame.record(type, { resourceType, resource, output, outputDetails: { truncated: false } });
  return outcome.kind === 'result' ? leave(frame, outcome.result) : { kind: 'await' };
}

/** Ends the attempt where its time, or the time since its last heartbeat, is up; undefined where neither is. */
export async function timeOutTask(frame: Frame): Promise<Move | undefined> {
  const { state, branch, around } = frame;
  const { timeout_at: timeout, heartbeat_at: heartbeat } = branch;
  const lapsed = [timeout, heartbeat].filter(time => time !== null && time <= around.now);
  if (state.Type !== 'Task' || lapsed.length === 0) return undefined;
  const first = Math.min(...lapsed.map(Number));
  const failure = new StateFailure(first === timeout ? ERROR.timeout : ERROR.heartbeatTimeout);
  const { resource, resourceType } = integrationOfState(state);
  frame.record('TaskTimedOut', { resourceType, resource, error: failure.reported });
  throw failure;
}
