/** Puts Cognito's tokens where `oidc-provider` would answer its own, and renews them by Cognito's refresh tokens. */
import type { Provider } from 'oidc-provider';
import { AwsError } from '../../service.ts';
import type { Client } from '../pool.ts';
import type { Cognito } from '../state.ts';
import type { IssuedTokens } from '../tokens.ts';

type Library = typeof import('oidc-provider');

export function answerWithCognitoTokens(cognito: Cognito, provider: Provider, { errors }: Library): void {
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
