/**
 * Step Functions, for standard state machines in JSONata.
 *
 * - Every transition is one transaction that writes where the execution stands and its history; see `interpreter.ts`.
 * - An execution keeps the definition that it started with.
 * - A definition is checked whole when the template is applied; what is not supported is refused there by its name.
 */
import { atomically } from '../database.ts';
import { jsonService } from '../protocols/json.ts';
import type { CloudContext, Engine, Resource, ResourceType } from '../service.ts';
import { readDefinition } from './definition.ts';
import { Interpreter } from './interpreter.ts';
import { OPERATIONS } from './operations.ts';
import { createTables } from './store.ts';

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

/** Properties without effect here: where logs, traces and keys go on AWS. */
const INERT = ['LoggingConfiguration', 'TracingConfiguration', 'EncryptionConfiguration', 'Tags'];
const PROPERTIES = [
  'DefinitionString',
  'Definition',
  'DefinitionSubstitutions',
  'RoleArn',
  'StateMachineName',
  'StateMachineType',
  ...INERT,
];

/**
 * `AWS::StepFunctions::StateMachine`. A definition that the engine cannot run is refused by the resource's logical id
 * and the state's name; one that replaces another does not touch executions that have started.
 */
function stateMachineResource(context: CloudContext, interpreter: Interpreter): ResourceType {
  const arnOf = (name: string) => `arn:aws:states:${context.region}:${context.accountId}:stateMachine:${name}`;
  return {
    identify({ name, properties }) {
      const Name = typeof properties.StateMachineName === 'string' ? properties.StateMachineName : name.slice(0, 80);
      const Arn = arnOf(Name);
      return { ref: Arn, attributes: { Arn, Name } };
    },
    apply(resource) {
      const definition = definitionOf(resource, interpreter);
      const { ref: arn, attributes, properties } = resource;
      const now = context.clock.now();
      atomically(context.database, () => {
        interpreter.store.putMachine({
          arn,
          name: attributes.Name ?? '',
          role_arn: String(properties.RoleArn),
          definition: interpreter.store.keepDefinition(definition),
          created_at: now,
          updated_at: now,
        });
      });
    },
    // Executions that still run end by themselves, as on AWS.
    remove: ({ ref }) => atomically(context.database, () => interpreter.store.removeMachine(ref)),
    made: () => interpreter.store.machines('', 10_000).map(({ arn }) => arn),
    immutable: ['StateMachineType'],
  };
}

/** The definition's text, checked. */
function definitionOf({ logicalId, properties }: Resource, interpreter: Interpreter): string {
  const refuse = (reason: string): never => {
    throw new Error(`${logicalId}: ${reason}`);
  };
  const extra = Object.keys(properties).find(name => !PROPERTIES.includes(name));
  if (extra !== undefined) refuse(`the property ${extra} is not supported here`);
  const { StateMachineType: type = 'STANDARD', RoleArn: role } = properties;
  if (type !== 'STANDARD') refuse(`StateMachineType ${type} is not supported here; use STANDARD`);
  if (typeof role !== 'string' || role === '') refuse('RoleArn is missing');
  const given = properties.DefinitionString ?? (properties.Definition && JSON.stringify(properties.Definition));
  if (typeof given !== 'string') refuse('needs DefinitionString or Definition');
  const substitutions: Readonly<Record<string, unknown>> = properties.DefinitionSubstitutions ?? {};
  const text = Object.entries(substitutions).reduce(
    // The value stands inside a JSON string.
    (whole, [name, value]) => whole.replaceAll(`\${${name}}`, JSON.stringify(String(value)).slice(1, -1)),
    given as string,
  );
  try {
    readDefinition(text, interpreter.frames.templates);
  } catch (error) {
    refuse((error as Error).message);
  }
  return text;
}
