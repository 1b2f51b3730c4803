/**
 * REST-JSON: method and path name the operation. Its input is what stands in the braces of its path, the parameters of
 * the query and the members of a JSON body together.
 */
import { AwsError, type AwsResponse, type Service } from '../service.ts';
import { readBody } from './json.ts';
import { type Operation, perform, type ServiceOptions } from './operation.ts';

export interface RestOperation<State> extends Operation<State> {
  /** Such as `GET /schedules/{Name}`. */
  readonly route: string;
  /** Of an answer; 200 unless told otherwise. */
  readonly status?: number;
  /** Whether the body is no JSON input, and `run` answers the response itself. */
  readonly payload?: boolean;
}

export interface RestOptions<State> extends ServiceOptions<State> {
  readonly operations: Readonly<Record<string, RestOperation<State>>>;
  readonly errorBody?: (error: AwsError) => Readonly<Record<string, unknown>>;
  /** The error for a method and path that are in no row. */
  readonly unknownOperation?: (called: string) => AwsError;
}

/** A row of a REST-JSON service. */
export function route<State>(
  route: string,
  operation: Operation<State>,
  more: Pick<RestOperation<State>, 'status' | 'payload'> = {},
): RestOperation<State> {
  return { ...operation, ...more, route };
}

export function restService<State>(options: RestOptions<State>): Service {
  const rows = Object.entries(options.operations);
  const { errorBody = ({ message, detail }) => ({ message, ...detail }), unknownOperation = notImplemented } = options;
  return {
    signingName: options.signingName,
    operations: { [options.signingName]: rows.map(([name]) => name) },
    recognises: ({ method, path }) => rows.some(([, row]) => match(row.route, `${method} ${path}`) !== undefined),
    async handle(request) {
      const called = `${request.method} ${request.path}`;
      for (const [name, operation] of rows) {
        const labels = match(operation.route, called);
        if (!labels) continue;
        const body = operation.payload ? {} : readBody(request);
        const given = { ...Object.fromEntries(request.query), ...body, ...labels };
        const output = await perform(options, name, operation, { given, request });
        if (operation.payload) return output as AwsResponse;
        const { status = 200 } = operation;
        return output === undefined ? { status } : { status, headers: JSON_TYPE, body: JSON.stringify(output) };
      }
      throw unknownOperation(called);
    },
    refuse: error => ({
      status: error.status,
      headers: { ...JSON_TYPE, 'x-amzn-errortype': error.code },
      body: JSON.stringify(errorBody(error)),
    }),
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };

function notImplemented(called: string): AwsError {
  return new AwsError('NotImplementedException', `The local cloud does not know ${called}`, 501);
}

function decoded(label: string): string {
  try {
    return decodeURIComponent(label);
  } catch {
    return label;
  }
}

/** What stands in the braces of the route; undefined where another route was called. */
function match(route: string, called: string): Record<string, string> | undefined {
  const wanted = route.split('/');
  const given = called.replace(/\/$/, '').split('/');
  if (wanted.length !== given.length) return undefined;
  const labels: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    const [, label] = /^\{(.+)\}$/.exec(part) ?? [];
    if (label) labels[label] = decoded(value);
    else if (part !== value) return undefined;
  }
  return labels;
}
