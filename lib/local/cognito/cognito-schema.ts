/**
 * The tables of Cognito. Pools, clients and groups are the template's and not here; what people did in them is, and what
 * must be the same after a restart: keys and secrets. Times are epoch milliseconds of the cloud's clock.
 */
import type { DatabaseSync } from 'node:sqlite';

export function prepareTables(database: DatabaseSync): void {
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
