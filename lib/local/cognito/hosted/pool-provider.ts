/**
 * The authorization-code flow of one pool, by the `oidc-provider` package: it checks the request, PKCE, the client and
 * the callback, and keeps codes and the pages' sessions. Whom it signs in is Cognito's to say, and the tokens are too.
 */
import { createHash } from 'node:crypto';
import type {
  Adapter,
  AdapterPayload,
  ClientMetadata,
  Configuration,
  Provider as OidcProvider,
  Provider,
} from 'oidc-provider';
import { AwsError } from '../../service.ts';
import type { Client, Pool } from '../pools.ts';
import type { Cognito } from '../state.ts';
import { API_SCOPE, type IssuedTokens } from '../tokens.ts';
import { errorPage, htmlHeaders } from './page.ts';

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

// What `oidc-provider` keeps of a pool: who is signed in at the pages, and codes on their way. Clients are the
// template's; access tokens are not kept, as those that callers get are Cognito's own.

function oidcAdapter({ context, pools }: Cognito, pool: Pool, model: string): Adapter {
  const { database } = context;
  const read = (row: Record<string, unknown> | undefined): AdapterPayload | undefined => {
    if (!row || (row.expires !== null && Number(row.expires) <= Date.now())) return undefined;
    return JSON.parse(String(row.payload)) as AdapterPayload;
  };
  const where = 'WHERE pool = ? AND model = ?';
  return {
    async find(id) {
      if (model === 'Client') return clientMetadata(pools.clientOf(pool, id));
      return read(database.prepare(`SELECT * FROM cognito_oidc ${where} AND id = ?`).get(pool.id, model, id));
    },
    async findByUid(uid) {
      return read(database.prepare(`SELECT * FROM cognito_oidc ${where} AND uid = ?`).get(pool.id, model, uid));
    },
    async findByUserCode() {
      return undefined;
    },
    async upsert(id, payload, expiresIn) {
      if (model === 'AccessToken') return;
      // The library's clock is the machine's.
      const expires = expiresIn === undefined ? null : Date.now() + expiresIn * 1000;
      database.prepare('DELETE FROM cognito_oidc WHERE expires <= ?').run(Date.now());
      database
        .prepare('INSERT OR REPLACE INTO cognito_oidc VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(pool.id, model, id, JSON.stringify(payload), payload.uid ?? null, payload.grantId ?? null, expires);
    },
    async consume(id) {
      const now = Math.floor(Date.now() / 1000);
      const sql = `UPDATE cognito_oidc SET payload = json_set(payload, '$.consumed', ?) ${where} AND id = ?`;
      database.prepare(sql).run(now, pool.id, model, id);
    },
    async destroy(id) {
      database.prepare(`DELETE FROM cognito_oidc ${where} AND id = ?`).run(pool.id, model, id);
    },
    async revokeByGrantId(grantId) {
      database.prepare('DELETE FROM cognito_oidc WHERE pool = ? AND grant_id = ?').run(pool.id, grantId);
    },
  };
}

function clientMetadata(client: Client | undefined): AdapterPayload | undefined {
  if (!client?.codeFlow) return undefined;
  const metadata: ClientMetadata = {
    client_id: client.id,
    ...(client.secret === undefined ? {} : { client_secret: client.secret }),
    token_endpoint_auth_method: client.secret === undefined ? 'none' : 'client_secret_basic',
    // Not native, whose loopback callbacks may have any port: Cognito compares the whole address, and so nobody else who
    // listens on this machine is sent a code.
    application_type: 'web',
    redirect_uris: [...client.callbackUrls],
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: client.scopes.join(' '),
  };
  return metadata as AdapterPayload;
}

// Puts Cognito's tokens where `oidc-provider` would answer its own, and renews them by Cognito's refresh tokens.

function answerWithCognitoTokens(cognito: Cognito, provider: Provider, { errors }: Library): void {
  provider.use(async (ctx, next) => {
    await next();
    const { AuthorizationCode: code, Client: client } = ctx.oidc?.entities ?? {};
    // Present only where the library has found the code good and is about to answer its tokens.
    if (ctx.oidc?.route !== 'token' || ctx.status !== 200 || !code?.accountId || !client) return;
    const appClient = cognito.pools.client(client.clientId);
    const user = cognito.users.get(cognito.pools.pool(appClient.poolId), code.accountId);
    const scope = code.scope ?? '';
    const { refreshToken, ...tokens } = cognito.tokens.issue(appClient, user, {
      scope,
      ...(code.nonce ? { nonce: code.nonce } : {}),
    });
    ctx.body = { ...answerOf(tokens), refresh_token: refreshToken };
  });
  provider.registerGrantType(
    'refresh_token',
    async ctx => {
      const client = cognito.pools.client(ctx.oidc.client?.clientId ?? '');
      ctx.body = answerOf(renew(cognito, client, String(ctx.oidc.params?.refresh_token ?? ''), errors));
    },
    ['refresh_token', 'scope'],
  );
}

function renew(cognito: Cognito, client: Client, token: string, errors: Library['errors']): IssuedTokens {
  try {
    return cognito.tokens.refresh(client, token);
  } catch (error) {
    if (error instanceof AwsError) throw new errors.InvalidGrant(error.message);
    throw error;
  }
}

function answerOf({ accessToken, idToken, expiresIn, scope }: IssuedTokens): Record<string, unknown> {
  const openid = scope.split(' ').includes('openid') ? { id_token: idToken } : {};
  return { access_token: accessToken, ...openid, token_type: 'Bearer', expires_in: expiresIn };
}
