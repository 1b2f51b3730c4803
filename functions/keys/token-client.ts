/** Verifies access tokens of the two user pools by their published keys, which are fetched once and kept. */
import { createRemoteJWKSet, decodeJwt, errors, jwtVerify } from 'jose';
import { ROLES, type Role } from '../catalogue/permissions.ts';
import { logger } from '../runtime/runtime.ts';
import type { Identity } from './authorization.ts';

export interface Issuer {
  /** The pool's provider URL, as `iss` says it. */
  readonly url: string;
  readonly clientId: string;
  /** Staff have the roles of their groups; everybody else is a developer. */
  readonly staff: boolean;
}

export type VerifyToken = (token: string) => Promise<Identity | undefined>;

/**
 * A verifier for these issuers; it returns undefined for whatever is not an unexpired access token of one of them, and
 * throws where a pool's keys cannot be fetched.
 */
export function tokenVerifier(issuers: readonly Issuer[]): VerifyToken {
  const verifiers = new Map(issuers.map(issuer => [issuer.url, verifierOf(issuer)]));
  return async token => verifiers.get(issuerOf(token))?.(token);
}

function verifierOf({ url, clientId, staff }: Issuer): VerifyToken {
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
        signedInAt: Number(payload.auth_time ?? 0) * 1000,
      };
    } catch (error) {
      // What is wrong with the token is the caller's; that the pool cannot be reached is ours, and no 401.
      if (!(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout) throw error;
      logger.debug('token not verified', { issuer: url, reason: error.code });
      return undefined;
    }
  };
}

/** `developer` is no group of the staff pool: nobody becomes a customer by working here. */
function rolesAmong(groups: readonly unknown[]): Role[] {
  return ROLES.filter(role => role !== 'developer' && groups.includes(role));
}

/** Whom a token says it is from, unverified: only that pool's keys are fetched. */
function issuerOf(token: string): string {
  try {
    return decodeJwt(token).iss ?? '';
  } catch {
    return '';
  }
}
