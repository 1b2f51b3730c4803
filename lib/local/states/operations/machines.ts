import { AwsError } from '../../service.ts';
import type { MachineRow } from '../rows.ts';
import { executionOf } from './executions.ts';
import { type Operation, page, pageSize, place, seconds, text } from './protocol.ts';

const SETTINGS = {
  loggingConfiguration: { level: 'OFF', includeExecutionData: false },
  tracingConfiguration: { enabled: false },
};

export const describeStateMachine: Operation = {
  members: ['stateMachineArn', 'includedData'],
  run(call) {
    const { store } = call.interpreter;
    const arn = text(call.input, 'stateMachineArn');
    call.request.authorize('states:DescribeStateMachine', arn);
    const machine = store.machine(arn);
    if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    const withData = call.input.includedData !== 'METADATA_ONLY';
    return {
      ...summary(machine),
      status: 'ACTIVE',
      roleArn: machine.role_arn,
      ...(withData ? { definition: store.definition(machine.definition) } : {}),
      ...SETTINGS,
    };
  },
};

export const listStateMachines: Operation = {
  members: ['maxResults', 'nextToken'],
  run(call) {
    call.request.authorize('states:ListStateMachines', '*');
    const size = pageSize(call.input);
    const found = call.interpreter.store.machines(place(call.input) ?? '', size + 1);
    const { rows, next } = page(found, size, row => row.arn);
    return { stateMachines: rows.map(summary), ...next };
  },
};

/** The definition that the execution started with, and not the machine's of today. */
export const describeStateMachineForExecution: Operation = {
  members: ['executionArn', 'includedData'],
  run(call) {
    const { store } = call.interpreter;
    const execution = executionOf(call, 'states:DescribeStateMachineForExecution');
    const machine = store.machine(execution.machine_arn);
    const withData = call.input.includedData !== 'METADATA_ONLY';
    return {
      stateMachineArn: execution.machine_arn,
      name: execution.machine_arn.split(':').at(-1),
      roleArn: execution.role_arn,
      updateDate: seconds(machine?.updated_at ?? execution.started_at),
      ...(withData ? { definition: store.definition(execution.definition) } : {}),
      ...SETTINGS,
    };
  },
};

function summary(machine: MachineRow): object {
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    type: 'STANDARD',
    creationDate: seconds(machine.created_at),
  };
}
