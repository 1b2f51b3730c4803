/** Keys of KMS with their aliases. Key material is made here, stays in the cloud's database, which is its owner's alone, and is in no answer. */
import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { atomically } from '../database.ts';
import type { CloudContext, PolicyStatement } from '../service.ts';

/** What the local cloud has of key specs: each signs with its own curve and hash. */
export const KEY_SPECS = {
  ECC_NIST_P256: { curve: 'P-256', algorithm: 'ECDSA_SHA_256', hash: 'sha256', digestBytes: 32 },
  ECC_NIST_P384: { curve: 'P-384', algorithm: 'ECDSA_SHA_384', hash: 'sha384', digestBytes: 48 },
  ECC_NIST_P521: { curve: 'P-521', algorithm: 'ECDSA_SHA_512', hash: 'sha512', digestBytes: 64 },
} as const;
export type KeySpec = keyof typeof KEY_SPECS;
export const KEY_SPEC_NAMES = Object.keys(KEY_SPECS) as [KeySpec, ...KeySpec[]];

export type KeyState = 'Enabled' | 'Disabled' | 'PendingDeletion';

export interface Key {
  readonly id: string;
  readonly spec: KeySpec;
  readonly description: string;
  readonly state: KeyState;
  /** JSON: an IAM policy document. */
  readonly policy: string;
  /** PKCS #8 in PEM. */
  readonly material: string;
  /** Epoch ms, as all times here. */
  readonly created_at: number;
  readonly deleted_at: number | null;
}

export interface Alias {
  readonly name: string;
  readonly key_id: string;
  readonly created_at: number;
  readonly changed_at: number;
}

export interface KeyDescription {
  readonly description: string;
  readonly enabled: boolean;
  readonly policy: string | undefined;
}

export class KeyStore {
  readonly #context: CloudContext;

  constructor(context: CloudContext) {
    this.#context = context;
    context.database.exec(`
      CREATE TABLE IF NOT EXISTS kms_keys (
        id TEXT PRIMARY KEY, spec TEXT NOT NULL, description TEXT NOT NULL, state TEXT NOT NULL, policy TEXT NOT NULL,
        material TEXT NOT NULL, created_at INTEGER NOT NULL, deleted_at INTEGER) STRICT;
      CREATE TABLE IF NOT EXISTS kms_aliases (
        name TEXT PRIMARY KEY, key_id TEXT NOT NULL, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL) STRICT`);
    for (const { id, policy } of this.keys()) this.#hold(id, policy);
  }

  /** Lets the policy count, its denials above all; where it leaves a matter to the account, key-access sees to. */
  #hold(id: string, policy: string | undefined): void {
    this.#context.iam.setResourcePolicy(this.arnOf(id), 'key-policy', statementsOf(policy ?? '') ?? []);
  }

  get now(): number {
    return this.#context.clock.now();
  }

  get account(): string {
    return this.#context.accountId;
  }

  arnOf(keyId: string): string {
    return this.#arn(`key/${keyId}`);
  }

  /** `name` begins with `alias/`. */
  aliasArn(name: string): string {
    return this.#arn(name);
  }

  #arn(resource: string): string {
    return `arn:aws:kms:${this.#context.region}:${this.#context.accountId}:${resource}`;
  }

  /** The id of a key of a stack: the same at every start, as its ARN stands in policies. */
  idOf(name: string): string {
    const digits = createHash('sha256').update(name).digest('hex');
    return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
  }

  key(id: string): Key | undefined {
    this.#forgetDeleted();
    return this.#context.database.prepare('SELECT * FROM kms_keys WHERE id = ?').get(id) as Key | undefined;
  }

  keys(): readonly Key[] {
    this.#forgetDeleted();
    return this.#context.database.prepare('SELECT * FROM kms_keys ORDER BY id').all() as unknown as Key[];
  }

  /** What was to be deleted by now is gone, its aliases too. */
  #forgetDeleted(): void {
    const due = 'SELECT id FROM kms_keys WHERE deleted_at <= ?';
    this.#run(`DELETE FROM kms_aliases WHERE key_id IN (${due})`, this.now);
    this.#run('DELETE FROM kms_keys WHERE deleted_at <= ?', this.now);
  }

  create(
    spec: KeySpec,
    { description, enabled, policy = defaultPolicy(this.account) }: KeyDescription,
    id: string = randomUUID(),
  ): Key {
    const { privateKey } = generateKeyPairSync('ec', {
      namedCurve: KEY_SPECS[spec].curve,
      publicKeyEncoding: { type: 'spki', format: 'der' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const state: KeyState = enabled ? 'Enabled' : 'Disabled';
    const sql = 'INSERT INTO kms_keys VALUES (?, ?, ?, ?, ?, ?, ?, NULL)';
    this.#run(sql, id, spec, description, state, policy, privateKey, this.now);
    this.#hold(id, policy);
    return this.key(id) as Key;
  }

  /** Brings what a template says of a key up to date; its material stays. */
  describe({ id }: Key, { description, enabled, policy = defaultPolicy(this.account) }: KeyDescription): void {
    const sql = 'UPDATE kms_keys SET description = ?, state = ?, policy = ?, deleted_at = NULL WHERE id = ?';
    this.#run(sql, description, enabled ? 'Enabled' : 'Disabled', policy, id);
    this.#hold(id, policy);
  }

  /** `deletedAt`: when it goes, of a key that is pending deletion. */
  setState({ id }: Key, state: KeyState, deletedAt: number | null = null): void {
    this.#run('UPDATE kms_keys SET state = ?, deleted_at = ? WHERE id = ?', state, deletedAt, id);
  }

  /** At once: a stack leaves no time to cancel it. */
  remove(id: string): void {
    atomically(this.#context.database, () => {
      this.#run('DELETE FROM kms_aliases WHERE key_id = ?', id);
      this.#run('DELETE FROM kms_keys WHERE id = ?', id);
    });
    this.#hold(id, undefined);
  }

  alias(name: string): Alias | undefined {
    return this.#context.database.prepare('SELECT * FROM kms_aliases WHERE name = ?').get(name) as Alias | undefined;
  }

  aliases(): readonly Alias[] {
    return this.#context.database.prepare('SELECT * FROM kms_aliases ORDER BY name').all() as unknown as Alias[];
  }

  putAlias(name: string, keyId: string): void {
    this.#run(
      `INSERT INTO kms_aliases VALUES (?1, ?2, ?3, ?3)
       ON CONFLICT (name) DO UPDATE SET key_id = ?2, changed_at = CASE WHEN key_id = ?2 THEN changed_at ELSE ?3 END`,
      name,
      keyId,
      this.now,
    );
  }

  removeAlias(name: string): void {
    this.#run('DELETE FROM kms_aliases WHERE name = ?', name);
  }

  #run(sql: string, ...values: (string | number | null)[]): void {
    this.#context.database.prepare(sql).run(...values);
  }
}

/** What AWS gives a key without a policy of its own: the account decides by its IAM policies. */
function defaultPolicy(account: string): string {
  const statement = { Effect: 'Allow', Principal: { AWS: rootOf(account) }, Action: 'kms:*', Resource: '*' };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

export function rootOf(account: string): string {
  return `arn:aws:iam::${account}:root`;
}

/** The statements of a policy document; undefined where it is none. */
export function statementsOf(policy: string): readonly PolicyStatement[] | undefined {
  try {
    const { Statement } = JSON.parse(policy) as { Statement?: PolicyStatement | PolicyStatement[] };
    const statements = [Statement ?? []].flat();
    const isRead = statements.every(({ Effect, Action, Principal }) => Effect && Action && Principal);
    return statements.length > 0 && isRead ? statements : undefined;
  } catch {
    return undefined;
  }
}
