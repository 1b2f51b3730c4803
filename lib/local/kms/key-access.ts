/** Which key a call means, and whether its caller may do that with it now. */
import { names } from '../iam.ts';
import { statementApplies } from '../policy-statement.ts';
import type { Call } from '../protocols/operation.ts';
import { AwsError, denyAccess } from '../service.ts';
import { type Key, type KeyStore, rootOf, statementsOf } from './key-store.ts';

export type KmsCall = Call<KeyStore>;

/** The key of an id, an ARN, or an alias by name or ARN; throws NotFoundException. */
export function keyOf(store: KeyStore, given: string): Key {
  const prefix = store.aliasArn('');
  const isOther = given.startsWith('arn:') && !given.startsWith(prefix);
  if (isOther) throw new AwsError('NotFoundException', `Invalid arn ${given.split(':')[3] ?? ''}`);
  const name = given.startsWith(prefix) ? given.slice(prefix.length) : given;
  if (name.startsWith('alias/')) {
    const alias = store.alias(name);
    const key = alias && store.key(alias.key_id);
    if (!key) throw noAlias(store, name);
    return key;
  }
  const id = given.startsWith(prefix) ? name.replace(/^key\//, '') : given;
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) {
    throw new AwsError('NotFoundException', `Invalid keyId '${given}'`);
  }
  const key = store.key(id);
  if (!key) throw new AwsError('NotFoundException', `Key '${store.arnOf(id)}' does not exist`);
  return key;
}

export function noAlias(store: KeyStore, name: string): AwsError {
  return new AwsError('NotFoundException', `Alias ${store.aliasArn(name)} is not found.`);
}

/**
 * The key, where the caller may do this with it. A key's policy decides of it first: the caller's own policies count only
 * where it leaves the matter to the account, by naming its root.
 */
export function allowed(
  { state: store, request, authorize }: KmsCall,
  operationName: string,
  { KeyId }: { readonly KeyId: string },
  more: Readonly<Record<string, string>> = {},
): Key {
  const key = keyOf(store, KeyId);
  const [action, resource] = [`kms:${operationName}`, store.arnOf(key.id)];
  const alias = KeyId.includes('alias/') ? { 'kms:RequestAlias': KeyId.slice(KeyId.indexOf('alias/')) } : {};
  const context = {
    'kms:CallerAccount': store.account,
    'kms:KeySpec': key.spec,
    'kms:KeyUsage': 'SIGN_VERIFY',
    ...alias,
    ...more,
  };
  const { principal = '' } = request;
  const root = rootOf(store.account);
  const lets = (statementsOf(key.policy) ?? []).some(
    statement =>
      statement.Effect === 'Allow' &&
      (names(statement, principal) || names(statement, root) || names(statement, store.account)) &&
      statementApplies(statement, { action, resource, context }),
  );
  if (!lets) denyAccess(principal, action, resource);
  authorize(action, resource, context);
  return key;
}

/** What changes an alias needs the permission on the alias and on its key. */
export function allowedOnBoth(
  call: KmsCall,
  operationName: string,
  alias: string,
  key: { readonly KeyId: string },
): Key {
  call.authorize(`kms:${operationName}`, call.state.aliasArn(alias));
  return allowed(call, operationName, key);
}

export function notPending(store: KeyStore, key: Key): Key {
  if (key.state !== 'PendingDeletion') return key;
  throw new AwsError('KMSInvalidStateException', `${store.arnOf(key.id)} is pending deletion.`);
}

export function usable(store: KeyStore, key: Key): Key {
  if (notPending(store, key).state === 'Enabled') return key;
  throw new AwsError('DisabledException', `${store.arnOf(key.id)} is disabled.`);
}
