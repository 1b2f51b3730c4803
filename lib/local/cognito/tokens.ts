/**
 * Tokens, as Cognito writes them. A sign-in is one row: its refresh token (as a hash) and the scopes; access and id
 * tokens name it as `origin_jti`. When the row goes (sign-out, deletion), the refresh token is dead, and Cognito's own
 * operations take its access tokens no more; who verifies by the JWKS alone takes them until they expire, as on AWS.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  randomUUID,
  sign,
  verify,
} from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import type { Client, Pool, Pools } from './pools.ts';
import { refusal } from './refusal.ts';
import type { Memberships, User, Users } from './users.ts';

/** The scope of a sign-in by the API rather than by the page. */
export const API_SCOPE = 'aws.cognito.signin.user.admin';

export interface IssuedTokens {
  readonly accessToken: string;
  readonly idToken: string;
  /** Seconds of the access token. */
  readonly expiresIn: number;
  readonly scope: string;
}

interface SignIn {
  readonly id: string;
  readonly pool: string;
  readonly client: string;
  readonly sub: string;
  readonly scope: string;
  readonly auth_time: number;
  readonly expires: number;
}

interface Parts {
  readonly database: DatabaseSync;
  readonly clock: Clock;
  readonly pools: Pools;
  readonly users: Users;
  readonly memberships: Memberships;
  readonly keys: SigningKeys;
}

export class Tokens {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The tokens of a new sign-in. `more` are claims of the id token, such as the nonce. */
  issue(
    client: Client,
    user: User,
    { scope = API_SCOPE, ...more }: { scope?: string; nonce?: string | undefined } = {},
  ): IssuedTokens & { refreshToken: string } {
    const { database, clock } = this.#parts;
    const refreshToken = randomBytes(64).toString('base64url');
    const now = clock.now();
    const expires = now + client.refreshTokenSeconds * 1000;
    const signIn = {
      id: randomUUID(),
      pool: user.pool,
      client: client.id,
      sub: user.sub,
      scope,
      auth_time: now,
      expires,
    };
    database.prepare('DELETE FROM cognito_sign_ins WHERE expires <= ?').run(now);
    database
      .prepare('INSERT INTO cognito_sign_ins VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(signIn.id, signIn.pool, client.id, user.sub, hashOf(refreshToken), scope, now, expires);
    return { ...this.#sign(client, user, signIn, now, more), refreshToken };
  }

  /** New tokens of the same sign-in; throws NotAuthorizedException. */
  refresh(client: Client, refreshToken: string): IssuedTokens & { user: User } {
    const { database, clock, pools, users } = this.#parts;
    const row = database.prepare('SELECT * FROM cognito_sign_ins WHERE refresh_hash = ?').get(hashOf(refreshToken));
    const signIn = row as unknown as SignIn | undefined;
    if (!signIn || signIn.client !== client.id) throw refusal('NotAuthorizedException', 'Invalid Refresh Token');
    const now = clock.now();
    if (signIn.expires <= now) throw refusal('NotAuthorizedException', 'Refresh Token has expired');
    const user = users.get(pools.pool(signIn.pool), signIn.sub);
    if (!user.enabled) throw refusal('NotAuthorizedException', 'User is disabled.');
    return { ...this.#sign(client, user, signIn, now), user };
  }

  /** Whose living access token this is; throws NotAuthorizedException. */
  holder(accessToken: string): { pool: Pool; client: Client; user: User; claims: Claims } {
    const { clock, database, pools, users, keys } = this.#parts;
    const invalid = refusal('NotAuthorizedException', 'Invalid Access Token');
    const pool = pools.find(String(unverifiedClaims(accessToken).iss).split('/').at(-1) ?? '');
    if (!pool) throw invalid;
    const claims = verifiedClaims(accessToken, keys.of(pool.id));
    if (claims?.token_use !== 'access' || claims.iss !== pool.issuer) throw invalid;
    if (Number(claims.exp) * 1000 <= clock.now()) {
      throw refusal('NotAuthorizedException', 'Access Token has expired');
    }
    const signIn = database.prepare('SELECT 1 FROM cognito_sign_ins WHERE id = ?').get(String(claims.origin_jti));
    const user = users.find(pool, String(claims.sub));
    if (!signIn || !user) throw refusal('NotAuthorizedException', 'Access Token has been revoked');
    if (!user.enabled) throw refusal('NotAuthorizedException', 'User is disabled.');
    return { pool, client: pools.client(String(claims.client_id), pool.id), user, claims };
  }

  /** Ends every sign-in of the user. */
  revokeAll({ pool, sub }: User): void {
    this.#parts.database.prepare('DELETE FROM cognito_sign_ins WHERE pool = ? AND sub = ?').run(pool, sub);
  }

  /** Ends the sign-in of one refresh token, where it is the client's. */
  revoke(client: Client, refreshToken: string): void {
    this.#parts.database
      .prepare('DELETE FROM cognito_sign_ins WHERE refresh_hash = ? AND client = ?')
      .run(hashOf(refreshToken), client.id);
  }

  #sign(client: Client, user: User, signIn: SignIn, now: number, more: Claims = {}): IssuedTokens {
    const { pools, memberships, keys } = this.#parts;
    const pool = pools.pool(user.pool);
    const key = keys.of(pool.id);
    const iat = Math.floor(now / 1000);
    const groups = memberships.groupsOf(pool, user.sub).map(({ name }) => name);
    const shared = {
      sub: user.sub,
      ...(groups.length > 0 ? { 'cognito:groups': groups } : {}),
      iss: pool.issuer,
      origin_jti: signIn.id,
      event_id: randomUUID(),
      auth_time: Math.floor(signIn.auth_time / 1000),
      iat,
    };
    const access = {
      ...shared,
      client_id: client.id,
      token_use: 'access',
      scope: signIn.scope,
      exp: iat + client.accessTokenSeconds,
      jti: randomUUID(),
      username: user.username,
    };
    const id = {
      ...shared,
      ...idAttributes(user),
      'cognito:username': user.username,
      aud: client.id,
      token_use: 'id',
      exp: iat + client.idTokenSeconds,
      jti: randomUUID(),
      ...more,
    };
    return {
      accessToken: signJwt(access, key),
      idToken: signJwt(id, key),
      expiresIn: client.accessTokenSeconds,
      scope: signIn.scope,
    };
  }
}

/** Two claims are booleans, and one is a list; every other attribute is text. */
function idAttributes({ attributes }: User): Claims {
  const flags = ['email_verified', 'phone_number_verified'];
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      if (name === 'identities') return [name, JSON.parse(value)];
      return [name, flags.includes(name) ? value === 'true' : value];
    }),
  );
}

function hashOf(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('hex');
}

// JSON Web Tokens signed with RS256, as Cognito's are.

type Claims = Readonly<Record<string, unknown>>;

function signJwt(claims: Claims, { kid, privateKey }: SigningKey): string {
  const signed = `${encode({ kid, alg: 'RS256' })}.${encode(claims)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

/** The claims of a token that this key signed, whatever they say; undefined of any other text. */
function verifiedClaims(token: string, { publicKey }: SigningKey): Claims | undefined {
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  if (more.length > 0) return undefined;
  const data = Buffer.from(`${header}.${payload}`);
  if (!verify('RSA-SHA256', data, publicKey, Buffer.from(signature, 'base64url'))) return undefined;
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
}

/** What a token says of itself, to find the key that it should be verified with. */
function unverifiedClaims(token: string): Claims {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? (claims as Claims) : {};
  } catch {
    return {};
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

// One RSA key for each pool, made when it is first needed and kept. Its public half is what the JWKS shows.

interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export class SigningKeys {
  readonly #database: DatabaseSync;
  readonly #keys = new Map<string, SigningKey>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  of(poolId: string): SigningKey {
    const known = this.#keys.get(poolId);
    if (known) return known;
    const { kid, private_key: pem } = this.#stored(poolId) ?? this.#make(poolId);
    const privateKey = createPrivateKey(pem);
    const key = { kid, privateKey, publicKey: createPublicKey(privateKey) };
    this.#keys.set(poolId, key);
    return key;
  }

  jwks(poolId: string): { keys: object[] } {
    const { kid, publicKey } = this.of(poolId);
    return { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }] };
  }

  #stored(poolId: string): { kid: string; private_key: string } | undefined {
    return this.#database.prepare('SELECT kid, private_key FROM cognito_keys WHERE pool = ?').get(poolId) as
      | { kid: string; private_key: string }
      | undefined;
  }

  #make(poolId: string): { kid: string; private_key: string } {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const made = { kid: randomUUID(), private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
    this.#database.prepare('INSERT INTO cognito_keys VALUES (?, ?, ?)').run(poolId, made.kid, made.private_key);
    return made;
  }
}
