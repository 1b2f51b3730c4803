/** All mail that was sent: a file each, and a row by which the page finds it. The file is first, so no row is without. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudContext } from '../service.ts';
import type { Stamp } from './compose-message.ts';

export interface Mail {
  readonly id: string;
  readonly from: string;
  /** Everyone whom it reaches, those of Bcc too. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

export interface SentMail extends Mail {
  /** Epoch ms. */
  readonly at: number;
}

export class Mailbox {
  readonly #context: CloudContext;
  readonly #folder: string;

  constructor(context: CloudContext) {
    this.#context = context;
    this.#folder = join(context.dataDir, 'mail');
    mkdirSync(this.#folder, { recursive: true });
    context.database.exec(`CREATE TABLE IF NOT EXISTS ses_mail (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, sender TEXT NOT NULL,
      recipients TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL) STRICT`);
  }

  /** As SES makes them: the time, a UUID, and six digits. */
  newId(): string {
    return `0100${this.#context.clock.now().toString(16).padStart(12, '0')}-${randomUUID()}-000000`;
  }

  stamp(messageId: string): Stamp {
    return { messageId, date: new Date(this.#context.clock.now()) };
  }

  /** Keeps a message; `source` is the whole of it, as it would leave by SMTP. */
  deliver({ id, from, to, subject, text, source }: Mail & { readonly source: string | Buffer }): void {
    const at = this.#context.clock.now();
    // ISO 8601's basic form: a colon is no character for a file's name everywhere.
    const time = new Date(at).toISOString().replace(/[-:]/g, '');
    writeFileSync(join(this.#folder, `${time}-${id}.eml`), source);
    this.#context.database
      .prepare('INSERT INTO ses_mail (id, at, sender, recipients, subject, text) VALUES (?, ?, ?, ?, ?, ?)')
      .run(id, at, from, JSON.stringify(to), subject, text);
    this.#context.log('ses.delivered', { messageId: id, to, subject });
  }

  /** The newest `most`, newest first. */
  newest(most: number): readonly SentMail[] {
    return this.#context.database.prepare('SELECT * FROM ses_mail ORDER BY seq DESC LIMIT ?').all(most).map(read);
  }

  find(id: string): SentMail | undefined {
    const row = this.#context.database.prepare('SELECT * FROM ses_mail WHERE id = ?').get(id);
    return row && read(row);
  }
}

function read(row: Record<string, unknown>): SentMail {
  return {
    id: String(row.id),
    at: Number(row.at),
    from: String(row.sender),
    to: JSON.parse(String(row.recipients)) as string[],
    subject: String(row.subject),
    text: String(row.text),
  };
}
