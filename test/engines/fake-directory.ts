/** An OpenID provider that lies where a test asks it to: every code is good, and its id tokens say what they are told. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export interface FakeDirectory {
  readonly issuer: string;
  /** The claims of the next id tokens, besides or instead of the right ones. */
  lie: JWTPayload;
  /** Of whom its userinfo speaks. */
  userinfoSub: string;
  /** Whether tokens are signed by a key that it does not publish. */
  strangeKey: boolean;
  stop(): Promise<void>;
}

export const DIRECTORY_CLIENT = 'the-client';

/** Its authorization endpoint answers nothing: the tests play the browser, and bring the nonce of the request along. */
export async function startFakeDirectory(nonce: () => string): Promise<FakeDirectory> {
  const own = await generateKeyPair('RS256');
  const strange = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  const server = createServer(async (request, response) => {
    const answers: Record<string, () => unknown> = {
      '/.well-known/openid-configuration': () => ({
        authorization_endpoint: `${directory.issuer}/authorize`,
        token_endpoint: `${directory.issuer}/token`,
        jwks_uri: `${directory.issuer}/jwks`,
        userinfo_endpoint: `${directory.issuer}/userinfo`,
        token_endpoint_auth_methods_supported: ['client_secret_post'],
      }),
      '/jwks': () => ({ keys: [jwk] }),
      '/userinfo': () => ({ sub: directory.userinfoSub, email: 'ann@example.com' }),
      '/token': async () => ({ access_token: 'a', id_token: await idToken() }),
    };
    const answer = answers[request.url ?? ''];
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(await answer?.()));
  });
  const idToken = () =>
    new SignJWT({
      iss: directory.issuer,
      aud: DIRECTORY_CLIENT,
      sub: 'ann',
      nonce: nonce(),
      iat: Math.floor(Date.now() / 1000),
      exp: Math.floor(Date.now() / 1000) + 60,
      ...directory.lie,
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .sign(directory.strangeKey ? strange.privateKey : own.privateKey);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const directory: FakeDirectory = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lie: {},
    userinfoSub: 'ann',
    strangeKey: false,
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
  return directory;
}
