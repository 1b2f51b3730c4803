/** Codes of six digits that are sent by e-mail: kept as a hash, valid for a day, and few guesses at each. */
import { createHash, randomInt } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import { refusal } from './refusal.ts';
import type { User } from './users.ts';

export type Purpose = 'sign-up' | 'password' | 'email';

const VALID_MS = { 'sign-up': 24 * 3600_000, password: 3600_000, email: 24 * 3600_000 };
const MOST_ATTEMPTS = 5;

export class Codes {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;

  constructor(database: DatabaseSync, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** A new code, which replaces the one before. */
  issue(user: User, purpose: Purpose): string {
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    this.#database
      .prepare('INSERT OR REPLACE INTO cognito_codes VALUES (?, ?, ?, ?, ?, 0)')
      .run(user.pool, user.sub, purpose, hashOf(user, code), this.#clock.now() + VALID_MS[purpose]);
    return code;
  }

  /** Throws CodeMismatch, ExpiredCode or LimitExceeded. A right code is taken once. */
  take(user: User, purpose: Purpose, code: string): void {
    const where = 'WHERE pool = ? AND sub = ? AND purpose = ?';
    const key = [user.pool, user.sub, purpose];
    const found = this.#database.prepare(`SELECT * FROM cognito_codes ${where}`).get(...key);
    if (!found || Number(found.expires) <= this.#clock.now()) throw refusal('ExpiredCodeException');
    if (Number(found.attempts) >= MOST_ATTEMPTS) throw refusal('LimitExceededException');
    if (found.hash !== hashOf(user, code)) {
      this.#database.prepare(`UPDATE cognito_codes SET attempts = attempts + 1 ${where}`).run(...key);
      throw refusal('CodeMismatchException');
    }
    this.#database.prepare(`DELETE FROM cognito_codes ${where}`).run(...key);
  }
}

function hashOf({ pool, sub }: User, code: string): string {
  return createHash('sha256').update(`${pool} ${sub} ${code}`).digest('hex');
}
