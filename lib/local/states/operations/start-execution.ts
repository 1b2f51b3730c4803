import { randomUUID } from 'node:crypto';
import { atomically } from '../../database.ts';
import { AwsError } from '../../service.ts';
import { History } from '../history.ts';
import { DATA_LIMIT } from '../json.ts';
import type { MachineRow } from '../rows.ts';
import { type Call, type Operation, optionalText, seconds, text } from './protocol.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among those that a name must not have.
const FORBIDDEN_IN_NAME = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/;

/**
 * Idempotent while the execution is open: the same name with the same input answers the same execution. The same name
 * with another input, or after the end, answers ExecutionAlreadyExists.
 */
export const startExecution: Operation = {
  // traceHeader has no effect on an execution.
  members: ['stateMachineArn', 'name', 'input', 'traceHeader'],
  run(call) {
    const machineArn = text(call.input, 'stateMachineArn');
    call.request.authorize('states:StartExecution', machineArn);
    const machine = call.interpreter.store.machine(machineArn);
    if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${machineArn}'`);
    const name = optionalText(call.input, 'name') ?? randomUUID();
    if (name === '' || name.length > 80 || FORBIDDEN_IN_NAME.test(name)) {
      throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
    }
    const input = optionalText(call.input, 'input') ?? '{}';
    checkInput(input);
    return start(call, machine, name, input);
  },
};

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

function start(call: Call, machine: MachineRow, name: string, input: string): unknown {
  const { interpreter, now } = call;
  const { store } = interpreter;
  const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
  const known = store.execution(arn);
  if (known) {
    if (known.status !== 'RUNNING' || known.input !== input) {
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    return { executionArn: arn, startDate: seconds(known.started_at) };
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
  return { executionArn: arn, startDate: seconds(now) };
}
