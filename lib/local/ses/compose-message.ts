/** Writes a message as RFC 5322 has it. Pure: who, when and which are arguments. */
import { headerText, quotedPrintable } from './mime-encoding.ts';

export interface Draft {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc?: readonly string[];
  readonly replyTo?: readonly string[];
  readonly subject: string;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
  /** More headers, checked for line breaks by the caller. */
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
}

/** What the service itself says in each message. */
export interface Stamp {
  readonly messageId: string;
  readonly date: Date;
}

export function composeMessage(draft: Draft, stamp: Stamp): string {
  const { text, html } = draft;
  const head = [
    ...stampHeaders(stamp),
    `From: ${draft.from}`,
    ...addresses('To', draft.to),
    ...addresses('Cc', draft.cc),
    ...addresses('Reply-To', draft.replyTo),
    `Subject: ${headerText(draft.subject)}`,
    ...(draft.headers ?? []).map(({ name, value }) => `${name}: ${headerText(value)}`),
    'MIME-Version: 1.0',
  ];
  if (text === undefined || html === undefined) {
    return lines([...head, ...(html === undefined ? part('plain', text ?? '') : part('html', html))]);
  }
  // The ids of messages differ, so no text holds its own boundary by chance.
  const boundary = `=_${stamp.messageId}`;
  return lines([
    ...head,
    `Content-Type: multipart/alternative;\r\n boundary="${boundary}"`,
    '',
    `--${boundary}`,
    ...part('plain', text),
    `--${boundary}`,
    ...part('html', html),
    `--${boundary}--`,
  ]);
}

/** A message that the caller composed, with the service's own Message-ID and Date, and without its Bcc. */
export function stampMessage(raw: string, stamp: Stamp): string {
  const [, head = '', body = ''] = /^([\s\S]*?\r?\n)(\r?\n[\s\S]*)?$/.exec(raw) ?? [];
  const kept = head.replace(/^(?:message-id|date|bcc)[ \t]*:.*\r?\n(?:[ \t].*\r?\n)*/gim, '');
  return `${lines(stampHeaders(stamp))}${kept}${body}`;
}

function stampHeaders({ messageId, date }: Stamp): readonly string[] {
  return [`Message-ID: <${messageId}@email.amazonses.com>`, `Date: ${date.toUTCString().replace('GMT', '+0000')}`];
}

/** One address a line: a long list makes no long line. */
function addresses(name: string, list: readonly string[] = []): readonly string[] {
  return list.length === 0 ? [] : [`${name}: ${list.join(',\r\n ')}`];
}

function part(kind: 'plain' | 'html', text: string): readonly string[] {
  return [
    `Content-Type: text/${kind}; charset=UTF-8`,
    'Content-Transfer-Encoding: quoted-printable',
    '',
    quotedPrintable(text),
  ];
}

function lines(list: readonly string[]): string {
  return list.map(line => `${line}\r\n`).join('');
}
