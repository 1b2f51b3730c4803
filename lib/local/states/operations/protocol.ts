/** The AWS JSON 1.0 protocol of Step Functions, and what its operations read from a call. */
import { AwsError, type AwsRequest, type AwsResponse } from '../../service.ts';
import type { Interpreter } from '../interpreter.ts';
import { isObject, type JsonObject } from '../json.ts';

export interface Call {
  readonly request: AwsRequest;
  readonly input: JsonObject;
  readonly interpreter: Interpreter;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface Operation {
  /** The members of the input that are understood; any other is refused by its name. */
  readonly members: readonly string[];
  run(call: Call): Promise<unknown> | unknown;
}

const JSON_1_0 = { 'content-type': 'application/x-amz-json-1.0' };

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
  const extra = Object.keys(input).find(member => !operation.members.includes(member));
  if (extra !== undefined) throw invalid(`The parameter ${extra} of ${name} is not supported here.`);
  const result = await operation.run({ ...surroundings, request, input });
  return { status: 200, headers: JSON_1_0, body: JSON.stringify(result) };
}

export function refuse(error: AwsError): AwsResponse {
  const body = JSON.stringify({ __type: error.code, message: error.message, ...error.detail });
  return { status: error.status, headers: { ...JSON_1_0, 'x-amzn-errortype': error.code }, body };
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** A member that must be a string; throws ValidationException. */
export function text(input: JsonObject, member: string): string {
  const value = input[member];
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

/** A member that may be missing, and must else be a string. */
export function optionalText(input: JsonObject, member: string): string | undefined {
  return input[member] === undefined || input[member] === null ? undefined : String(input[member]);
}

/** `maxResults`: 0 and nothing mean 100. */
export function pageSize(input: JsonObject): number {
  const { maxResults = 0 } = input;
  if (typeof maxResults !== 'number' || maxResults < 0 || maxResults > 1000) {
    throw invalid("Value at 'maxResults' failed to satisfy constraint: Member must be between 0 and 1000");
  }
  return maxResults === 0 ? 100 : maxResults;
}

/** The place that a `nextToken` of this engine stands for; throws InvalidToken. */
export function place(input: JsonObject): string | undefined {
  const token = optionalText(input, 'nextToken');
  if (token === undefined) return undefined;
  const decoded = Buffer.from(token, 'base64url').toString();
  if (decoded.startsWith('after:')) return decoded.slice('after:'.length);
  throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
}

/** The page's items, and the token of the next page where `rows` has one more than fits. */
export function page<Row>(
  rows: readonly Row[],
  size: number,
  at: (row: Row) => string | number,
): {
  rows: readonly Row[];
  next: { nextToken?: string };
} {
  const last = rows[size - 1];
  if (rows.length <= size || last === undefined) return { rows, next: {} };
  return { rows: rows.slice(0, size), next: { nextToken: Buffer.from(`after:${at(last)}`).toString('base64url') } };
}

/** A time as the protocol writes it: seconds since the epoch. */
export function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}

function parse(body: Buffer): JsonObject {
  try {
    const value: unknown = body.length === 0 ? {} : JSON.parse(body.toString());
    if (isObject(value)) return value;
  } catch {
    // Answered below.
  }
  throw new AwsError('SerializationException', 'The body of the call is not a JSON object.');
}
