import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { withSupport } from '../catalogue/support.ts';
import { contextOf } from '../http/caller.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { authorize } from './authorize-command.ts';
import { tokenVerifier } from './token-client.ts';

const SUPPORT_ADDRESS = setting('SUPPORT');
const DEPENDENCIES = {
  coreTable: setting('CORE_TABLE'),
  auditTable: setting('AUDIT_TABLE'),
  verifyToken: tokenVerifier(JSON.parse(setting('TOKEN_ISSUERS'))),
  now,
  random,
};

/**
 * API Gateway's authorizer: accepts the caller's key or token for the whole stage, hands on who it is, and names the
 * account's API Gateway key, which the usage plan counts. A refusal carries its message to the gateway response.
 */
export async function handler(event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const result = await authorize(DEPENDENCIES, {
    headers: event.headers ?? {},
    address: event.requestContext.identity?.sourceIp ?? '',
    method: event.httpMethod,
    route: event.resource,
    requestId: event.requestContext.requestId,
  });
  if (result.kind === 'refused') {
    const { errCode, errKind } = result;
    const context = { errCode, errMsg: withSupport(result.errMsg, SUPPORT_ADDRESS), errKind };
    return { principalId: 'refused', policyDocument: policy('Deny', event.methodArn), context };
  }
  const { principal, gatewayKey, noUsagePlan } = result;
  return {
    principalId: principal.accountId || principal.id,
    policyDocument: policy('Allow', event.methodArn),
    context: {
      ...contextOf(principal),
      ...(noUsagePlan !== undefined && { noUsagePlan: withSupport(noUsagePlan, SUPPORT_ADDRESS) }),
    },
    ...(gatewayKey !== undefined && { usageIdentifierKey: gatewayKey }),
  };
}

/** For the whole stage: a policy for one method would be wrong for the next, should the response ever be cached. */
function policy(effect: 'Allow' | 'Deny', methodArn: string): APIGatewayAuthorizerResult['policyDocument'] {
  const [api = '', stage = ''] = methodArn.split('/');
  return {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: `${api}/${stage}/*` }],
  };
}
