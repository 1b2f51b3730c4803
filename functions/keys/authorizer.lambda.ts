import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { setting } from '../platform/runtime.ts';
import { hashKey, isWellFormed } from './api-key.ts';
import { type Decision, decide, NO_KEY, UNKNOWN_KEY } from './authorization.ts';
import { findKey } from './keys-store.ts';

const CORE_TABLE = setting('CORE_TABLE');

/**
 * API Gateway's authorizer: admits the caller's key for the whole stage, hands on who it is, and names the account's
 * hidden gateway key, which the usage plan counts. A refusal carries its words to the gateway response.
 */
export async function handler(event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const presented = presentedKey(event.headers ?? {});
  const keyHash = presented === undefined ? '' : hashKey(presented);
  const decision = await weigh(presented, keyHash);
  if (decision.kind === 'refused') {
    const { errCode, errMsg, errKind } = decision;
    const context = { errCode, errMsg, errKind };
    return { principalId: 'refused', policyDocument: policy('Deny', event.methodArn), context };
  }
  const { key, account } = decision;
  return {
    principalId: account.accountId,
    policyDocument: policy('Allow', event.methodArn),
    context: {
      accountId: account.accountId,
      keyId: key.keyId,
      keyHash,
      plan: account.plan,
      permissions: key.permissions.join(' '),
    },
    usageIdentifierKey: account.gatewayKeyValue,
  };
}

async function weigh(presented: string | undefined, keyHash: string): Promise<Decision> {
  if (presented === undefined) return NO_KEY;
  // A mistyped key is refused without a look-up.
  if (!isWellFormed(presented)) return UNKNOWN_KEY;
  const { key, account } = await findKey(CORE_TABLE, keyHash);
  return decide(key, account);
}

/** `API-KEY: <key>` as PixVerse clients send it, or `Authorization: Bearer <key>`. */
function presentedKey(headers: Readonly<Record<string, string | undefined>>): string | undefined {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value?.trim()]));
  return byName.get('api-key') || /^Bearer\s+(\S+)$/i.exec(byName.get('authorization') ?? '')?.[1] || undefined;
}

/** For the whole stage: a policy for one method would be wrong for the next, should the answer ever be cached. */
function policy(effect: 'Allow' | 'Deny', methodArn: string): APIGatewayAuthorizerResult['policyDocument'] {
  const [api = '', stage = ''] = methodArn.split('/');
  return {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: `${api}/${stage}/*` }],
  };
}
