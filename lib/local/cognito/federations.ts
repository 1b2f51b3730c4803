/**
 * Sign-ins that are at another identity provider, and those that are back. Each belongs to one page (`uid`), whose
 * cookie the browser must show when it comes back: an answer cannot be planted in another browser.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

interface Federation {
  readonly pool: string;
  readonly uid: string;
  readonly provider: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** For people at the provider's own pages. */
const VALID_MS = 30 * 60_000;

export class Federations {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** The answer is the `state`, which only the browser holds. */
  begin(pool: string, uid: string, provider: string): Federation & { state: string; challenge: string } {
    const state = secret();
    const begun = { pool, uid, provider, nonce: secret(), verifier: secret() };
    this.#database.prepare('DELETE FROM cognito_federations WHERE expires <= ?').run(Date.now());
    this.#database
      .prepare('INSERT INTO cognito_federations VALUES (?, ?, ?, ?, ?, ?, NULL, ?)')
      .run(hashOf(state), pool, uid, provider, begun.nonce, begun.verifier, Date.now() + VALID_MS);
    return { ...begun, state, challenge: createHash('sha256').update(begun.verifier).digest('base64url') };
  }

  /** What the state is of, once: it is ended by being found. */
  take(pool: string, state: string): Federation | undefined {
    return this.#database
      .prepare(
        'DELETE FROM cognito_federations WHERE hash = ? AND pool = ? AND sub IS NULL AND expires > ? RETURNING *',
      )
      .get(hashOf(state), pool, Date.now()) as Federation | undefined;
  }

  /** A ticket with which the page of the sign-in goes on as this user. */
  end({ pool, uid, provider }: Federation, sub: string): string {
    const ticket = secret();
    this.#database
      .prepare("INSERT INTO cognito_federations VALUES (?, ?, ?, ?, '', '', ?, ?)")
      .run(hashOf(ticket), pool, uid, provider, sub, Date.now() + VALID_MS);
    return ticket;
  }

  /** The `sub` that the ticket is of, for its own page, once. */
  redeem(pool: string, uid: string, ticket: string): string | undefined {
    const row = this.#database
      .prepare('DELETE FROM cognito_federations WHERE hash = ? AND pool = ? AND uid = ? AND expires > ? RETURNING sub')
      .get(hashOf(ticket), pool, uid, Date.now());
    return typeof row?.sub === 'string' ? row.sub : undefined;
  }
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
