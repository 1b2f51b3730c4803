/**
 * The way of a request, in AWS's order: resource, resource policy, authorizer, usage plan, stage throttle, required
 * parameters, integration. A step that refuses throws; nothing after it runs.
 */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { PassThrough } from 'node:stream';
import { writeThrough } from '../back-pressure.ts';
import { statementApplies } from '../policy-statement.ts';
import { AwsError, type CloudContext } from '../service.ts';
import type { LambdaIntegration, MockIntegration } from './api.ts';
import type { ApiModel } from './api-model.ts';
import type { Authorizers } from './authorizer.ts';
import { type Exchange, headerOf, isBinary, methodArn, parameterOf, type Reply } from './exchange.ts';
import { fill, Refusal, refusalReply } from './gateway-response.ts';
import { type MeteringParts, meter } from './metering.ts';
import { proxyEvent } from './proxy-event.ts';
import { isOverload, timeLimit } from './time-limit.ts';

export interface GatewayParts {
  readonly context: CloudContext;
  readonly model: ApiModel;
  readonly authorizers: Authorizers;
  readonly metering: MeteringParts;
}

/** The answer to a request: never throws. */
export async function answer(exchange: Exchange, parts: GatewayParts): Promise<Reply> {
  try {
    return await pass(exchange, parts);
  } catch (error) {
    return refuse(exchange, parts, error);
  }
}

/** The gateway response for an error of any kind. */
export function refuse(exchange: Exchange, { context, model }: GatewayParts, error: unknown): Reply {
  if (!(error instanceof Refusal)) {
    context.log('apigateway.failed', { requestId: exchange.requestId, error: String((error as Error).stack ?? error) });
  }
  const refusal = error instanceof Refusal ? error : new Refusal('API_CONFIGURATION_ERROR');
  return refusalReply(exchange, refusal, model.gatewayResponses);
}

async function pass(exchange: Exchange, parts: GatewayParts): Promise<Reply> {
  const { context, model, authorizers, metering } = parts;
  exchange.since = context.clock.now();
  const match = model.match(exchange.httpMethod, exchange.path);
  if (!match) throw new Refusal('MISSING_AUTHENTICATION_TOKEN');
  const { method } = match;
  exchange.route = { resourcePath: match.resource.path, parameters: match.parameters, method };
  askResourcePolicy(exchange, context.region);
  const authorizer = method.authorizerId === undefined ? undefined : model.authorizer(method.authorizerId);
  if (method.authorizerId !== undefined && !authorizer) throw new Refusal('AUTHORIZER_CONFIGURATION_ERROR');
  if (authorizer) exchange.caller = await authorizers.authorize(exchange, authorizer);
  meter(exchange, metering);
  const missing = method.requiredParameters.filter(name => !parameterOf(exchange, name));
  if (missing.length > 0) {
    const names = missing.map(name => name.split('.').slice(3).join('.'));
    throw new Refusal('BAD_REQUEST_PARAMETERS', `Missing required request parameters: [${names.join(', ')}]`);
  }
  const { integration } = method;
  if (integration.kind === 'mock') return mock(exchange, integration);
  return integration.streams ? stream(exchange, integration, context) : integrate(exchange, integration, context);
}

function askResourcePolicy(exchange: Exchange, region: string): void {
  const { policy } = exchange.api;
  if (!policy) return;
  const resource = methodArn(exchange, region);
  const call = { action: 'execute-api:Invoke', resource, context: { 'aws:SourceIp': exchange.sourceIp } };
  const applying = policy.filter(statement => statementApplies(statement, call));
  if (applying.some(({ Effect }) => Effect === 'Deny') || applying.length === 0) throw new Refusal('ACCESS_DENIED');
}

async function integrate(exchange: Exchange, integration: LambdaIntegration, context: CloudContext): Promise<Reply> {
  const began = performance.now();
  const limit = timeLimit(exchange, context.clock, integration.timeoutMs);
  const invoked = context.ports.invokeFunction({
    ...invocation(exchange, integration, context),
    signal: limit.signal,
  });
  try {
    const { payload, functionError } = await limit.within(invoked);
    exchange.integrationStatus = 200;
    if (functionError) throw new Refusal('INTEGRATION_FAILURE');
    return proxyReply(exchange, payload);
  } catch (error) {
    throw refusalOf(error, exchange, integration, context);
  } finally {
    limit.cancel();
    exchange.integrationLatencyMs = Math.round(performance.now() - began);
  }
}

function invocation(exchange: Exchange, { functionArn }: LambdaIntegration, { region }: CloudContext) {
  return {
    functionArn,
    payload: proxyEvent(exchange),
    as: 'apigateway.amazonaws.com',
    sourceArn: methodArn(exchange, region, exchange.route?.resourcePath ?? ''),
    traceHeader: exchange.traceHeader,
  };
}

/** Between the metadata of a streamed response and its payload. */
const DELIMITER = Buffer.alloc(8);
/** The delimiter is to be found within this. */
const METADATA_BYTES = 16 * 1024;
/** A stream of a regional API that is silent for so long is ended. */
const IDLE_MS = 5 * 60_000;

/**
 * Answers as soon as the metadata are there; the payload follows as the function writes it and as the client reads it. A
 * client that is gone ends nothing: the function runs on, as in AWS.
 */
function stream(exchange: Exchange, integration: LambdaIntegration, context: CloudContext): Promise<Reply> {
  const began = performance.now();
  const head = Promise.withResolvers<Reply>();
  const body = new PassThrough();
  // Whoever sends it hears of its failure; before that, nobody has it.
  body.on('error', () => {});
  let metadata: Buffer | undefined = Buffer.alloc(0);
  const fail = (error: unknown): void => {
    const refusal = refusalOf(error, exchange, integration, context);
    head.reject(refusal);
    body.destroy(refusal);
  };
  const late = (): void => fail(new Refusal('INTEGRATION_TIMEOUT'));
  const limit = timeLimit(exchange, context.clock, integration.timeoutMs);
  limit.signal.addEventListener('abort', late, { once: true });
  let cancelIdle = context.clock.after(IDLE_MS, late);
  const take = (chunk: Uint8Array): Promise<void> => {
    cancelIdle();
    cancelIdle = context.clock.after(IDLE_MS, late);
    if (!metadata) return writeThrough(body, chunk);
    metadata = Buffer.concat([metadata, chunk]);
    const end = metadata.subarray(0, METADATA_BYTES).indexOf(DELIMITER);
    if (end === -1) {
      if (metadata.length < METADATA_BYTES) return Promise.resolve();
      throw new MalformedResponse(`no delimiter stands within the first ${METADATA_BYTES} bytes`);
    }
    const payload = metadata.subarray(end + DELIMITER.length);
    head.resolve({ ...streamedHead(metadata.toString('utf8', 0, end)), body });
    exchange.integrationStatus = 200;
    metadata = undefined;
    return payload.length === 0 ? Promise.resolve() : writeThrough(body, payload);
  };
  context.ports
    .invokeFunction({
      ...invocation(exchange, integration, context),
      signal: limit.signal,
      take: async chunk => {
        try {
          await take(chunk);
        } catch (error) {
          fail(error);
        }
      },
    })
    .then(({ functionError }) => {
      if (functionError) throw new Refusal('INTEGRATION_FAILURE');
      if (metadata) throw new MalformedResponse('no delimiter ends its metadata');
      body.end();
    })
    .catch(fail)
    .finally(() => {
      limit.cancel();
      cancelIdle();
      exchange.integrationLatencyMs = Math.round(performance.now() - began);
    });
  return head.promise;
}

function refusalOf(error: unknown, exchange: Exchange, integration: LambdaIntegration, context: CloudContext): Refusal {
  const noted = { requestId: exchange.requestId, functionArn: integration.functionArn };
  if (error instanceof MalformedResponse) context.log('apigateway.response.malformed', { ...noted, why: error.why });
  if (error instanceof Refusal) return error;
  if (error instanceof AwsError && error.status === 413) return new Refusal('REQUEST_TOO_LARGE');
  if (isOverload(error)) return new Refusal('THROTTLED');
  context.log('apigateway.integration.failed', { ...noted, error: String(error) });
  const configured = error instanceof AwsError && error.status < 429;
  return new Refusal(configured ? 'API_CONFIGURATION_ERROR' : 'INTEGRATION_FAILURE');
}

function mock(exchange: Exchange, { status, headers, body, contentType }: MockIntegration): Reply {
  const filled = Object.entries(headers).map(([name, value]) => [name, fill(value, exchange, '')] as const);
  const typed = body === '' ? [] : [['Content-Type', contentType] as const];
  return { status, headers: [...typed, ...filled], body: Buffer.from(fill(body, exchange, '')) };
}

// Reads what a function answered to a proxy event. Anything but AWS's shape is a bad gateway, as it is there.

/** The gateway speaks HTTP itself: these of the function go to the client under another name, or not at all. */
const REMAPPED = new Set(['content-length', 'date', 'server', 'www-authenticate', 'user-agent', 'host']);
const DROPPED = new Set(['connection', 'transfer-encoding', 'keep-alive', 'upgrade', 'trailer', 'te']);

/** `why` is for the log: the client is told nothing but "Internal server error". */
class MalformedResponse extends Refusal {
  readonly why: string;

  constructor(why: string) {
    super('INTEGRATION_FAILURE');
    this.why = why;
  }
}

/** Throws MalformedResponse. `payload` is JSON text. */
function proxyReply(exchange: Exchange, payload: string): Reply {
  const answer: unknown = JSON.parse(payload);
  if (!isRecord(answer)) throw new MalformedResponse('the answer is not an object');
  const status = Number(answer.statusCode);
  if (answer.statusCode === undefined || !Number.isInteger(status) || status < 200 || status > 599) {
    throw new MalformedResponse(`statusCode is ${JSON.stringify(answer.statusCode)}`);
  }
  const body = answer.body ?? '';
  if (typeof body !== 'string') throw new MalformedResponse('body is not text');
  const headers = headersOf(answer);
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type')) {
    headers.push(['Content-Type', 'application/json']);
  }
  return { status, headers, body: decode(exchange, body, answer.isBase64Encoded === true) };
}

/** Status and headers of a streamed response; throws MalformedResponse. Its length is the function's to say: nobody else knows it. */
function streamedHead(metadata: string): Pick<Reply, 'status' | 'headers'> {
  const answer: unknown = metadata === '' ? {} : parsed(metadata);
  if (!isRecord(answer)) throw new MalformedResponse('the metadata are not an object');
  const { statusCode = 200, cookies = [] } = answer;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new MalformedResponse(`statusCode is ${JSON.stringify(statusCode)}`);
  }
  const set = readHeaders({ 'set-cookie': cookies }, 'cookies', value => (Array.isArray(value) ? value : [value]));
  const headers = [...headersOf(answer, true), ...set];
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type')) {
    headers.push(['Content-Type', 'application/json']);
  }
  return { status, headers };
}

function parsed(metadata: string): unknown {
  try {
    return JSON.parse(metadata);
  } catch {
    throw new MalformedResponse('the metadata are not JSON');
  }
}

/** Text marked as base64 is decoded where the API's binary media types have what the client asks for first. */
function decode(exchange: Exchange, body: string, base64: boolean): Buffer {
  const wanted = headerOf(exchange, 'accept')?.split(',')[0];
  const decoded = base64 && isBinary(wanted, exchange.api.binaryMediaTypes);
  return Buffer.from(body, decoded ? 'base64' : 'utf8');
}

function headersOf(answer: Readonly<Record<string, unknown>>, streamed = false): [string, string][] {
  const single = readHeaders(answer.headers, 'headers', value => [value]);
  const multiple = readHeaders(answer.multiValueHeaders, 'multiValueHeaders', value => {
    if (!Array.isArray(value)) throw new MalformedResponse('multiValueHeaders has a value that is not a list');
    return value;
  });
  const named = new Set(multiple.map(([name]) => name.toLowerCase()));
  return [...single.filter(([name]) => !named.has(name.toLowerCase())), ...multiple]
    .filter(([name]) => !DROPPED.has(name.toLowerCase()))
    .map(([name, value]) => {
      const lower = name.toLowerCase();
      const own = streamed && lower === 'content-length';
      return [REMAPPED.has(lower) && !own ? `x-amzn-Remapped-${name}` : name, value];
    });
}

function readHeaders(
  headers: unknown,
  member: string,
  valuesOf: (value: unknown) => readonly unknown[],
): [string, string][] {
  if (headers === undefined || headers === null) return [];
  if (!isRecord(headers)) throw new MalformedResponse(`${member} is not an object`);
  return Object.entries(headers).flatMap(([name, value]) =>
    valuesOf(value).map((each): [string, string] => {
      if (typeof each === 'object' || each === undefined) throw new MalformedResponse(`the header ${name} is not text`);
      const text = String(each);
      refuseUnsendable(name, text);
      return [name, text];
    }),
  );
}

function refuseUnsendable(name: string, value: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    throw new MalformedResponse(`the header ${name} has characters that HTTP does not carry`);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
