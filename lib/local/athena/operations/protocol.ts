/** The AWS JSON 1.1 protocol of Athena, and what its operations read from a call. */
import type { StoredObjects } from '../../s3/stored-objects.ts';
import { AwsError, type AwsRequest, type AwsResponse, type CloudContext } from '../../service.ts';
import type { QueryQueue } from '../query-queue.ts';
import type { Query, QueryStore } from '../query-store.ts';
import type { WorkGroups } from '../workgroup.ts';

export type Input = Readonly<Record<string, unknown>>;

export interface Call {
  readonly request: AwsRequest;
  readonly input: Input;
  readonly context: CloudContext;
  readonly store: QueryStore;
  readonly queue: QueryQueue;
  readonly workGroups: WorkGroups;
  readonly objects: StoredObjects;
}

export interface Operation {
  /** The members of the input that are understood; any other is refused by its name. */
  readonly members: readonly string[];
  run(call: Call): Promise<object> | object;
}

const JSON_1_1 = { 'content-type': 'application/x-amz-json-1.1' };

/** Answers a call to one of `operations`. */
export async function answer(
  operations: Readonly<Record<string, Operation>>,
  request: AwsRequest,
  surroundings: Omit<Call, 'request' | 'input'>,
): Promise<AwsResponse> {
  const name = request.headers['x-amz-target']?.split('.').at(-1) ?? '';
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (!operation) throw new AwsError('UnknownOperationException', `The operation ${name} is not supported here.`);
  const input = parse(request.body);
  refuseOthers(input, operation.members, name);
  const result = await operation.run({ ...surroundings, request, input });
  return { status: 200, headers: JSON_1_1, body: JSON.stringify(result) };
}

export function refuse(error: AwsError): AwsResponse {
  const body = JSON.stringify({ __type: error.code, message: error.message, ...error.detail });
  return { status: error.status, headers: { ...JSON_1_1, 'x-amzn-errortype': error.code }, body };
}

export function invalid(message: string): AwsError {
  return new AwsError('InvalidRequestException', message);
}

/** Throws InvalidRequestException for a member that is not among `known`. */
export function refuseOthers(input: Input, known: readonly string[], where: string): void {
  const extra = Object.keys(input).find(member => !known.includes(member));
  if (extra !== undefined) throw invalid(`The parameter ${extra} of ${where} is not supported here.`);
}

/** A member that must be text; throws InvalidRequestException. */
export function text(input: Input, member: string): string {
  const value = input[member];
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(`${member} should be text, and is missing`);
}

export function optionalText(input: Input, member: string): string | undefined {
  return input[member] === undefined || input[member] === null ? undefined : text(input, member);
}

/** A structure of the input; empty where it is missing. */
export function structure(input: Input, member: string, known: readonly string[]): Input {
  const value = input[member] ?? {};
  if (typeof value !== 'object') throw invalid(`${member} should be a structure`);
  refuseOthers(value as Input, known, member);
  return value as Input;
}

/** The query of the call's `QueryExecutionId`, whose workgroup allows `action`. */
export function queryOf(call: Call, action: string): Query {
  const id = text(call.input, 'QueryExecutionId');
  const query = call.store.find(id);
  // Who may not do this at all learns nothing of what there is.
  call.request.authorize(action, call.workGroups.arn(query?.workGroup ?? '*'));
  if (!query) throw invalid(`QueryExecution ${id} was not found`);
  return query;
}

function parse(body: Buffer): Input {
  try {
    const value: unknown = body.length === 0 ? {} : JSON.parse(body.toString());
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input;
  } catch {
    // Answered below.
  }
  throw new AwsError('SerializationException', 'The body of the call is not a JSON object.');
}
