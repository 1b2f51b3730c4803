/** Lambda's operations. Source of paths and shapes: the service's API of 2015-03-31. */
import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { z } from 'zod';
import { writeThrough } from '../back-pressure.ts';
import { EVENT_STREAM_TYPE, eventFrame } from '../protocols/event-stream.ts';
import { operationsOn } from '../protocols/operation.ts';
import { route } from '../protocols/rest-json.ts';
import { AwsError, type AwsRequest, type AwsResponse } from '../service.ts';
import type { AsyncEvents } from './async-events.ts';
import type { EventSources } from './event-sources/event-sources.ts';
import type { Poller } from './event-sources/poller.ts';
import type { FunctionDefinition, Functions } from './functions.ts';
import type { Invoker } from './invoker.ts';

/** Lambda takes one MB for an event. */
const LARGEST_EVENT_BYTES = 1024 * 1024;

export interface LambdaParts {
  readonly functions: Functions;
  readonly invoker: Invoker;
  readonly events: AsyncEvents;
  readonly eventSources: EventSources;
}

const operation = operationsOn<LambdaParts>();
const FUNCTIONS = '/2015-03-31/functions';
const MAPPINGS = '/2015-03-31/event-source-mappings';
const FUNCTION = { FunctionName: z.string(), Qualifier: z.string().optional() };
type FunctionInput = z.output<z.ZodObject<typeof FUNCTION>>;

export const OPERATIONS = {
  Invoke: route(
    `POST ${FUNCTIONS}/{FunctionName}/invocations`,
    operation(
      FUNCTION,
      {
        resource: (input, { state }) => state.functions.calledArn(qualified(input)),
        action: 'lambda:InvokeFunction',
      },
      (input, { state, request }) => invoke(state, request, qualified(input)),
    ),
    { payload: true },
  ),

  InvokeWithResponseStream: route(
    'POST /2021-11-15/functions/{FunctionName}/response-streaming-invocations',
    operation(
      FUNCTION,
      {
        resource: (input, { state }) => state.functions.calledArn(qualified(input)),
        action: 'lambda:InvokeFunction',
      },
      (input, { state, request }) => invokeWithResponseStream(state, request, qualified(input)),
    ),
    { payload: true },
  ),

  GetFunction: route(
    `GET ${FUNCTIONS}/{FunctionName}`,
    operation(FUNCTION, calledArn, ({ FunctionName }, { state: { functions } }) => {
      const { definition } = functions.find(FunctionName);
      const { reservedConcurrency, tags } = definition;
      return {
        Configuration: configuration(definition, functions),
        Code: { RepositoryType: 'S3', Location: `file://${definition.codeFolder ?? ''}` },
        Tags: tags,
        ...(reservedConcurrency !== undefined && {
          Concurrency: { ReservedConcurrentExecutions: reservedConcurrency },
        }),
      };
    }),
  ),

  GetFunctionConfiguration: route(
    `GET ${FUNCTIONS}/{FunctionName}/configuration`,
    operation(FUNCTION, calledArn, ({ FunctionName }, { state: { functions } }) =>
      configuration(functions.find(FunctionName).definition, functions),
    ),
  ),

  GetPolicy: route(
    `GET ${FUNCTIONS}/{FunctionName}/policy`,
    operation(FUNCTION, calledArn, ({ FunctionName }, { state: { functions } }) => {
      const Statement = functions.policyOf(functions.find(FunctionName).arn);
      if (Statement.length === 0) {
        throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
      }
      return { Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement }) };
    }),
  ),

  ListFunctions: route(
    `GET ${FUNCTIONS}`,
    operation(
      { MaxItems: z.coerce.number().int().min(1).default(50), Marker: z.string().default('') },
      '*',
      ({ MaxItems, Marker }, { state: { functions } }) => {
        const most = Math.min(MaxItems, 50);
        const rest = functions.list().filter(({ name }) => name > Marker);
        const page = rest.slice(0, most);
        const marker = rest.length > most ? page.at(-1)?.name : undefined;
        return {
          Functions: page.map(one => configuration(one, functions)),
          ...(marker !== undefined && { NextMarker: marker }),
        };
      },
    ),
  ),

  // Mappings are made by templates alone.
  GetEventSourceMapping: route(
    `GET ${MAPPINGS}/{UUID}`,
    operation(
      { UUID: z.string() },
      ({ UUID }, { state }) => state.functions.arnOf('').replace(/function:$/, `event-source-mapping:${UUID}`),
      ({ UUID }, { state: { eventSources, functions } }) => {
        const poller = eventSources.find(UUID);
        return mappingOutput(poller, functions.find(poller.mapping.functionName).arn);
      },
    ),
  ),

  ListEventSourceMappings: route(
    `GET ${MAPPINGS}`,
    operation(
      {
        EventSourceArn: z.string().optional(),
        FunctionName: z.string().optional(),
        MaxItems: z.string().optional(),
        Marker: z.string().optional(),
      },
      '*',
      ({ EventSourceArn: source, FunctionName }, { state: { eventSources, functions } }) => {
        const called = FunctionName === undefined ? undefined : functions.calledArn(FunctionName);
        const found = eventSources
          .all()
          .map(poller => ({ poller, arn: functions.find(poller.mapping.functionName).arn }))
          .filter(
            ({ poller, arn }) =>
              (source ?? poller.mapping.streamArn) === poller.mapping.streamArn && (called ?? arn) === arn,
          );
        return { EventSourceMappings: found.map(({ poller, arn }) => mappingOutput(poller, arn)) };
      },
    ),
  ),
};

function calledArn({ FunctionName }: FunctionInput, { state }: { state: LambdaParts }): string {
  return state.functions.calledArn(FunctionName);
}

function qualified({ FunctionName, Qualifier }: FunctionInput): string {
  return Qualifier && Qualifier !== '$LATEST' ? `${FunctionName}:${Qualifier}` : FunctionName;
}

/** What both kinds of invocation say and refuse. */
function readInvocation(parts: LambdaParts, request: AwsRequest, name: string) {
  for (const header of ['x-amz-client-context', 'x-amz-tenant-id', 'x-amz-durable-execution-name']) {
    if (request.headers[header] !== undefined) {
      throw new AwsError('InvalidParameterValueException', `The local cloud's Lambda does not know ${header}`);
    }
  }
  const { definition, arn } = parts.functions.find(name);
  const requestId = randomUUID();
  const payload = request.body.length === 0 ? '{}' : request.body.toString();
  refuseInvalidJson(payload);
  return {
    call: { definition, functionArn: arn, payload, requestId, traceHeader: request.headers['x-amzn-trace-id'] },
    headers: { 'x-amzn-requestid': requestId, 'x-amz-executed-version': '$LATEST' },
    kind: request.headers['x-amz-invocation-type'] ?? 'RequestResponse',
    wantsTail: request.headers['x-amz-log-type'] === 'Tail',
  };
}

async function invoke(parts: LambdaParts, request: AwsRequest, name: string): Promise<AwsResponse> {
  const { call, headers, kind, wantsTail } = readInvocation(parts, request, name);
  if (kind === 'DryRun') return { status: 204, headers };
  if (kind === 'Event') {
    if (request.body.length > LARGEST_EVENT_BYTES) throw tooLarge(LARGEST_EVENT_BYTES);
    parts.events.add(call);
    return { status: 202, headers };
  }
  if (kind !== 'RequestResponse') {
    throw new AwsError('InvalidParameterValueException', `${kind} is not a type of invocation`);
  }
  const answer = await parts.invoker.invoke(call);
  const tail = wantsTail ? Buffer.from(answer.tail).toString('base64') : undefined;
  return {
    status: 200,
    headers: {
      ...headers,
      'content-type': 'application/json',
      ...(answer.functionError && { 'x-amz-function-error': answer.functionError }),
      ...(tail !== undefined && { 'x-amz-log-result': tail }),
    },
    body: answer.payload,
  };
}

async function invokeWithResponseStream(parts: LambdaParts, request: AwsRequest, name: string): Promise<AwsResponse> {
  const { call, headers, kind, wantsTail } = readInvocation(parts, request, name);
  if (kind === 'DryRun') return { status: 204, headers };
  if (kind !== 'RequestResponse') {
    throw new AwsError('InvalidParameterValueException', `${kind} is not a type of invocation that is streamed`);
  }
  const body = new PassThrough();
  const began = Promise.withResolvers<void>();
  const take = (chunk: Uint8Array): Promise<void> => {
    began.resolve();
    return writeThrough(body, eventFrame('PayloadChunk', 'application/octet-stream', chunk));
  };
  const ended = parts.invoker.invoke({ ...call, take }).then(({ functionError, payload, tail }) => {
    const complete = {
      ...(functionError && { ErrorCode: functionError, ErrorDetails: payload }),
      ...(wantsTail && { LogResult: Buffer.from(tail).toString('base64') }),
    };
    body.end(eventFrame('InvokeComplete', 'application/json', Buffer.from(JSON.stringify(complete))));
  });
  ended.catch(error => body.destroy(error));
  // What is refused before anything is sent has a status of its own.
  await Promise.race([began.promise, ended]);
  return { status: 200, headers: { ...headers, 'content-type': EVENT_STREAM_TYPE }, body };
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

function configuration(definition: FunctionDefinition, functions: Functions): Record<string, unknown> {
  const { sha256, bytes, modified } = functions.codeOf(definition);
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
    CodeSize: bytes,
    CodeSha256: sha256,
    LastModified: modified.toISOString().replace('Z', '+0000'),
    State: 'Active',
    LastUpdateStatus: 'Successful',
    LoggingConfig: { LogFormat: definition.jsonLogs ? 'JSON' : 'Text', LogGroup: definition.logGroup },
  };
}

function mappingOutput({ mapping, lastResult }: Poller, functionArn: string): object {
  const finite = (value: number): number => (Number.isFinite(value) ? value : -1);
  return {
    UUID: mapping.id,
    EventSourceArn: mapping.streamArn,
    FunctionArn: functionArn,
    State: mapping.enabled ? 'Enabled' : 'Disabled',
    StateTransitionReason: 'User action',
    LastProcessingResult: lastResult,
    StartingPosition: mapping.startingPosition,
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.windowMs / 1000,
    ParallelizationFactor: 1,
    MaximumRetryAttempts: finite(mapping.retries),
    MaximumRecordAgeInSeconds: finite(mapping.oldestMs / 1000),
    BisectBatchOnFunctionError: mapping.bisects,
    FunctionResponseTypes: mapping.reportsItemFailures ? ['ReportBatchItemFailures'] : [],
    DestinationConfig: { OnFailure: { Destination: mapping.onFailure } },
  };
}
