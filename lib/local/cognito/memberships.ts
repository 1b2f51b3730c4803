import type { DatabaseSync } from 'node:sqlite';
import type { Group, Pool } from './pool.ts';
import type { Pools } from './pools.ts';

/** Who is in which group. A group that the template no longer has counts no more, whoever was in it. */
export class Memberships {
  readonly #database: DatabaseSync;
  readonly #pools: Pools;

  constructor(database: DatabaseSync, pools: Pools) {
    this.#database = database;
    this.#pools = pools;
  }

  add(group: Group, sub: string): void {
    this.#database
      .prepare('INSERT OR IGNORE INTO cognito_memberships VALUES (?, ?, ?)')
      .run(group.poolId, group.name, sub);
  }

  remove(group: Group, sub: string): void {
    this.#database
      .prepare('DELETE FROM cognito_memberships WHERE pool = ? AND group_name = ? AND sub = ?')
      .run(group.poolId, group.name, sub);
  }

  /** The one of lowest precedence first, as in a token. */
  groupsOf(pool: Pool, sub: string): readonly Group[] {
    const rows = this.#database
      .prepare('SELECT group_name FROM cognito_memberships WHERE pool = ? AND sub = ? ORDER BY group_name')
      .all(pool.id, sub);
    const names = rows.map(row => String(row.group_name)).filter(name => this.#pools.hasGroup(pool.id, name));
    const last = Number.MAX_SAFE_INTEGER;
    return names
      .map(name => this.#pools.group(pool, name))
      .sort((a, b) => (a.precedence ?? last) - (b.precedence ?? last));
  }

  /** Their `sub`s, in order. */
  members(group: Group): readonly string[] {
    return this.#database
      .prepare('SELECT sub FROM cognito_memberships WHERE pool = ? AND group_name = ? ORDER BY sub')
      .all(group.poolId, group.name)
      .map(row => String(row.sub));
  }
}
