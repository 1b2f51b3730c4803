import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { findPerson } from '../accounts/accounts-store.ts';
import { recordRefusal } from '../audit/record-call-command.ts';
import { describeStatus } from '../http/access.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { hashKey, isWellFormed } from './api-key.ts';
import {
  BAD_TOKEN,
  type Decision,
  decideKey,
  decidePerson,
  NO_KEY,
  type Refused,
  UNKNOWN_KEY,
} from './authorization.ts';
import { isSpendLimited, type StoredKey } from './key.ts';
import { findKey } from './keys-store.ts';
import { tokenVerifier } from './token.ts';

const CORE_TABLE = setting('CORE_TABLE');
const AUDIT_TABLE = setting('AUDIT_TABLE');
const verifyToken = tokenVerifier(JSON.parse(setting('TOKEN_ISSUERS')));

/**
 * API Gateway's authorizer: admits the caller's key or token for the whole stage, hands on who it is, and names the
 * account's hidden gateway key, which the usage plan counts. A refusal carries its words to the gateway response.
 */
export async function handler(event: APIGatewayRequestAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const presented = presentedCredential(event.headers ?? {});
  const { decision, known } = await weigh(presented, event.requestContext.identity?.sourceIp ?? '');
  if (decision.kind === 'refused') {
    if (known) await recordRefused(known, decision, event);
    const { errCode, errMsg, errKind } = decision;
    const context = { errCode, errMsg, errKind };
    return { principalId: 'refused', policyDocument: policy('Deny', event.methodArn), context };
  }
  const { account } = decision;
  return {
    principalId: account?.accountId ?? credentialOf(decision, presented).keyId,
    policyDocument: policy('Allow', event.methodArn),
    context: {
      ...credentialOf(decision, presented),
      ...(account && { accountId: account.accountId, plan: account.plan, status: account.status }),
      ...planless(decision),
    },
    ...(account?.gatewayKeyValue && { usageIdentifierKey: account.gatewayKeyValue }),
  };
}

/** What API Gateway answers where it wants a usage plan and the account is in none: before its approval, or where there is no account. */
function planless({ account, ...decision }: Exclude<Decision, { kind: 'refused' }>): { planless?: string } {
  if (account?.gatewayKeyValue) return {};
  const isStaff = decision.kind === 'person' && !decision.identity.roles.includes('developer');
  if (isStaff && !account) return { planless: 'it is for accounts, and staff have none' };
  return { planless: describeStatus(account?.status ?? '') };
}

interface Weighed {
  readonly decision: Decision;
  /** The key that was presented, where it is one of ours. */
  readonly known?: StoredKey;
}

async function weigh(presented: string | undefined, address: string): Promise<Weighed> {
  if (presented === undefined) return { decision: NO_KEY };
  if (isToken(presented)) {
    const identity = await verifyToken(presented);
    if (!identity) return { decision: BAD_TOKEN };
    const { person, account } = await findPerson(CORE_TABLE, identity.personId);
    return { decision: decidePerson(identity, person, account) };
  }
  // A mistyped key is refused without a look-up.
  if (!isWellFormed(presented)) return { decision: UNKNOWN_KEY };
  const { key, account } = await findKey(CORE_TABLE, hashKey(presented));
  return { decision: decideKey(key, account, { address, now: now() }), ...(key && { known: key }) };
}

/** A call with a key that opens nothing any more is in the account's audit trail: its owner should know. */
async function recordRefused(
  { keyId, accountId }: StoredKey,
  { errKind }: Refused,
  { headers, requestContext, httpMethod, resource }: APIGatewayRequestAuthorizerEvent,
): Promise<void> {
  const client = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === 'user-agent')?.[1];
  const address = requestContext.identity?.sourceIp;
  await recordRefusal(
    { auditTable: AUDIT_TABLE, now, random },
    { kind: 'key', id: keyId, ...(address && { address }), ...(client && { client }) },
    { accountId, action: 'call.refused', subject: `${httpMethod} ${resource}`, reason: errKind },
  );
}

/** What handlers are told of a key or a person: text and numbers, which is all that the gateway carries. */
function credentialOf(decision: Exclude<Decision, { kind: 'refused' }>, presented = '') {
  if (decision.kind === 'person') {
    const { personId, roles } = decision.identity;
    return { kind: 'person', keyId: personId, roles: roles.join(' ') };
  }
  const { keyId, permissions, functions = [], models = [], revision = 0, spendsFrom = '' } = decision.key;
  return {
    ...{
      kind: 'key',
      keyId,
      keyHash: hashKey(presented),
      keyRevision: revision,
      spendLimited: isSpendLimited(decision.key),
      spendsFrom,
    },
    ...{ permissions: permissions.join(' '), functions: functions.join(' '), models: models.join(' ') },
  };
}

/** A JSON Web Token has three parts. */
function isToken(presented: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(presented);
}

/** `API-KEY: <key>` as PixVerse clients send it, or `Authorization: Bearer <key or token>`. */
function presentedCredential(headers: Readonly<Record<string, string | undefined>>): string | undefined {
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
