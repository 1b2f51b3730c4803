/**
 * The way of a request, in AWS's order: resource, resource policy, authorizer, usage plan, stage throttle, required
 * parameters, integration. A step that refuses throws; nothing after it runs.
 */
import { statementApplies } from '../policy.ts';
import { AwsError, type CloudContext } from '../service.ts';
import type { LambdaIntegration, MockIntegration } from './api.ts';
import type { ApiModel } from './api-model.ts';
import type { Authorizers } from './authorizer.ts';
import { fill } from './context-variables.ts';
import { type Exchange, methodArn, parameterOf } from './exchange.ts';
import { Refusal, refusalReply } from './gateway-response.ts';
import { type MeteringParts, meter } from './metering.ts';
import { proxyEvent } from './proxy-event.ts';
import { MalformedResponse, proxyReply } from './proxy-response.ts';
import type { Reply } from './reply.ts';

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
  const match = model.match(exchange.httpMethod, exchange.path);
  if (!match) throw new Refusal('MISSING_AUTHENTICATION_TOKEN');
  const { method } = match;
  exchange.route = { resourcePath: match.resource.path, parameters: match.parameters, method };
  askResourcePolicy(exchange, context.region);
  const authorizer = method.authorizerId === undefined ? undefined : model.authorizers.get(method.authorizerId);
  if (method.authorizerId !== undefined && !authorizer) throw new Refusal('AUTHORIZER_CONFIGURATION_ERROR');
  if (authorizer) exchange.caller = await authorizers.authorize(exchange, authorizer);
  meter(exchange, metering);
  const missing = method.requiredParameters.filter(name => !parameterOf(exchange, name));
  if (missing.length > 0) {
    const names = missing.map(name => name.split('.').slice(3).join('.'));
    throw new Refusal('BAD_REQUEST_PARAMETERS', `Missing required request parameters: [${names.join(', ')}]`);
  }
  const { integration } = method;
  return integration.kind === 'mock' ? mock(exchange, integration) : integrate(exchange, integration, context);
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
  const { resourcePath = '' } = exchange.route ?? {};
  const invoked = context.ports.invokeFunction({
    functionArn: integration.functionArn,
    payload: proxyEvent(exchange),
    as: 'apigateway.amazonaws.com',
    sourceArn: methodArn(exchange, context.region, resourcePath),
    traceHeader: exchange.traceHeader,
  });
  const { promise: late, reject } = Promise.withResolvers<never>();
  const cancel = context.clock.after(integration.timeoutMs, () => reject(new Refusal('INTEGRATION_TIMEOUT')));
  try {
    const { payload, functionError } = await Promise.race([invoked, late]);
    exchange.integrationStatus = 200;
    if (functionError) throw new Refusal('INTEGRATION_FAILURE');
    return proxyReply(exchange, payload);
  } catch (error) {
    throw refusalOf(error, exchange, integration, context);
  } finally {
    cancel();
    exchange.integrationLatencyMs = Math.round(performance.now() - began);
  }
}

function refusalOf(error: unknown, exchange: Exchange, integration: LambdaIntegration, context: CloudContext): Refusal {
  const noted = { requestId: exchange.requestId, functionArn: integration.functionArn };
  if (error instanceof MalformedResponse) context.log('apigateway.response.malformed', { ...noted, why: error.why });
  if (error instanceof Refusal) return error;
  if (error instanceof AwsError && error.status === 413) return new Refusal('REQUEST_TOO_LARGE');
  context.log('apigateway.integration.failed', { ...noted, error: String(error) });
  const configured = error instanceof AwsError && error.status < 429;
  return new Refusal(configured ? 'API_CONFIGURATION_ERROR' : 'INTEGRATION_FAILURE');
}

function mock(exchange: Exchange, { status, headers, body, contentType }: MockIntegration): Reply {
  const filled = Object.entries(headers).map(([name, value]) => [name, fill(value, exchange, '')] as const);
  const typed = body === '' ? [] : [['Content-Type', contentType] as const];
  return { status, headers: [...typed, ...filled], body: Buffer.from(fill(body, exchange, '')) };
}
