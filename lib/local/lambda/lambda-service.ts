/** Lambda's REST-JSON protocol. Source of paths and shapes: the service's API of 2015-03-31. */
import { randomUUID } from 'node:crypto';
import { AwsError, type AwsRequest, type AwsResponse, type Service } from '../service.ts';
import type { AsyncEvents } from './async-events.ts';
import type { EventSources } from './event-sources/event-sources.ts';
import { getEventSourceMapping, listEventSourceMappings } from './event-sources/mapping-operations.ts';
import type { FunctionDefinition } from './function.ts';
import type { Functions } from './functions.ts';
import type { Invoker } from './invoker.ts';

/** Lambda takes one MB for an event. */
const LARGEST_EVENT_BYTES = 1024 * 1024;

export interface LambdaParts {
  readonly functions: Functions;
  readonly invoker: Invoker;
  readonly events: AsyncEvents;
  readonly eventSources: EventSources;
}

type Operation = (parts: LambdaParts, request: AwsRequest, called: string) => AwsResponse | Promise<AwsResponse>;

const ROUTES: readonly { readonly method: string; readonly path: RegExp; readonly run: Operation }[] = [
  { method: 'POST', path: /^\/2015-03-31\/functions\/([^/]+)\/invocations$/, run: invoke },
  { method: 'GET', path: /^\/2015-03-31\/functions\/([^/]+)$/, run: getFunction },
  { method: 'GET', path: /^\/2015-03-31\/functions\/([^/]+)\/configuration$/, run: getFunctionConfiguration },
  { method: 'GET', path: /^\/2015-03-31\/functions\/([^/]+)\/policy$/, run: getPolicy },
  { method: 'GET', path: /^\/2015-03-31\/functions\/?$/, run: listFunctions },
  {
    method: 'GET',
    path: /^\/2015-03-31\/event-source-mappings\/?$/,
    run: (...call) => json(listEventSourceMappings(...call)),
  },
  {
    method: 'GET',
    path: /^\/2015-03-31\/event-source-mappings\/([^/]+)$/,
    run: (...call) => json(getEventSourceMapping(...call)),
  },
];

export function lambdaService(parts: LambdaParts): Service {
  return {
    signingName: 'lambda',
    async handle(request) {
      for (const { method, path, run } of ROUTES) {
        const match = method === request.method ? path.exec(request.path) : null;
        if (match) return run(parts, request, decodeURIComponent(match[1] ?? ''));
      }
      const message = `The local cloud's Lambda does not know ${request.method} ${request.path}`;
      throw new AwsError('NotImplementedException', message, 501);
    },
    refuse: ({ code, message, status, detail }) => ({
      status,
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
      body: JSON.stringify({ Type: status < 500 ? 'User' : 'Service', Message: message, message, ...detail }),
    }),
  };
}

async function invoke(parts: LambdaParts, request: AwsRequest, called: string): Promise<AwsResponse> {
  const qualifier = request.query.get('Qualifier');
  const name = qualifier && qualifier !== '$LATEST' ? `${called}:${qualifier}` : called;
  request.authorize('lambda:InvokeFunction', parts.functions.calledArn(name));
  for (const header of ['x-amz-client-context', 'x-amz-tenant-id', 'x-amz-durable-execution-name']) {
    if (request.headers[header] !== undefined) {
      throw new AwsError('InvalidParameterValueException', `The local cloud's Lambda does not know ${header}`);
    }
  }
  const { definition, arn } = parts.functions.find(name);
  const requestId = randomUUID();
  const payload = request.body.length === 0 ? '{}' : request.body.toString();
  refuseInvalidJson(payload);
  const headers = { 'x-amzn-requestid': requestId, 'x-amz-executed-version': '$LATEST' };
  const kind = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (kind === 'DryRun') return { status: 204, headers };
  if (kind === 'Event') {
    if (request.body.length > LARGEST_EVENT_BYTES) throw tooLarge(LARGEST_EVENT_BYTES);
    parts.events.add({ requestId, functionArn: arn, payload });
    return { status: 202, headers };
  }
  if (kind !== 'RequestResponse') {
    throw new AwsError('InvalidParameterValueException', `${kind} is not a type of invocation`);
  }
  const traceHeader = request.headers['x-amzn-trace-id'];
  const answer = await parts.invoker.invoke({ definition, functionArn: arn, payload, requestId, traceHeader });
  const tail = request.headers['x-amz-log-type'] === 'Tail' ? Buffer.from(answer.tail).toString('base64') : undefined;
  return {
    status: 200,
    headers: {
      ...headers,
      'content-type': 'application/json',
      ...(answer.functionError ? { 'x-amz-function-error': answer.functionError } : {}),
      ...(tail === undefined ? {} : { 'x-amz-log-result': tail }),
    },
    body: answer.payload,
  };
}

function refuseInvalidJson(payload: string): void {
  try {
    JSON.parse(payload);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${why}`);
  }
}

function tooLarge(limit: number): AwsError {
  const message = `Request must be smaller than ${limit} bytes for the InvokeFunction operation`;
  return new AwsError('RequestEntityTooLargeException', message, 413);
}

function getFunction(parts: LambdaParts, request: AwsRequest, called: string): AwsResponse {
  request.authorize('lambda:GetFunction', parts.functions.calledArn(called));
  const { definition } = parts.functions.find(called);
  const { reservedConcurrency, tags } = definition;
  return json({
    Configuration: configuration(definition),
    Code: { RepositoryType: 'S3', Location: `file://${definition.codeFolder ?? ''}` },
    Tags: tags,
    ...(reservedConcurrency === undefined
      ? {}
      : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
  });
}

function getFunctionConfiguration(parts: LambdaParts, request: AwsRequest, called: string): AwsResponse {
  request.authorize('lambda:GetFunctionConfiguration', parts.functions.calledArn(called));
  return json(configuration(parts.functions.find(called).definition));
}

function getPolicy(parts: LambdaParts, request: AwsRequest, called: string): AwsResponse {
  request.authorize('lambda:GetPolicy', parts.functions.calledArn(called));
  const { arn } = parts.functions.find(called);
  const Statement = parts.functions.policyOf(arn);
  if (Statement.length === 0) {
    throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
  }
  return json({ Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement }) });
}

function listFunctions(parts: LambdaParts, request: AwsRequest): AwsResponse {
  request.authorize('lambda:ListFunctions', '*');
  const most = Math.min(Number(request.query.get('MaxItems') ?? 50), 50);
  const after = request.query.get('Marker') ?? '';
  const rest = parts.functions.list().filter(({ name }) => name > after);
  const page = rest.slice(0, most);
  const marker = rest.length > most ? page.at(-1)?.name : undefined;
  return json({ Functions: page.map(configuration), ...(marker ? { NextMarker: marker } : {}) });
}

function configuration(definition: FunctionDefinition): Record<string, unknown> {
  return {
    FunctionName: definition.name,
    FunctionArn: definition.arn,
    Runtime: definition.runtime,
    Role: definition.role,
    Handler: definition.handler,
    Description: definition.description,
    Timeout: definition.timeoutSeconds,
    MemorySize: definition.memoryMb,
    Version: '$LATEST',
    RevisionId: definition.revision.slice(0, 32),
    Environment: { Variables: definition.environment },
    Architectures: definition.architectures,
    PackageType: 'Zip',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    LoggingConfig: { LogFormat: definition.jsonLogs ? 'JSON' : 'Text', LogGroup: `/aws/lambda/${definition.name}` },
  };
}

function json(body: unknown): AwsResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
