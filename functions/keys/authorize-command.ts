/** Finds out who calls: verifies the key or token that was presented, and records refused calls with a key of an account. */
import { findPerson } from '../accounts/accounts-store.ts';
import { type RecordDependencies, recordRefusal } from '../audit/record-call-command.ts';
import type { Principal } from '../http/caller.ts';
import { hashKey, isWellFormed } from './api-key.ts';
import {
  BAD_TOKEN,
  type Decision,
  decideKey,
  decidePerson,
  type Identity,
  NO_KEY,
  noUsagePlan,
  principalOf,
  type Refused,
  UNKNOWN_KEY,
} from './authorization.ts';
import type { StoredKey } from './key.ts';
import { findKey } from './keys-store.ts';

export interface AuthorizeDependencies extends RecordDependencies {
  readonly coreTable: string;
  /** Undefined for a token that is not valid. */
  readonly verifyToken: (token: string) => Promise<Identity | undefined>;
}

/** A call, as far as it is authorized. */
export interface IncomingCall {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly address: string;
  readonly method: string;
  /** As its contract writes it: `/v1/videos/{id}`. */
  readonly route: string;
  readonly requestId: string;
}

export interface Authorized {
  readonly kind: 'accepted';
  readonly principal: Principal;
  /** The account's API Gateway key, by which its usage plan counts. */
  readonly gatewayKey?: string;
  /** Where there is none: what is missing. */
  readonly noUsagePlan?: string;
}

export async function authorize(
  dependencies: AuthorizeDependencies,
  call: IncomingCall,
): Promise<Authorized | Refused> {
  const byName = new Map(Object.entries(call.headers).map(([name, value]) => [name.toLowerCase(), value?.trim()]));
  // `API-KEY: <key>` as PixVerse clients send it, or `Authorization: Bearer <key or token>`.
  const presented = byName.get('api-key') || /^Bearer\s+(\S+)$/i.exec(byName.get('authorization') ?? '')?.[1] || '';
  const { decision, key } = await authenticate(dependencies, presented, call.address);
  if (decision.kind === 'refused') {
    // A call with a key that is no longer accepted is in the account's audit trail: its owner should know.
    if (key) await recordRefused(dependencies, key, decision, call, byName.get('user-agent'));
    return decision;
  }
  const missing = noUsagePlan(decision);
  return {
    kind: 'accepted',
    principal: principalOf(decision, { keyHash: hashKey(presented), now: dependencies.now() }),
    ...(decision.account?.gatewayKeyValue && { gatewayKey: decision.account.gatewayKeyValue }),
    ...(missing !== undefined && { noUsagePlan: missing }),
  };
}

interface Authenticated {
  readonly decision: Decision;
  /** The key that was presented, where it is one of ours. */
  readonly key?: StoredKey;
}

async function authenticate(
  { coreTable, verifyToken, now }: AuthorizeDependencies,
  presented: string,
  address: string,
): Promise<Authenticated> {
  if (presented === '') return { decision: NO_KEY };
  if (isToken(presented)) {
    const identity = await verifyToken(presented);
    if (!identity) return { decision: BAD_TOKEN };
    const { person, account } = await findPerson(coreTable, identity.personId);
    return { decision: decidePerson(identity, person, account) };
  }
  // A mistyped key is refused without a look-up.
  if (!isWellFormed(presented)) return { decision: UNKNOWN_KEY };
  const { key, account } = await findKey(coreTable, hashKey(presented));
  return { decision: decideKey(key, account, { address, now: now() }), ...(key && { key }) };
}

/** A JSON Web Token has three parts. */
function isToken(presented: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(presented);
}

/** What API Gateway answers then. */
const REFUSED = { status: 401 } as const;

function recordRefused(
  dependencies: AuthorizeDependencies,
  { keyId, accountId }: StoredKey,
  { errKind }: Refused,
  { address, method, route, requestId }: IncomingCall,
  client: string | undefined,
): Promise<void> {
  return recordRefusal(
    dependencies,
    { kind: 'key', id: keyId, ...(address && { address }), ...(client && { client }) },
    { accountId, action: 'call.refused', subject: `${method} ${route}`, reason: errKind, requestId, detail: REFUSED },
  );
}
