/**
 * Between a right password and the tokens: what is still asked, as a session that the caller holds. Only its hash is
 * kept. A session answers one challenge, and ends with it, with its time, or with too many wrong answers.
 */
import { createHash, randomBytes, randomInt } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import type { Client } from './pools.ts';
import { refusal } from './refusal.ts';
import type { User } from './users.ts';

export type ChallengeName = 'NEW_PASSWORD_REQUIRED' | 'SOFTWARE_TOKEN_MFA' | 'MFA_SETUP';

export interface Challenge {
  readonly hash: string;
  readonly pool: string;
  readonly client: string;
  readonly sub: string;
  readonly name: ChallengeName;
  /** Of MFA_SETUP: whether a code has proved the new secret. */
  readonly verified: 0 | 1;
  readonly attempts: number;
  readonly expires: number;
}

const MOST_ATTEMPTS = 3;

export class Challenges {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;

  constructor(database: DatabaseSync, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** The answer is the session, a secret of the caller's. */
  open(client: Client, user: User, name: ChallengeName, verified: 0 | 1 = 0): string {
    const now = this.#clock.now();
    const session = randomBytes(48).toString('base64url');
    this.#database.prepare('DELETE FROM cognito_challenges WHERE expires <= ?').run(now);
    this.#database
      .prepare('INSERT INTO cognito_challenges VALUES (?, ?, ?, ?, ?, ?, 0, ?)')
      .run(sessionHash(session), user.pool, client.id, user.sub, name, verified, now + client.challengeSeconds * 1000);
    return session;
  }

  /** Throws NotAuthorizedException where the session is over, or is one of another challenge. */
  find(session: string, name: ChallengeName): Challenge {
    const found = this.#database.prepare('SELECT * FROM cognito_challenges WHERE hash = ?').get(sessionHash(session));
    const challenge = found as unknown as Challenge | undefined;
    if (challenge?.name !== name || challenge.attempts >= MOST_ATTEMPTS) {
      throw refusal('NotAuthorizedException', 'Invalid session for the user.');
    }
    if (challenge.expires <= this.#clock.now()) {
      throw refusal('NotAuthorizedException', 'Invalid session for the user, session is expired.');
    }
    return challenge;
  }

  /** Counts a wrong answer. */
  fail({ hash }: Challenge): void {
    this.#database.prepare('UPDATE cognito_challenges SET attempts = attempts + 1 WHERE hash = ?').run(hash);
  }

  close({ hash }: Challenge): void {
    this.#database.prepare('DELETE FROM cognito_challenges WHERE hash = ?').run(hash);
  }
}

function sessionHash(session: string): string {
  return createHash('sha256').update(session).digest('hex');
}

// Codes of six digits that are sent by e-mail: kept as a hash, valid for a day, and few guesses at each.

export type Purpose = 'sign-up' | 'password' | 'email';

const VALID_MS = { 'sign-up': 24 * 3600_000, password: 3600_000, email: 24 * 3600_000 };
const MOST_CODE_ATTEMPTS = 5;

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
      .run(user.pool, user.sub, purpose, codeHash(user, code), this.#clock.now() + VALID_MS[purpose]);
    return code;
  }

  /** Throws CodeMismatch, ExpiredCode or LimitExceeded. A right code is taken once. */
  take(user: User, purpose: Purpose, code: string): void {
    const where = 'WHERE pool = ? AND sub = ? AND purpose = ?';
    const key = [user.pool, user.sub, purpose];
    const found = this.#database.prepare(`SELECT * FROM cognito_codes ${where}`).get(...key);
    if (!found || Number(found.expires) <= this.#clock.now()) throw refusal('ExpiredCodeException');
    if (Number(found.attempts) >= MOST_CODE_ATTEMPTS) throw refusal('LimitExceededException');
    if (found.hash !== codeHash(user, code)) {
      this.#database.prepare(`UPDATE cognito_codes SET attempts = attempts + 1 ${where}`).run(...key);
      throw refusal('CodeMismatchException');
    }
    this.#database.prepare(`DELETE FROM cognito_codes ${where}`).run(...key);
  }
}

function codeHash({ pool, sub }: User, code: string): string {
  return createHash('sha256').update(`${pool} ${sub} ${code}`).digest('hex');
}
