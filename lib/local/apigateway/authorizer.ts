/**
 * REQUEST authorizers. What is kept between requests is the answer, by authorizer and identity sources; its policy is
 * evaluated anew for every method, as in AWS: an answer that allows one method alone refuses the next.
 */
import type { Clock } from '../clock.ts';
import { statementApplies } from '../policy-statement.ts';
import { AwsError, type PolicyStatement, type Ports } from '../service.ts';
import type { Authorizer } from './api.ts';
import { type Caller, type Exchange, methodArn, parameterOf } from './exchange.ts';
import { contextVariable, Refusal } from './gateway-response.ts';
import { authorizerEvent } from './proxy-event.ts';
import { isOverload, timeLimit } from './time-limit.ts';

const LARGEST_CACHE = 10_000;

interface Decision {
  readonly caller: Caller;
  readonly statements: readonly PolicyStatement[];
}

export interface AuthorizerHost {
  readonly region: string;
  readonly clock: Clock;
  readonly ports: Ports;
  log(event: string, fields?: Readonly<Record<string, unknown>>): void;
}

export class Authorizers {
  readonly #host: AuthorizerHost;
  readonly #cache = new Map<string, { readonly until: number; readonly decision: Decision }>();

  constructor(host: AuthorizerHost) {
    this.#host = host;
  }

  /** Who calls. Throws a Refusal unless the authorizer's policy allows this method. */
  async authorize(exchange: Exchange, authorizer: Authorizer): Promise<Caller> {
    const identity = authorizer.identitySources.map(source => identityOf(exchange, source));
    if (identity.some(value => !value)) throw new Refusal('UNAUTHORIZED');
    const decision = await this.#decide(exchange, authorizer, JSON.stringify([authorizer.id, ...identity]));
    // Noted before the policy is asked, so that a refusal's template can speak of it.
    exchange.caller = decision.caller;
    const call = { action: 'execute-api:Invoke', resource: methodArn(exchange, this.#host.region) };
    const applying = decision.statements.filter(statement => statementApplies(statement, call));
    if (applying.some(({ Effect }) => Effect === 'Deny')) {
      throw new Refusal('ACCESS_DENIED', 'User is not authorized to access this resource with an explicit deny');
    }
    if (applying.length === 0) throw new Refusal('ACCESS_DENIED');
    return decision.caller;
  }

  async #decide(exchange: Exchange, authorizer: Authorizer, key: string): Promise<Decision> {
    const now = this.#host.clock.now();
    const kept = this.#cache.get(key);
    if (kept && kept.until > now) return kept.decision;
    const decision = await this.#ask(exchange, authorizer);
    if (authorizer.ttlSeconds > 0) {
      this.#cache.delete(key);
      const [oldest] = this.#cache.keys();
      if (this.#cache.size >= LARGEST_CACHE && oldest !== undefined) this.#cache.delete(oldest);
      this.#cache.set(key, { until: now + authorizer.ttlSeconds * 1000, decision });
    }
    return decision;
  }

  async #ask(exchange: Exchange, { id, functionArn }: Authorizer): Promise<Decision> {
    const { region, ports, log, clock } = this.#host;
    const began = performance.now();
    const limit = timeLimit(exchange, clock);
    const call = {
      functionArn,
      payload: authorizerEvent(exchange, methodArn(exchange, region)),
      as: 'apigateway.amazonaws.com',
      sourceArn: `arn:aws:execute-api:${region}:${exchange.accountId}:${exchange.api.id}/authorizers/${id}`,
      traceHeader: exchange.traceHeader,
      signal: limit.signal,
    };
    const { payload, functionError } = await limit
      .within(ports.invokeFunction(call))
      .catch(error => {
        log('apigateway.authorizer.failed', { functionArn, error: String(error) });
        if (error instanceof Refusal) throw error;
        if (isOverload(error)) throw new Refusal('THROTTLED');
        throw new Refusal(denied(error) ? 'AUTHORIZER_CONFIGURATION_ERROR' : 'AUTHORIZER_FAILURE');
      })
      .finally(limit.cancel);
    if (functionError) {
      const { errorMessage } = JSON.parse(payload) as { errorMessage?: unknown };
      if (errorMessage === 'Unauthorized') throw new Refusal('UNAUTHORIZED');
      log('apigateway.authorizer.failed', { functionArn, error: errorMessage });
      throw new Refusal('AUTHORIZER_FAILURE');
    }
    const decision = readDecision(JSON.parse(payload), Math.round(performance.now() - began));
    if (typeof decision === 'string') {
      log('apigateway.authorizer.malformed', { functionArn, why: decision });
      throw new Refusal('AUTHORIZER_CONFIGURATION_ERROR');
    }
    return decision;
  }
}

function denied(error: unknown): boolean {
  return error instanceof AwsError && (error.status === 403 || error.status === 404);
}

function identityOf(exchange: Exchange, source: string): string | undefined {
  if (source.startsWith('context.')) return contextVariable(exchange, source.slice('context.'.length));
  if (source.startsWith('stageVariables.')) return exchange.stage.variables[source.slice('stageVariables.'.length)];
  return parameterOf(exchange, source);
}

/** The decision, or what is wrong with the answer. */
function readDecision(answer: unknown, latencyMs: number): Decision | string {
  if (typeof answer !== 'object' || answer === null) return 'the answer is not an object';
  const { principalId, policyDocument, context = {}, usageIdentifierKey } = answer as Record<string, unknown>;
  if (typeof principalId !== 'string') return 'principalId is not text';
  const statement = (policyDocument as { Statement?: PolicyStatement | PolicyStatement[] } | null | undefined)
    ?.Statement;
  if (!statement) return 'policyDocument has no Statement';
  const statements = [statement].flat();
  if (statements.some(({ Effect, Action, Resource }) => !/^(Allow|Deny)$/.test(Effect) || !Action || !Resource)) {
    return 'a statement lacks Effect, Action or Resource';
  }
  if (typeof context !== 'object' || context === null) return 'context is not an object';
  const entries = Object.entries(context);
  const nested = entries.find(([, value]) => typeof value === 'object' && value !== null);
  if (nested) return `context.${nested[0]} is not text, a number or a boolean`;
  if (usageIdentifierKey !== undefined && usageIdentifierKey !== null && typeof usageIdentifierKey !== 'string') {
    return 'usageIdentifierKey is not text';
  }
  const kept = entries.filter(([, value]) => value !== null).map(([name, value]) => [name, String(value)]);
  return {
    statements,
    caller: {
      principalId,
      context: Object.fromEntries(kept),
      usageIdentifierKey: usageIdentifierKey ?? undefined,
      latencyMs,
    },
  };
}
