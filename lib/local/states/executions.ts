/** What starts an execution, and what lets one go on again. */
import { randomUUID } from 'node:crypto';
import { atomically } from '../database.ts';
import { AwsError } from '../service.ts';
import { History } from './history.ts';
import type { Interpreter } from './interpreter.ts';
import { DATA_LIMIT } from './json.ts';
import type { ExecutionRow, MachineRow } from './rows.ts';

/** How long after its end an execution can be redriven. */
const REDRIVABLE_MS = 14 * 24 * 3600 * 1000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among those that a name must not have.
const FORBIDDEN_IN_NAME = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/;

/**
 * Idempotent while the execution is open: the same name with the same input answers the same execution. The same name
 * with another input, or after the end, answers ExecutionAlreadyExists.
 */
export function startExecution(
  interpreter: Interpreter,
  machine: MachineRow,
  { name = randomUUID(), input = '{}' }: { name?: string | undefined; input?: string | undefined },
  now: number,
): Pick<ExecutionRow, 'arn' | 'started_at'> {
  if (name === '' || name.length > 80 || FORBIDDEN_IN_NAME.test(name)) {
    throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
  }
  checkInput(input);
  const { store } = interpreter;
  const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
  const known = store.execution(arn);
  if (known) {
    if (known.status === 'RUNNING' && known.input === input) return known;
    throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
  }
  const definition = interpreter.frames.definition(machine.definition);
  const deadline = definition.timeoutSeconds === undefined ? null : now + definition.timeoutSeconds * 1000;
  atomically(store.database, () => {
    store.insertExecution({
      arn,
      machine_arn: machine.arn,
      name,
      role_arn: machine.role_arn,
      definition: machine.definition,
      status: 'RUNNING',
      input,
      started_at: now,
      deadline,
    });
    const history = new History(store, { arn, last_event: 0 }, now);
    const detail = { input, inputDetails: { truncated: false }, roleArn: machine.role_arn };
    history.append(0, [{ type: 'ExecutionStarted', detail }]);
    history.save();
    store.insertBranch({
      execution: arn,
      parent: null,
      slot: 0,
      item: null,
      phase: 'entering',
      state: definition.startAt,
      input,
      variables: '{}',
      entered_at: now,
      used_retries: '[]',
      last_event: 0,
    });
  });
  interpreter.follow({ arn, deadline });
  return { arn, started_at: now };
}

function checkInput(input: string): void {
  const refused = (why: string) =>
    new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${why}'`);
  if (Buffer.byteLength(input) > DATA_LIMIT) throw refused('the input is longer than 262144 bytes');
  try {
    JSON.parse(input);
  } catch (error) {
    throw refused((error as Error).message);
  }
}

/** Why the execution cannot be redriven, or undefined where it can. */
export function redriveRefusal(execution: ExecutionRow, now: number): string | undefined {
  const { status, stopped_at } = execution;
  if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven`;
  return now - (stopped_at ?? 0) > REDRIVABLE_MS ? 'Execution has exceeded its redrivable period' : undefined;
}

/** Goes on from where the execution stood: what had succeeded, iterations of a Map among it, does not run again. */
export function redriveExecution(interpreter: Interpreter, arn: string, now: number): Promise<void> {
  const { store } = interpreter;
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
  });
}
