/**
 * AWS JSON 1.0 and 1.1: the header `x-amz-target` names the operation, and the body is its input. The options are the
 * points in which services differ on the wire.
 */
import { crc32 } from 'node:zlib';
import { AwsError, type AwsRequest, type AwsResponse, type Service } from '../service.ts';
import { type Operations, perform, type ServiceOptions } from './operation.ts';

export interface JsonOptions<State> extends ServiceOptions<State> {
  readonly version: '1.0' | '1.1';
  /** The operations by what stands before the dot of the target. */
  readonly targets: Readonly<Record<string, Operations<State>>>;
  /** The error's shape in `__type`; the bare code unless told otherwise. */
  readonly errorType?: (code: string) => string;
  /** More headers of an error. */
  readonly errorHeaders?: (error: AwsError) => Readonly<Record<string, string>>;
  /** The member of an error that holds its text. */
  readonly messageMember?: 'message' | 'Message';
  /** Of an error about who calls, and whether that one may. */
  readonly accessStatus?: 400 | 403;
  /** Sends the checksum by which DynamoDB's clients verify an answer. */
  readonly checksum?: boolean;
  /** The error for an operation that is not in the table. */
  readonly unknownOperation?: (name: string) => AwsError;
}

const ACCESS_ERRORS = new Set([
  'AccessDeniedException',
  'IncompleteSignatureException',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'UnrecognizedClientException',
]);

export function jsonService<State>(options: JsonOptions<State>): Service {
  const { targets, messageMember = 'message', errorType = code => code, errorHeaders, accessStatus = 400 } = options;
  const type = `application/x-amz-json-${options.version}`;
  const respond = (status: number, output: unknown, more?: Readonly<Record<string, string>>): AwsResponse => {
    const body = Buffer.from(JSON.stringify(output));
    const checksum = options.checksum && { 'x-amz-crc32': String(crc32(body)) };
    return { status, headers: { 'content-type': type, ...checksum, ...more }, body };
  };
  return {
    signingName: options.signingName,
    target: Object.keys(targets)[0] ?? '',
    operations: Object.fromEntries(
      Object.entries(targets).map(([target, rows], i) => [
        i === 0 ? options.signingName : target.replace(/_\d+$/, ''),
        Object.keys(rows),
      ]),
    ),
    recognises: ({ headers }) => Object.hasOwn(targets, (headers['x-amz-target'] ?? '').split('.')[0] ?? ''),
    async handle(request) {
      const [target = '', name = ''] = (request.headers['x-amz-target'] ?? '').split('.');
      const operations = Object.hasOwn(targets, target) ? targets[target] : undefined;
      const operation = operations && Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) throw (options.unknownOperation ?? unknownOperation)(name);
      return respond(200, await perform(options, name, operation, { given: readBody(request), request }));
    },
    refuse(error) {
      const body = { __type: errorType(error.code), [messageMember]: error.message, ...error.detail };
      const status = ACCESS_ERRORS.has(error.code) ? accessStatus : error.status;
      return respond(status, body, { 'x-amzn-errortype': error.code, ...errorHeaders?.(error) });
    },
  };
}

function unknownOperation(name: string): AwsError {
  return new AwsError('UnknownOperationException', `The local cloud does not know ${name || 'this operation'}.`);
}

/** The JSON object of a body; a member that is null is one that is not there. Throws SerializationException. */
export function readBody({ body }: Pick<AwsRequest, 'body'>): Readonly<Record<string, unknown>> {
  const text = body.toString();
  try {
    const value: unknown = text.includes('null') ? JSON.parse(text, withoutNull) : JSON.parse(text || '{}');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below, as for any other body that is no object.
  }
  throw new AwsError('SerializationException', 'The body is not a JSON object.');
}

function withoutNull(this: unknown, _name: string, value: unknown): unknown {
  return value === null && !Array.isArray(this) ? undefined : value;
}
