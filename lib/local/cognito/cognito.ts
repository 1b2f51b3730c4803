/**
 * Cognito user pools. What always holds:
 * - Nobody is signed in by less than the pool asks for: where MFA is on, no token without a code of the authenticator.
 * - A code, a challenge session, a refresh token and a client's secret are known to their holder; passwords are scrypt.
 * - The pool's id, its keys, its users and who is signed in are the same after a restart, however the last run ended.
 * - Tokens of the API and of the sign-in pages come from one place (tokens.ts) and look the same.
 */
import type { DatabaseSync } from 'node:sqlite';
import { jsonService } from '../protocols/json.ts';
import { wordsFor } from '../protocols/operation.ts';
import type { CloudContext, Engine } from '../service.ts';
import { Challenges, Codes } from './challenges.ts';
import { Federations } from './federations.ts';
import { hostedPages } from './hosted/hosted-pages.ts';
import { IssuerServer } from './issuer-server.ts';
import { ADMIN_OPERATIONS } from './operations/admin-operations.ts';
import { OWN_USER_OPERATIONS } from './operations/own-user-operations.ts';
import { SIGN_IN_OPERATIONS, SIGN_UP_OPERATIONS } from './operations/sign-in-operations.ts';
import { Pools } from './pools.ts';
import { refusal } from './refusal.ts';
import { clientResource } from './resources/client-resource.ts';
import { domainResource, groupResource, identityProviderResource, poolResource } from './resources/pool-resource.ts';
import { type Cognito, createMail } from './state.ts';
import { SigningKeys, Tokens } from './tokens.ts';
import { Memberships, Users } from './users.ts';

const OPERATIONS = {
  ...SIGN_UP_OPERATIONS,
  ...SIGN_IN_OPERATIONS,
  ...OWN_USER_OPERATIONS,
  ...ADMIN_OPERATIONS,
};

interface CognitoEngine extends Engine {
  /** `http://127.0.0.1:<port>`; each pool's issuer is `<url>/<pool id>`. */
  readonly url: string;
}

/** Listens at once, as identities of resources name the port; `port` 0 takes a free one. */
export async function createCognito(context: CloudContext, options: { port: number }): Promise<CognitoEngine> {
  const cognito = stateOf(context);
  const server = await IssuerServer.listen(options.port, hostedPages(cognito));
  const service = jsonService({
    signingName: 'cognito-idp',
    version: '1.1',
    targets: { AWSCognitoIdentityProviderService: OPERATIONS },
    state: cognito,
    invalidInput: problem =>
      refusal('InvalidParameterException', `${[problem.of, ...problem.path].join('.')}: ${wordsFor(problem)}`),
  });
  const addresses: Record<string, string> = {};
  return {
    url: server.url,
    services: [service],
    resources: {
      'AWS::Cognito::UserPool': poolResource(cognito, poolId => `${server.url}/${poolId}`),
      'AWS::Cognito::UserPoolClient': clientResource(cognito),
      'AWS::Cognito::UserPoolDomain': domainResource(cognito, (domain, poolId) => {
        addresses[`https://${domain}.auth.${context.region}.amazoncognito.com`] = `${server.url}/${poolId}`;
      }),
      'AWS::Cognito::UserPoolGroup': groupResource(cognito),
      'AWS::Cognito::UserPoolIdentityProvider': identityProviderResource(cognito),
    },
    addresses: () => addresses,
    stop: () => server.close(),
  };
}

function stateOf(context: CloudContext): Cognito {
  const { database, clock } = context;
  prepareTables(database);
  const pools = new Pools();
  const users = new Users(database, clock);
  const memberships = new Memberships(database, pools);
  const keys = new SigningKeys(database);
  return {
    context,
    pools,
    users,
    memberships,
    keys,
    codes: new Codes(database, clock),
    challenges: new Challenges(database, clock),
    federations: new Federations(database),
    tokens: new Tokens({ database, clock, pools, users, memberships, keys }),
    mail: createMail(context),
  };
}

// The tables of Cognito. Pools, clients and groups are the template's and not here; what people did in them is, and what
// must be the same after a restart: keys and secrets. Times are epoch milliseconds of the cloud's clock.

function prepareTables(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE IF NOT EXISTS cognito_keys (
      pool TEXT PRIMARY KEY, kid TEXT NOT NULL, private_key TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS cognito_client_secrets (client TEXT PRIMARY KEY, secret TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS cognito_users (
      pool TEXT NOT NULL, sub TEXT NOT NULL, username TEXT NOT NULL,
      username_key TEXT NOT NULL, email_key TEXT,
      status TEXT NOT NULL, enabled INTEGER NOT NULL, attributes TEXT NOT NULL,
      password TEXT, password_expires INTEGER, failures INTEGER NOT NULL, locked_until INTEGER NOT NULL,
      totp_secret TEXT, totp_pending TEXT, totp_enabled INTEGER NOT NULL, totp_step INTEGER NOT NULL,
      created INTEGER NOT NULL, modified INTEGER NOT NULL,
      PRIMARY KEY (pool, sub), UNIQUE (pool, username_key)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX IF NOT EXISTS cognito_user_emails ON cognito_users (pool, email_key) WHERE email_key IS NOT NULL;
    CREATE TABLE IF NOT EXISTS cognito_memberships (
      pool TEXT NOT NULL, group_name TEXT NOT NULL, sub TEXT NOT NULL,
      PRIMARY KEY (pool, group_name, sub),
      FOREIGN KEY (pool, sub) REFERENCES cognito_users (pool, sub) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS cognito_groups_of_user ON cognito_memberships (pool, sub);
    CREATE TABLE IF NOT EXISTS cognito_codes (
      pool TEXT NOT NULL, sub TEXT NOT NULL, purpose TEXT NOT NULL,
      hash TEXT NOT NULL, expires INTEGER NOT NULL, attempts INTEGER NOT NULL,
      PRIMARY KEY (pool, sub, purpose),
      FOREIGN KEY (pool, sub) REFERENCES cognito_users (pool, sub) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS cognito_challenges (
      hash TEXT PRIMARY KEY, pool TEXT NOT NULL, client TEXT NOT NULL, sub TEXT NOT NULL,
      name TEXT NOT NULL, verified INTEGER NOT NULL, attempts INTEGER NOT NULL, expires INTEGER NOT NULL,
      FOREIGN KEY (pool, sub) REFERENCES cognito_users (pool, sub) ON DELETE CASCADE
    ) STRICT;
    CREATE TABLE IF NOT EXISTS cognito_sign_ins (
      id TEXT PRIMARY KEY, pool TEXT NOT NULL, client TEXT NOT NULL, sub TEXT NOT NULL,
      refresh_hash TEXT NOT NULL UNIQUE, scope TEXT NOT NULL, auth_time INTEGER NOT NULL, expires INTEGER NOT NULL,
      FOREIGN KEY (pool, sub) REFERENCES cognito_users (pool, sub) ON DELETE CASCADE
    ) STRICT;
    CREATE INDEX IF NOT EXISTS cognito_sign_ins_of_user ON cognito_sign_ins (pool, sub);
    CREATE TABLE IF NOT EXISTS cognito_federations (
      hash TEXT PRIMARY KEY, pool TEXT NOT NULL, uid TEXT NOT NULL, provider TEXT NOT NULL,
      nonce TEXT NOT NULL, verifier TEXT NOT NULL, sub TEXT, expires INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS cognito_oidc (
      pool TEXT NOT NULL, model TEXT NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL,
      uid TEXT, grant_id TEXT, expires INTEGER,
      PRIMARY KEY (pool, model, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS cognito_oidc_grants ON cognito_oidc (pool, grant_id);
    CREATE INDEX IF NOT EXISTS cognito_oidc_uids ON cognito_oidc (pool, uid);
  `);
}
