import { atomically } from '../../database.ts';
import { AwsError } from '../../service.ts';
import { History } from '../history.ts';
import type { ExecutionRow } from '../rows.ts';
import { type Call, invalid, type Operation, optionalText, page, pageSize, place, seconds, text } from './protocol.ts';

/** How long after its end an execution can be redriven. */
const REDRIVABLE_MS = 14 * 24 * 3600 * 1000;
const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'];

/** The execution of the call's `executionArn`, authorised for `action`; throws ExecutionDoesNotExist. */
export function executionOf(call: Call, action: string): ExecutionRow {
  const arn = text(call.input, 'executionArn');
  call.request.authorize(action, arn);
  const execution = call.interpreter.store.execution(arn);
  if (!execution) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return execution;
}

/** Why the execution cannot be redriven, or undefined where it can. */
function redriveRefusal(execution: ExecutionRow, now: number): string | undefined {
  const { status, stopped_at } = execution;
  if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven`;
  return now - (stopped_at ?? 0) > REDRIVABLE_MS ? 'Execution has exceeded its redrivable period' : undefined;
}

export const describeExecution: Operation = {
  members: ['executionArn', 'includedData'],
  run(call) {
    const execution = executionOf(call, 'states:DescribeExecution');
    const { input, output, error, cause } = execution;
    const refusal = redriveRefusal(execution, call.now);
    const withData = call.input.includedData !== 'METADATA_ONLY';
    return {
      ...summary(execution),
      ...(withData ? { input, inputDetails: { included: true } } : {}),
      ...(withData && output !== null ? { output, outputDetails: { included: true } } : {}),
      ...(error === null ? {} : { error }),
      ...(cause === null ? {} : { cause }),
      redriveStatus: refusal === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
      ...(refusal === undefined ? {} : { redriveStatusReason: refusal }),
    };
  },
};

export const listExecutions: Operation = {
  members: ['stateMachineArn', 'statusFilter', 'maxResults', 'nextToken'],
  run(call) {
    const { store } = call.interpreter;
    const machineArn = text(call.input, 'stateMachineArn');
    call.request.authorize('states:ListExecutions', machineArn);
    if (!store.machine(machineArn)) {
      throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${machineArn}'`);
    }
    const status = optionalText(call.input, 'statusFilter') ?? null;
    if (status !== null && !STATUSES.includes(status)) {
      throw invalid(`Value '${status}' at 'statusFilter' failed to satisfy constraint: one of ${STATUSES.join(', ')}`);
    }
    const size = pageSize(call.input);
    const before = Number(place(call.input) ?? Number.MAX_SAFE_INTEGER);
    const { rows, next } = page(store.executions(machineArn, before, status, size + 1), size, row => row.seq);
    return { executions: rows.map(summary), ...next };
  },
};

export const stopExecution: Operation = {
  members: ['executionArn', 'error', 'cause'],
  run(call) {
    const { interpreter } = call;
    const { arn } = executionOf(call, 'states:StopExecution');
    const [error, cause] = [optionalText(call.input, 'error'), optionalText(call.input, 'cause')];
    return interpreter.alone(arn, () => {
      const given = { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
      interpreter.end(arn, { status: 'ABORTED', ...given });
      // An execution that had ended already answers when it did.
      return { stopDate: seconds(interpreter.store.execution(arn)?.stopped_at ?? call.now) };
    });
  },
};

/** Goes on from where the execution stood: what had succeeded, iterations of a Map among it, does not run again. */
export const redriveExecution: Operation = {
  // A redrive twice is harmless, the second finds the execution open; so the token needs no memory.
  members: ['executionArn', 'clientToken'],
  run(call) {
    const { interpreter, now } = call;
    const { store } = interpreter;
    const { arn } = executionOf(call, 'states:RedriveExecution');
    return interpreter.alone(arn, () => {
      const execution = store.execution(arn);
      const refusal = execution && redriveRefusal(execution, now);
      if (!execution || refusal) throw new AwsError('ExecutionNotRedrivable', refusal ?? arn);
      const { timeoutSeconds } = interpreter.frames.definition(execution.definition);
      const deadline = timeoutSeconds === undefined ? null : now + timeoutSeconds * 1000;
      const redriveCount = execution.redrive_count + 1;
      atomically(store.database, () => {
        const history = new History(store, execution, now);
        history.append(0, [{ type: 'ExecutionRedriven', detail: { redriveCount } }]);
        history.save();
        const open = { status: 'RUNNING', error: null, cause: null, stopped_at: null, redriven_at: now };
        store.updateExecution(arn, { ...open, redrive_count: redriveCount, deadline });
        for (const { id, phase } of store.branches(arn)) {
          if (phase === 'done' || phase === 'pending' || phase === 'joining') continue;
          const again = { phase: 'entering', entered_at: now, used_retries: '[]', token: null };
          store.updateBranch(id, { ...again, wake_at: null, timeout_at: null, heartbeat_at: null });
        }
      });
      interpreter.follow({ arn, deadline });
      return { redriveDate: seconds(now) };
    });
  },
};

function summary(execution: ExecutionRow): object {
  const { stopped_at, redriven_at } = execution;
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.machine_arn,
    name: execution.name,
    status: execution.status,
    startDate: seconds(execution.started_at),
    ...(stopped_at === null ? {} : { stopDate: seconds(stopped_at) }),
    redriveCount: execution.redrive_count,
    ...(redriven_at === null ? {} : { redriveDate: seconds(redriven_at) }),
  };
}
