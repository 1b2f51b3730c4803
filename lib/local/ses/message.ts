/** Writes a message as RFC 5322 has it. Pure: who, when and which are arguments. */

interface Draft {
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

// The transfer encodings of MIME: quoted-printable (RFC 2045), and encoded-words in headers (RFC 2047). Pure.

/** A line has at most 76 characters, with the `=` that says it goes on. */
const LINE = 76;
/** So many bytes are 48 characters of base64 and 12 around them, which leaves room for the header's name on the first line. */
const WORD_BYTES = 36;

function quotedPrintable(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(line => {
      const tokens = [...Buffer.from(line)].map((byte, index, { length }) => {
        const plain = (byte >= 33 && byte <= 126 && byte !== 61) || ((byte === 32 || byte === 9) && index < length - 1);
        return plain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
      });
      const lines = [''];
      for (const [index, token] of tokens.entries()) {
        const room = index === tokens.length - 1 ? LINE : LINE - 1;
        if ((lines.at(-1) ?? '').length + token.length > room) lines.push('');
        lines[lines.length - 1] += token;
      }
      return lines.join('=\r\n');
    })
    .join('\r\n');
}

function fromQuotedPrintable(text: string): Buffer {
  const joined = text.replace(/[ \t]+(?=\r?$)/gm, '').replace(/=\r?\n/g, '');
  return Buffer.from(
    joined.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

/** The value of an unstructured header: short ASCII as it is, all else as encoded-words, one a line. */
function headerText(text: string): string {
  if (/^[ -~]{0,60}$/.test(text) && !text.includes('=?') && text.trim() === text) return text;
  const words = [''];
  for (const character of text) {
    const last = words.length - 1;
    if (Buffer.byteLength(words[last] + character) > WORD_BYTES) words.push(character);
    else words[last] += character;
  }
  return words.map(word => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ');
}

/** A header's value as a person reads it. */
function readHeaderText(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?([^?]+)\?([BbQq])\?([^?]*)\?=/g, (_, charset: string, encoding: string, encoded: string) => {
      const base64 = encoding.toUpperCase() === 'B';
      const bytes = base64 ? Buffer.from(encoded, 'base64') : fromQuotedPrintable(encoded.replaceAll('_', ' '));
      return decodeText(bytes, charset);
    });
}

/** Text of a charset by its name; of an unknown one as Latin-1, so that nothing is lost. */
function decodeText(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

// Reads of a message what its page shows: some headers, and the first text in it. Pure.

interface ReadMessage {
  /** The value of a header, by its name in lower case; unfolded. */
  rawHeader(name: string): string | undefined;
  /** The same, decoded. */
  header(name: string): string | undefined;
  /** The first text/plain part, else the source of the first text/html; '' for neither. */
  readonly text: string;
}

/** A multipart message within so many others is read no further. */
const DEEPEST = 10;

/** `raw` has one character for each byte (latin1). */
export function readMessage(raw: string): ReadMessage {
  const { headers } = entity(raw);
  const texts = textsIn(raw, 0);
  const first = texts.find(({ kind }) => kind === 'text/plain') ?? texts[0];
  return {
    rawHeader: name => headers.get(name),
    header: name => {
      const found = headers.get(name);
      return found === undefined ? undefined : readHeaderText(decodeText(Buffer.from(found, 'latin1'), 'utf-8'));
    },
    text: first?.text ?? '',
  };
}

function entity(raw: string): { headers: ReadonlyMap<string, string>; body: string } {
  const [, head = '', body = ''] = /^([\s\S]*?)(?:\r?\n\r?\n([\s\S]*))?$/.exec(raw) ?? [];
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r?\n(?=[ \t])/g, '').split(/\r?\n/)) {
    const [, name, value = ''] = /^([!-9;-~]+)[ \t]*:(.*)$/.exec(line) ?? [];
    if (name !== undefined && !headers.has(name.toLowerCase())) headers.set(name.toLowerCase(), value.trim());
  }
  return { headers, body };
}

function textsIn(raw: string, depth: number): readonly { kind: string; text: string }[] {
  const { headers, body } = entity(raw);
  const type = headers.get('content-type') ?? 'text/plain; charset=us-ascii';
  const kind = type.split(';')[0]?.trim().toLowerCase() ?? '';
  if (kind.startsWith('multipart/') && depth < DEEPEST) {
    const boundary = parameter(type, 'boundary');
    if (boundary === undefined) return [];
    // The line break before a boundary is the boundary's.
    const parts = `\n${body}`.split(`\n--${boundary}`).slice(1);
    return parts.flatMap(part =>
      part.startsWith('--') ? [] : textsIn(part.replace(/^[ \t]*\r?\n|\r$/g, ''), depth + 1),
    );
  }
  const attached = /^attachment\b/i.test(headers.get('content-disposition') ?? '');
  if (attached || (kind !== 'text/plain' && kind !== 'text/html')) return [];
  const bytes = decodeBody(body, headers.get('content-transfer-encoding')?.toLowerCase());
  const text = decodeText(bytes, parameter(type, 'charset') ?? 'utf-8').replaceAll('\r\n', '\n');
  return [{ kind, text: text.replace(/\n$/, '') }];
}

function decodeBody(body: string, encoding: string | undefined): Buffer {
  if (encoding === 'base64') return Buffer.from(body, 'base64');
  return encoding === 'quoted-printable' ? fromQuotedPrintable(body) : Buffer.from(body, 'latin1');
}

function parameter(header: string, name: string): string | undefined {
  const [, quoted, plain] = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(header) ?? [];
  return quoted ?? plain;
}
