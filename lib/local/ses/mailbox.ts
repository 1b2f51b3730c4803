/** All mail that was sent: a file each, and a row by which the page finds it. The file is first, so no row is without. */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../replace-file.ts';
import { AwsError, type AwsRequest, type AwsResponse, type CloudContext, type Service } from '../service.ts';
import type { Stamp } from './message.ts';

export interface Mail {
  readonly id: string;
  readonly from: string;
  /** Everyone whom it reaches, those of Bcc too. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

interface SentMail extends Mail {
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
    replaceFile(join(this.#folder, `${time}-${id}.eml`), source);
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

// The page of what was sent, for a person at this machine; `/_mail.json` is the same for a program.

const MOST_SHOWN = 200;

export function mailPage(mailbox: Mailbox): Service {
  return {
    signingName: '_mail',
    async handle(request) {
      refuseOtherHosts(request);
      if (request.method !== 'GET') throw new AwsError('MethodNotAllowed', 'The page of mail is only read', 405);
      if (request.path === '/_mail.json') {
        return { status: 200, headers: { 'content-type': 'application/json' }, body: list(mailbox) };
      }
      const [, id] = /^\/_mail(?:\/([^/]*))?$/.exec(request.path) ?? [];
      if (!id) return page('Mail', table(mailbox.newest(MOST_SHOWN)));
      const mail = mailbox.find(decodeURIComponent(id));
      if (!mail) throw new AwsError('NotFound', 'There is no such mail', 404);
      return page(mail.subject, mailBody(mail));
    },
    refuse: ({ message, status }) => ({ ...page(message, `<p>${escaped(message)}</p>`), status }),
  };
}

/**
 * Mail holds codes that let one in. Another name than loopback's means that a page of the web has been made to look
 * like this one (DNS rebinding).
 */
function refuseOtherHosts({ headers }: AwsRequest): void {
  const name = (headers.host ?? '').replace(/:\d+$/, '');
  if (name === '127.0.0.1' || name === 'localhost') return;
  throw new AwsError('Forbidden', 'Open this page as http://127.0.0.1 with the port', 403);
}

function list(mailbox: Mailbox): string {
  const mails = mailbox.newest(MOST_SHOWN).map(({ at, ...mail }) => ({ ...mail, time: new Date(at).toISOString() }));
  return JSON.stringify(mails);
}

function table(mails: readonly SentMail[]): string {
  if (mails.length === 0) return '<p>Nothing has been sent yet.</p>';
  const rows = mails.map(({ id, subject, from, to, at }) => {
    const link = `<a href="/_mail/${encodeURIComponent(id)}">${escaped(subject || '(no subject)')}</a>`;
    const cells = [link, escaped(from), escaped(to.join(', ')), escaped(new Date(at).toISOString())];
    return `<tr>${cells.map(cell => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const head = '<tr><th>Subject</th><th>From</th><th>To</th><th>Time</th></tr>';
  return `<table>${head}${rows.join('\n')}</table>`;
}

function mailBody({ from, to, at, text }: SentMail): string {
  return `<p><a href="/_mail">All mail</a></p>
<p>From ${escaped(from)}<br>To ${escaped(to.join(', '))}<br>${escaped(new Date(at).toISOString())}</p>
<pre>${withLinks(escaped(text))}</pre>`;
}

/** A link in a mail is there to be followed. `text` is escaped already. */
function withLinks(text: string): string {
  return text.replace(/https?:\/\/(?:&amp;|[^\s&])+/g, link => `<a href="${link}" rel="noreferrer">${link}</a>`);
}

function page(title: string, body: string): AwsResponse {
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      'cache-control': 'no-store',
    },
    body: `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title>
<style>body{font:16px/1.5 system-ui;margin:2rem auto;max-width:70rem;padding:0 1rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.4rem .8rem .4rem 0;border-bottom:1px solid #ccc;overflow-wrap:anywhere}
pre{white-space:pre-wrap;overflow-wrap:anywhere}</style>
<h1>${escaped(title)}</h1>
${body}
</html>
`,
  };
}

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, character => entities[character] ?? '');
}
