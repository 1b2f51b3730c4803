/**
 * The authorization-code flow of one pool, by the `oidc-provider` package: it checks the request, PKCE, the client and
 * the callback, and keeps codes and the pages' sessions. Whom it signs in is Cognito's to say, and the tokens are too.
 */
import { createHash } from 'node:crypto';
import type { Configuration, Provider as OidcProvider } from 'oidc-provider';
import type { Pool } from '../pool.ts';
import type { Cognito } from '../state.ts';
import { API_SCOPE } from '../tokens.ts';
import { oidcAdapter } from './oidc-adapter.ts';
import { errorPage, htmlHeaders } from './page.ts';
import { answerWithCognitoTokens } from './token-answers.ts';

const HOUR_SECONDS = 3600;
/** How long the pages remember who signed in, as AWS's do. */
export const SESSION_SECONDS = HOUR_SECONDS;

type Library = typeof import('oidc-provider');

/** `library` is handed in: it is loaded when the first page is asked for, not at every start of the cloud. */
export function poolProvider(cognito: Cognito, pool: Pool, library: Library): OidcProvider {
  const provider = new library.Provider(pool.issuer, configuration(cognito, pool, library));
  answerWithCognitoTokens(cognito, provider, library);
  return provider;
}

function configuration(cognito: Cognito, pool: Pool, { interactionPolicy }: Library): Configuration {
  const { kid, privateKey } = cognito.keys.of(pool.id);
  const key = { ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
  const policy = interactionPolicy.base();
  policy.remove('consent');
  // A session whose user is gone or disabled since is no session.
  const gone = new interactionPolicy.Check(
    'account_gone',
    'the user cannot sign in any more',
    ctx => !ctx.oidc.account,
  );
  policy.get('login')?.checks.add(gone);
  const off = { enabled: false };
  return {
    adapter: model => oidcAdapter(cognito, pool, model),
    jwks: { keys: [key] },
    routes: { authorization: '/oauth2/authorize', token: '/oauth2/token' },
    features: { devInteractions: off, userinfo: off, rpInitiatedLogout: off, revocation: off },
    responseTypes: ['code'],
    scopes: ['openid', 'email', 'phone', 'profile', API_SCOPE],
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post'],
    clientBasedCORS: () => true,
    extraParams: ['identity_provider'],
    pkce: { required: () => false },
    issueRefreshToken: () => false,
    interactions: { policy, url: (_ctx, { uid }) => `${pool.issuer}/login/${uid}` },
    findAccount: (_ctx, sub) => {
      const user = cognito.users.find(pool, sub);
      return user?.enabled ? { accountId: user.sub, claims: () => ({ sub: user.sub }) } : undefined;
    },
    loadExistingGrant: async ctx => {
      const { client, account, params, provider } = ctx.oidc;
      if (!client || !account) return undefined;
      // The pool's own clients need nobody's consent: what the template lets them ask for is granted.
      const grant = new provider.Grant({ clientId: client.clientId, accountId: account.accountId });
      grant.addOIDCScope(String(params?.scope ?? ''));
      await grant.save();
      return grant;
    },
    cookies: cookies(pool, key),
    ttl: {
      AccessToken: HOUR_SECONDS,
      AuthorizationCode: 300,
      Grant: HOUR_SECONDS,
      IdToken: HOUR_SECONDS,
      Interaction: 1800,
      Session: SESSION_SECONDS,
    },
    renderError(ctx, { error, error_description: description }) {
      ctx.set(htmlHeaders());
      ctx.body = errorPage(`${error}${description ? `: ${description}` : ''}`);
    },
  };
}

/** Each pool's own: a browser sends a cookie to every port of the host. */
function cookies({ id, issuer }: Pool, key: object): NonNullable<Configuration['cookies']> {
  const name = (what: string): string => `cognito-${id}-${what}`;
  const secret = createHash('sha256').update(JSON.stringify(key)).digest('base64');
  return {
    keys: [secret],
    names: { session: name('session'), interaction: name('interaction'), resume: name('resume') },
    long: { httpOnly: true, sameSite: 'lax', path: new URL(issuer).pathname, signed: true },
    short: { httpOnly: true, sameSite: 'lax', signed: true },
  };
}
