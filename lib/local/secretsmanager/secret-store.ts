/** Secrets, their versions and the staging labels on these. A label is on one version of a secret at a time. */
import { createHash } from 'node:crypto';
import { atomically } from '../database.ts';
import type { CloudContext } from '../service.ts';

export const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly description: string | null;
  /** A digest of what the template says of the value; null before it has given one. */
  readonly source: string | null;
  /** JSON: a list of Key and Value. */
  readonly tags: string;
  /** Epoch ms, as all times here. */
  readonly created_at: number;
  readonly changed_at: number;
  readonly accessed_at: number | null;
}

export interface SecretValue {
  readonly text: string | null;
  /** base64 */
  readonly bytes: string | null;
}

export interface Version extends SecretValue {
  readonly id: string;
  readonly created_at: number;
}

export class SecretStore {
  readonly #context: CloudContext;

  constructor(context: CloudContext) {
    this.#context = context;
    context.database.exec(`
      CREATE TABLE IF NOT EXISTS secretsmanager_secrets (
        name TEXT PRIMARY KEY, arn TEXT NOT NULL UNIQUE, description TEXT, source TEXT, tags TEXT NOT NULL,
        created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, accessed_at INTEGER) STRICT;
      CREATE TABLE IF NOT EXISTS secretsmanager_versions (
        arn TEXT NOT NULL, id TEXT NOT NULL, text TEXT, bytes TEXT, created_at INTEGER NOT NULL,
        PRIMARY KEY (arn, id)) STRICT;
      CREATE TABLE IF NOT EXISTS secretsmanager_labels (
        arn TEXT NOT NULL, label TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (arn, label)) STRICT`);
  }

  /** AWS ends the ARN with six characters at random; here they are made of the name, and so always the same. */
  arnOf(name: string): string {
    const suffix = createHash('sha256').update(name).digest('base64').replace(/[+/=]/g, '').slice(0, 6);
    return `${this.partialArnOf(name)}-${suffix}`;
  }

  /** The ARN without its last six characters, which names a secret too. */
  partialArnOf(name: string): string {
    return `arn:aws:secretsmanager:${this.#context.region}:${this.#context.accountId}:secret:${name}`;
  }

  /** The name in a whole ARN. */
  nameIn(arn: string): string {
    return arn.slice(this.partialArnOf('').length, -'-123456'.length);
  }

  /** Removes the secret with its versions at once: a stack leaves no time to recover it. */
  remove(arn: string): void {
    atomically(this.#context.database, () => {
      for (const table of ['labels', 'versions', 'secrets'])
        this.#run(`DELETE FROM secretsmanager_${table} WHERE arn = ?`, arn);
    });
  }

  /** By name, ARN or partial ARN. */
  find(id: string): Secret | undefined {
    const name = id.startsWith(this.partialArnOf('')) ? id.slice(this.partialArnOf('').length) : id;
    const row = this.#get('SELECT * FROM secretsmanager_secrets WHERE name = ? OR arn = ?', name, id);
    return row as Secret | undefined;
  }

  all(): readonly Secret[] {
    const rows = this.#context.database.prepare('SELECT * FROM secretsmanager_secrets ORDER BY name').all();
    return rows as unknown as Secret[];
  }

  /** Makes the secret, or brings what is said about it up to date; its values stay. */
  describe(name: string, { description, tags }: { description: string | undefined; tags: string }): Secret {
    const [now, arn] = [this.#context.clock.now(), this.arnOf(name)];
    this.#run(
      `INSERT INTO secretsmanager_secrets VALUES (?1, ?2, ?3, NULL, ?4, ?5, ?5, NULL)
       ON CONFLICT (name) DO UPDATE SET description = ?3, tags = ?4`,
      name,
      arn,
      description ?? null,
      tags,
      now,
    );
    return this.find(arn) as Secret;
  }

  setDescription({ arn }: Secret, description: string): void {
    const sql = 'UPDATE secretsmanager_secrets SET description = ?, changed_at = ? WHERE arn = ?';
    this.#run(sql, description, this.#context.clock.now(), arn);
  }

  touch({ arn }: Secret): void {
    this.#run('UPDATE secretsmanager_secrets SET accessed_at = ? WHERE arn = ?', this.#context.clock.now(), arn);
  }

  version({ arn }: Secret, id: string): Version | undefined {
    const row = this.#get('SELECT * FROM secretsmanager_versions WHERE arn = ? AND id = ?', arn, id);
    return row as Version | undefined;
  }

  versionAt({ arn }: Secret, label: string): Version | undefined {
    const row = this.#get(
      `SELECT version.* FROM secretsmanager_versions version
       JOIN secretsmanager_labels USING (arn, id) WHERE arn = ? AND label = ?`,
      arn,
      label,
    );
    return row as Version | undefined;
  }

  /** Oldest first. */
  versions({ arn }: Secret): readonly Version[] {
    const sql = 'SELECT * FROM secretsmanager_versions WHERE arn = ? ORDER BY created_at, rowid';
    return this.#context.database.prepare(sql).all(arn) as unknown as Version[];
  }

  /** The labels by the id of their version; a version without one is not listed. */
  labels({ arn }: Secret): Readonly<Record<string, readonly string[]>> {
    const rows = this.#context.database
      .prepare('SELECT id, json_group_array(label) AS labels FROM secretsmanager_labels WHERE arn = ? GROUP BY id')
      .all(arn);
    return Object.fromEntries(rows.map(({ id, labels }) => [String(id), JSON.parse(String(labels)) as string[]]));
  }

  /** Puts the label on the version `to`, or takes it away where that is undefined; a version that was current becomes the previous one. */
  moveLabel(secret: Secret, label: string, to: string | undefined): void {
    const { arn } = secret;
    const before = this.versionAt(secret, label);
    atomically(this.#context.database, () => {
      if (label === CURRENT && before && to !== undefined && before.id !== to) this.#putLabel(arn, PREVIOUS, before.id);
      if (to === undefined) this.#run('DELETE FROM secretsmanager_labels WHERE arn = ? AND label = ?', arn, label);
      else this.#putLabel(arn, label, to);
      this.#run('UPDATE secretsmanager_secrets SET changed_at = ? WHERE arn = ?', this.#context.clock.now(), arn);
    });
  }

  /**
   * Adds a version and puts the labels on it; the version that was current becomes the previous one, and the first of a
   * secret is current whatever its labels. `source`: the digest of the template's words, where the value comes from them.
   */
  add(secret: Secret, id: string, value: SecretValue, labels: readonly string[], source = secret.source): void {
    const { arn } = secret;
    const now = this.#context.clock.now();
    const before = this.versionAt(secret, CURRENT);
    atomically(this.#context.database, () => {
      this.#run('INSERT INTO secretsmanager_versions VALUES (?, ?, ?, ?, ?)', arn, id, value.text, value.bytes, now);
      if (before && labels.includes(CURRENT)) this.#putLabel(arn, PREVIOUS, before.id);
      for (const label of before ? labels : new Set([...labels, CURRENT])) this.#putLabel(arn, label, id);
      const sql = 'UPDATE secretsmanager_secrets SET changed_at = ?, source = ? WHERE arn = ?';
      this.#run(sql, now, source, arn);
    });
  }

  #putLabel(arn: string, label: string, version: string): void {
    this.#run('INSERT OR REPLACE INTO secretsmanager_labels VALUES (?, ?, ?)', arn, label, version);
  }

  #get(sql: string, ...values: string[]): unknown {
    return this.#context.database.prepare(sql).get(...values);
  }

  #run(sql: string, ...values: (string | number | null)[]): void {
    this.#context.database.prepare(sql).run(...values);
  }
}
