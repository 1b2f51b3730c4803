/**
 * What `oidc-provider` keeps of a pool: who is signed in at the pages, and codes on their way. Clients are the
 * template's; access tokens are not kept, as those that callers get are Cognito's own (token-answers.ts).
 */
import type { Adapter, AdapterPayload, ClientMetadata } from 'oidc-provider';
import type { Client, Pool } from '../pool.ts';
import type { Cognito } from '../state.ts';

export function oidcAdapter({ context, pools }: Cognito, pool: Pool, model: string): Adapter {
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
    // A native client's loopback callback may have any port (RFC 8252, 7.3): that of a local page is not known before.
    application_type: 'native',
    redirect_uris: [...client.callbackUrls],
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: client.scopes.join(' '),
  };
  return metadata as AdapterPayload;
}
