/**
 * Step Functions, for standard state machines in JSONata.
 *
 * - Every transition is one transaction that writes where the execution stands and its history; see `interpreter.ts`.
 * - An execution keeps the definition that it started with.
 * - A definition is checked whole when the template is applied; what is not supported is refused there by its name.
 */
import { jsonService } from '../protocols/json.ts';
import type { CloudContext, Engine } from '../service.ts';
import { Interpreter } from './interpreter.ts';
import { OPERATIONS } from './operations.ts';
import { stateMachineResource } from './state-machine-resource.ts';
import { createTables } from './tables.ts';

/** Step Functions keeps a closed execution, and its name, this long. */
const RETENTION_MS = 90 * 24 * 3600 * 1000;

export function createStates(context: CloudContext): Engine {
  createTables(context.database);
  const interpreter = new Interpreter(context);
  const service = jsonService({
    signingName: 'states',
    version: '1.0',
    targets: { AWSStepFunctions: OPERATIONS },
    state: interpreter,
    invalidInput: 'ValidationException',
  });
  return {
    services: [service],
    resources: { 'AWS::StepFunctions::StateMachine': stateMachineResource(context, interpreter) },
    start() {
      interpreter.store.forgetExecutions(context.clock.now() - RETENTION_MS);
      interpreter.resume();
    },
    stop: () => interpreter.stop(),
  };
}
