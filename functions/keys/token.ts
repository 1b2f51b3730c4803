/** Verifies access tokens of the two user pools by their published keys, which are fetched once and kept. */
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { ROLES, type Role } from '../platform/route.ts';
import { logger } from '../platform/runtime.ts';
import type { Identity } from './authorization.ts';

export interface Issuer {
  /** The pool's provider URL, as `iss` says it. */
  readonly url: string;
  readonly clientId: string;
  /** Staff have the roles of their groups; everybody else is a developer. */
  readonly staff: boolean;
}

type Verify = (token: string) => Promise<Identity | undefined>;

/** A verifier for these issuers; it answers undefined for whatever is not an unexpired access token of one of them. */
export function tokenVerifier(issuers: readonly Issuer[]): Verify {
  const verifiers = issuers.map(issuer => verifierOf(issuer));
  return async token => {
    for (const verify of verifiers) {
      const identity = await verify(token);
      if (identity) return identity;
    }
    return undefined;
  };
}

function verifierOf({ url, clientId, staff }: Issuer): Verify {
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;
  return async token => {
    try {
      keys ??= createRemoteJWKSet(new URL(`${url}/.well-known/jwks.json`));
      const { payload } = await jwtVerify(token, keys, { issuer: url, algorithms: ['RS256'], requiredClaims: ['exp'] });
      if (payload.token_use !== 'access' || payload.client_id !== clientId || !payload.sub) return undefined;
      const groups = Array.isArray(payload['cognito:groups']) ? payload['cognito:groups'] : [];
      return {
        personId: `${staff ? 'staff' : 'user'}_${payload.sub}`,
        roles: staff ? rolesAmong(groups) : ['developer'],
        issuedAt: (payload.iat ?? 0) * 1000,
      };
    } catch (error) {
      logger.debug('token not verified', { issuer: url, reason: (error as Error).message });
      return undefined;
    }
  };
}

/** `developer` is no group of the staff pool: nobody becomes a customer by working here. */
function rolesAmong(groups: readonly unknown[]): Role[] {
  return ROLES.filter(role => role !== 'developer' && groups.includes(role));
}
