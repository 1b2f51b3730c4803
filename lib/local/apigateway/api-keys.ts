/**
 * API keys and which usage plans they are in. Invariants: a value belongs to one key; a key is in at most one plan of an
 * API's stage, so a request counts in one plan.
 */
import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { atomically } from '../database.ts';
import { AwsError } from '../service.ts';

export interface ApiKey {
  readonly id: string;
  readonly value: string;
  readonly name: string;
  readonly description: string;
  readonly customerId: string;
  readonly enabled: boolean;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

export class ApiKeys {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(`
      CREATE TABLE IF NOT EXISTS apigateway_keys (
        id TEXT PRIMARY KEY, value TEXT NOT NULL UNIQUE, name TEXT NOT NULL, description TEXT NOT NULL,
        customer_id TEXT NOT NULL, enabled INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
        tags TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS apigateway_plan_keys (
        plan_id TEXT NOT NULL, key_id TEXT NOT NULL REFERENCES apigateway_keys (id) ON DELETE CASCADE,
        PRIMARY KEY (plan_id, key_id)) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS apigateway_plans_of_key ON apigateway_plan_keys (key_id)`);
  }

  /** Throws ConflictException where another key has the value. */
  create(key: ApiKey): void {
    if (this.byValue(key.value)) throw new AwsError('ConflictException', 'API Key already exists', 409);
    this.#database.prepare('INSERT INTO apigateway_keys VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)').run(...rowOf(key));
  }

  /** A key of the template: made at the first start, described anew at each; its value stays unless the template has one. */
  ensure(key: Omit<ApiKey, 'value'>, value: string | undefined): void {
    const before = this.find(key.id);
    const all: ApiKey = { ...key, value: value ?? before?.value ?? newKeyValue() };
    if (!before) this.create(all);
    else this.update({ ...all, createdAt: before.createdAt });
  }

  update(key: ApiKey): void {
    this.#database
      .prepare(`UPDATE apigateway_keys SET value = ?2, name = ?3, description = ?4, customer_id = ?5, enabled = ?6,
        created_at = ?7, updated_at = ?8, tags = ?9 WHERE id = ?1`)
      .run(...rowOf(key));
  }

  delete(id: string): void {
    this.#database.prepare('DELETE FROM apigateway_keys WHERE id = ?').run(id);
  }

  find(id: string): ApiKey | undefined {
    const row = this.#database.prepare('SELECT * FROM apigateway_keys WHERE id = ?').get(id);
    return row && keyOf(row);
  }

  byValue(value: string): ApiKey | undefined {
    const row = this.#database.prepare('SELECT * FROM apigateway_keys WHERE value = ?').get(value);
    return row && keyOf(row);
  }

  /** Keys after `after` in the order of their ids. */
  list(where: { after: string; limit: number; name?: string; customerId?: string; planId?: string }): ApiKey[] {
    const { after, limit, name = '', customerId = null, planId = null } = where;
    return this.#database
      .prepare(`SELECT * FROM apigateway_keys AS k
        WHERE id > ?1 AND substr(name, 1, length(?2)) = ?2 AND (?3 IS NULL OR customer_id = ?3)
          AND (?4 IS NULL OR EXISTS (SELECT 1 FROM apigateway_plan_keys WHERE plan_id = ?4 AND key_id = k.id))
        ORDER BY id LIMIT ?5`)
      .all(after, name, customerId, planId, limit)
      .map(keyOf);
  }

  plansOf(keyId: string): string[] {
    return this.#database
      .prepare('SELECT plan_id FROM apigateway_plan_keys WHERE key_id = ?')
      .all(keyId)
      .map(row => String(row.plan_id));
  }

  /** Throws ConflictException where the key is in one of `rivals`, plans that share a stage with this one, or in this. */
  join(planId: string, keyId: string, rivals: readonly string[]): void {
    atomically(this.#database, () => {
      const plans = this.plansOf(keyId);
      if (plans.includes(planId)) {
        throw new AwsError('ConflictException', `Usage Plan ${planId} already has the API key ${keyId}`, 409);
      }
      const rival = plans.find(plan => rivals.includes(plan));
      if (rival) {
        const why = 'is already in a usage plan with one of its API stages';
        throw new AwsError('ConflictException', `API key ${keyId} ${why}: ${rival}`, 409);
      }
      this.ensureJoined(planId, keyId);
    });
  }

  ensureJoined(planId: string, keyId: string): void {
    this.#database.prepare('INSERT OR IGNORE INTO apigateway_plan_keys VALUES (?, ?)').run(planId, keyId);
  }

  /** The plan is gone: no key is in it. */
  leavePlan(planId: string): void {
    this.#database.prepare('DELETE FROM apigateway_plan_keys WHERE plan_id = ?').run(planId);
  }

  /** Answers whether the key was in the plan. */
  leave(planId: string, keyId: string): boolean {
    return (
      this.#database.prepare('DELETE FROM apigateway_plan_keys WHERE plan_id = ? AND key_id = ?').run(planId, keyId)
        .changes > 0
    );
  }
}

/** Forty characters, as AWS makes them. */
export function newKeyValue(): string {
  return randomBytes(40)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, 'x')
    .slice(0, 40);
}

function rowOf(key: ApiKey): (string | number)[] {
  const { id, value, name, description, customerId, enabled, createdAt, updatedAt, tags } = key;
  return [id, value, name, description, customerId, enabled ? 1 : 0, createdAt, updatedAt, JSON.stringify(tags)];
}

function keyOf(row: Record<string, unknown>): ApiKey {
  return {
    id: String(row.id),
    value: String(row.value),
    name: String(row.name),
    description: String(row.description),
    customerId: String(row.customer_id),
    enabled: row.enabled === 1,
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
    tags: JSON.parse(String(row.tags)) as Record<string, string>,
  };
}
