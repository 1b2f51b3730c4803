/**
 * Step Functions, for standard state machines in JSONata.
 *
 * - Every transition is one transaction that writes where the execution stands and its history; see `interpreter.ts`.
 * - An execution keeps the definition that it started with.
 * - A definition is checked whole when the template is applied; what is not supported is refused there by its name.
 */
import type { CloudContext, Engine } from '../service.ts';
import { Interpreter } from './interpreter.ts';
import { describeExecution, listExecutions, redriveExecution, stopExecution } from './operations/executions.ts';
import { getExecutionHistory } from './operations/history.ts';
import { describeStateMachine, describeStateMachineForExecution, listStateMachines } from './operations/machines.ts';
import { answer, type Operation, refuse } from './operations/protocol.ts';
import { startExecution } from './operations/start-execution.ts';
import { sendTaskFailure, sendTaskHeartbeat, sendTaskSuccess } from './operations/tokens.ts';
import { stateMachineResource } from './state-machine-resource.ts';
import { createTables } from './tables.ts';

const OPERATIONS: Readonly<Record<string, Operation>> = {
  StartExecution: startExecution,
  DescribeExecution: describeExecution,
  ListExecutions: listExecutions,
  StopExecution: stopExecution,
  RedriveExecution: redriveExecution,
  GetExecutionHistory: getExecutionHistory,
  SendTaskSuccess: sendTaskSuccess,
  SendTaskFailure: sendTaskFailure,
  SendTaskHeartbeat: sendTaskHeartbeat,
  DescribeStateMachine: describeStateMachine,
  DescribeStateMachineForExecution: describeStateMachineForExecution,
  ListStateMachines: listStateMachines,
};

/** Step Functions keeps a closed execution, and its name, this long. */
const RETENTION_MS = 90 * 24 * 3600 * 1000;

export function createStates(context: CloudContext): Engine {
  createTables(context.database);
  const interpreter = new Interpreter(context);
  return {
    services: [
      {
        signingName: 'states',
        handle: request => {
          return answer(OPERATIONS, request, { interpreter, now: context.clock.now() });
        },
        refuse,
      },
    ],
    resources: { 'AWS::StepFunctions::StateMachine': stateMachineResource(context, interpreter) },
    start() {
      interpreter.store.forgetExecutions(context.clock.now() - RETENTION_MS);
      interpreter.resume();
    },
    stop: () => interpreter.stop(),
  };
}
