/**
 * An operation of a service, whichever protocol its calls come by. A service is a table of operations: each row has the
 * shape of its input, the resource on which the caller needs the permission of its name, and the function that does it.
 * An operation that is not in the table, or a member that is not in the shape, is refused by its name.
 */
import { z } from 'zod';
import { AwsError, type AwsRequest } from '../service.ts';

/** What an operation knows besides its input. */
export interface Call<State> {
  readonly state: State;
  readonly request: AwsRequest;
  /** Throws AccessDenied unless the caller may do `action`, such as `dynamodb:GetItem`, to the resource. */
  readonly authorize: AwsRequest['authorize'];
}

/**
 * On what the caller needs the operation's permission: an ARN, or how it follows from the input and what is stored.
 * `itself`: the operation authorizes by itself. `everyone`: nothing is signed; the input proves who calls.
 */
type Resource<Input, State> = 'itself' | 'everyone' | '*' | ((input: Input, call: Call<State>) => string);

export interface Operation<State> {
  readonly input: z.ZodType;
  readonly resource: Resource<never, State>;
  /** The permission where it has another name than the operation, such as `lambda:InvokeFunction`. */
  readonly action?: string | undefined;
  /** Condition keys of the call, besides those of every call of the service. */
  readonly conditions?: ((input: never, resource: string) => Readonly<Record<string, string>>) | undefined;
  run(input: never, call: Call<State>): unknown;
}

export type Operations<State> = Readonly<Record<string, Operation<State>>>;

export interface OperationOptions<Input, State> {
  readonly resource: Resource<Input, State>;
  readonly action?: string;
  readonly conditions?: (input: Input, resource: string) => Readonly<Record<string, string>>;
}

/** Writes rows for a service whose operations work on `State`. */
export function operationsOn<State>() {
  return <Shape extends z.ZodRawShape>(
    shape: Shape,
    options: Resource<z.output<z.ZodObject<Shape>>, State> | OperationOptions<z.output<z.ZodObject<Shape>>, State>,
    run: (input: z.output<z.ZodObject<Shape>>, call: Call<State>) => unknown,
  ): Operation<State> => ({
    input: z.strictObject(shape),
    ...(typeof options === 'object' ? options : { resource: options }),
    run,
  });
}

/** What is the same for all operations of a service. */
export interface ServiceOptions<State> {
  /** Of the signature, and the prefix of the service's permissions. */
  readonly signingName: string;
  readonly state: State;
  /** Condition keys of every call. */
  readonly conditions?: Readonly<Record<string, string>>;
  /** The code of the error for an input that its shape does not allow, or the whole error where the service words it. */
  readonly invalidInput: string | ((problem: InputProblem) => AwsError);
}

/** Reads the input, authorizes the caller and does the operation. */
export async function perform<State>(
  service: ServiceOptions<State>,
  name: string,
  operation: Operation<State>,
  { given, request }: { given: unknown; request: AwsRequest },
): Promise<unknown> {
  if (operation.resource !== 'everyone' && request.principal === undefined) {
    throw new AwsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token', 403);
  }
  const input = readInput(operation.input, given, name, service.invalidInput) as never;
  const authorize: AwsRequest['authorize'] = (action, resource, conditions) =>
    request.authorize(action, resource, { ...service.conditions, ...conditions });
  const call: Call<State> = { state: service.state, request, authorize };
  const { resource, action = `${service.signingName}:${name}` } = operation;
  if (resource !== 'itself' && resource !== 'everyone') {
    const arn = resource === '*' ? '*' : resource(input, call);
    authorize(action, arn, operation.conditions?.(input, arn));
  }
  return operation.run(input, call);
}

/** Why an input is not what its shape says; of several reasons a name that is not known comes first. */
export interface InputProblem {
  readonly kind: 'unknown' | 'missing' | 'type' | 'value';
  /** The operation, or what else was read. */
  readonly of: string;
  /** Where the value stands; for a name that is not known, where that name stands. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** What would be right: `string`, or AWS's words for a constraint. */
  readonly expected: string;
}

/** The input as its schema reads it; throws the service's error. */
export function readInput<Output>(
  schema: z.ZodType<Output>,
  given: unknown,
  of: string,
  invalidInput: ServiceOptions<unknown>['invalidInput'],
): Output {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const problem = problemIn(result.error.issues, given, of);
  throw typeof invalidInput === 'string' ? new AwsError(invalidInput, wordsFor(problem)) : invalidInput(problem);
}

/** So many characters of a value that was refused stand in the error. */
const LONGEST_ECHO = 200;

/** The usual sentence for a problem with an input. */
export function wordsFor({ kind, of, path, value, expected }: InputProblem): string {
  const where = path.join('.');
  if (kind === 'unknown') return `The local cloud does not know ${where} of ${of}.`;
  if (kind === 'type') return `${where || of} should be ${expected}`;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const given =
    kind === 'missing' ? 'null' : `'${text.length > LONGEST_ECHO ? `${text.slice(0, LONGEST_ECHO)}...` : text}'`;
  return `1 validation error detected: Value ${given} at '${where}' failed to satisfy constraint: ${expected}`;
}

function problemIn(issues: readonly z.core.$ZodIssue[], given: unknown, of: string): InputProblem {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (!issue) throw new Error(`${of}: refused without an issue`);
  const path = issue.path.map(String);
  const value = path.reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], given);
  if (issue.code === 'unrecognized_keys') {
    return { kind: 'unknown', of, path: [...path, issue.keys.join(', ')], value, expected: '' };
  }
  if (value === undefined) return { kind: 'missing', of, path, value, expected: 'Member must not be null' };
  if (issue.code === 'invalid_type')
    return { kind: 'type', of, path, value, expected: TYPES[issue.expected] ?? issue.expected };
  return { kind: 'value', of, path, value, expected: constraint(issue) };
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'a boolean',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

/** AWS's words for a constraint; our own, where a shape brings them, as they are. */
function constraint(issue: z.core.$ZodIssue): string {
  const measure = 'origin' in issue && ['number', 'int'].includes(issue.origin) ? 'value' : 'length';
  if (issue.code === 'too_small') return `Member must have ${measure} greater than or equal to ${issue.minimum}`;
  if (issue.code === 'too_big') return `Member must have ${measure} less than or equal to ${issue.maximum}`;
  if (issue.code === 'invalid_value') return `Member must satisfy enum value set: [${issue.values.join(', ')}]`;
  return issue.message;
}
