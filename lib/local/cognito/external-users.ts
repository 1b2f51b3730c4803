/** Users whom another identity provider signs in: named after it, without a password, and with its word for who they are. */
import type { IdentityProvider, Pool } from './pool.ts';
import type { Cognito } from './state.ts';
import type { User } from './users.ts';

export type UpstreamClaims = Readonly<Record<string, unknown>>;

/** Makes the user at the first sign-in; later ones bring the attributes up to date. */
export function externalUser(
  { users, context }: Cognito,
  pool: Pool,
  provider: IdentityProvider,
  claims: UpstreamClaims,
): User {
  const id = text(claims[provider.attributeMapping.username ?? 'sub']);
  const username = `${provider.name}_${id}`;
  const mapped = Object.entries(provider.attributeMapping)
    .filter(([name, claim]) => name !== 'username' && claims[claim] !== undefined)
    .map(([name, claim]) => [name, text(claims[claim])]);
  const attributes: Record<string, string> = Object.fromEntries(mapped);
  const known = users.find(pool, username);
  if (known) return users.change(pool, known.sub, { attributes: { ...known.attributes, ...attributes } });
  const identity = {
    ...{ userId: id, providerName: provider.name, providerType: 'OIDC', issuer: null, primary: 'true' },
    dateCreated: String(context.clock.now()),
  };
  const identities = JSON.stringify([identity]);
  return users.create(pool, username, { status: 'EXTERNAL_PROVIDER', attributes: { ...attributes, identities } });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
