/**
 * The users of all pools. A user is found by the username, by the `sub`, or by the e-mail address where the pool takes
 * it for one; letters' case counts only where the pool says so.
 */
import { randomUUID } from 'node:crypto';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import type { Group, Pool, Pools } from './pools.ts';
import { refusal } from './refusal.ts';

type UserStatus = 'UNCONFIRMED' | 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD' | 'EXTERNAL_PROVIDER';
export type Attributes = Readonly<Record<string, string>>;

export interface User {
  readonly pool: string;
  readonly sub: string;
  readonly username: string;
  readonly status: UserStatus;
  readonly enabled: 0 | 1;
  readonly attributes: Attributes;
  readonly password: string | null;
  /** Of a temporary password. */
  readonly password_expires: number | null;
  /** Wrong passwords in a row, and until when no further one is looked at. */
  readonly failures: number;
  readonly locked_until: number;
  /** Verified by a code; `totp_pending` is not yet. */
  readonly totp_secret: string | null;
  readonly totp_pending: string | null;
  /** The user's own choice, where the pool leaves one. */
  readonly totp_enabled: 0 | 1;
  /** The step of the last code taken: no code counts twice. */
  readonly totp_step: number;
  readonly created: number;
  readonly modified: number;
}

type UserChanges = Partial<Omit<User, 'pool' | 'sub' | 'username' | 'created' | 'modified'>>;

export class Users {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;

  constructor(database: DatabaseSync, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  find(pool: Pool, name: string): User | undefined {
    const key = keyOf(pool, name);
    const sql = 'SELECT * FROM cognito_users WHERE pool = ? AND';
    const row =
      this.#database.prepare(`${sql} username_key = ?`).get(pool.id, key) ??
      this.#database.prepare(`${sql} email_key = ?`).get(pool.id, key) ??
      this.#database.prepare(`${sql} sub = ?`).get(pool.id, name);
    return row && read(row);
  }

  /** Throws UserNotFoundException. */
  get(pool: Pool, name: string): User {
    const user = this.find(pool, name);
    if (!user) throw refusal('UserNotFoundException');
    return user;
  }

  /** Throws UsernameExistsException, or AliasExistsException where only the e-mail address is taken. */
  create(pool: Pool, name: string, first: { status: UserStatus; attributes: Attributes } & UserChanges): User {
    if (this.find(pool, name)) {
      const email = 'An account with the given email already exists.';
      throw refusal('UsernameExistsException', pool.emailIsUsername ? email : undefined);
    }
    const sub = randomUUID();
    const username = pool.emailIsUsername && first.status !== 'EXTERNAL_PROVIDER' ? sub : name;
    const now = this.#clock.now();
    this.#database
      .prepare(
        `INSERT INTO cognito_users (pool, sub, username, username_key, status, enabled, attributes, failures,
           locked_until, totp_enabled, totp_step, created, modified) VALUES (?, ?, ?, ?, ?, 1, '{}', 0, 0, 0, 0, ?, ?)`,
      )
      .run(pool.id, sub, username, keyOf(pool, username), first.status, now, now);
    try {
      return this.change(pool, sub, first);
    } catch (error) {
      this.remove(pool, sub);
      throw error;
    }
  }

  /** Sets what is given, at once; throws AliasExistsException where the new e-mail address is another user's. */
  change(pool: Pool, sub: string, changes: UserChanges): User {
    const columns: Record<string, SQLInputValue> = { modified: this.#clock.now() };
    for (const [name, value] of Object.entries(changes)) {
      if (name !== 'attributes') columns[name] = value as SQLInputValue;
    }
    if (changes.attributes) {
      columns.attributes = JSON.stringify(changes.attributes);
      // The address of a user of another provider is that one's word, and leads nobody to the user.
      const external = (changes.status ?? this.get(pool, sub).status) === 'EXTERNAL_PROVIDER';
      columns.email_key = external ? null : emailKeyOf(pool, changes.attributes);
    }
    const sets = Object.keys(columns).map(name => `${name} = ?`);
    const statement = this.#database.prepare(`UPDATE cognito_users SET ${sets.join(', ')} WHERE pool = ? AND sub = ?`);
    try {
      statement.run(...Object.values(columns), pool.id, sub);
    } catch (error) {
      if (/UNIQUE/.test(String(error))) throw refusal('AliasExistsException');
      throw error;
    }
    return this.get(pool, sub);
  }

  remove(pool: Pool, sub: string): void {
    this.#database.prepare('DELETE FROM cognito_users WHERE pool = ? AND sub = ?').run(pool.id, sub);
  }

  /** By `sub`. */
  list(pool: Pool): readonly User[] {
    return this.#database.prepare('SELECT * FROM cognito_users WHERE pool = ? ORDER BY sub').all(pool.id).map(read);
  }
}

function read(row: Record<string, unknown>): User {
  return { ...row, attributes: JSON.parse(String(row.attributes)) } as unknown as User;
}

function keyOf(pool: Pool, name: string): string {
  return pool.caseSensitive ? name : name.toLowerCase();
}

/** The address by which a user can be found: as a username always, as an alias once it is proved. */
function emailKeyOf(pool: Pool, { email, email_verified }: Attributes): string | null {
  const found = email && (pool.emailIsUsername || (pool.emailIsAlias && email_verified === 'true'));
  return found ? keyOf(pool, email) : null;
}

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
