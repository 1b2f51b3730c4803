/** One RSA key for each pool, made when it is first needed and kept. Its public half is what the JWKS shows. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

export interface SigningKey {
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
