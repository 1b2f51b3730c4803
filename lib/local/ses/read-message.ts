/** Reads of a message what its page shows: some headers, and the first text in it. Pure. */
import { decodeText, fromQuotedPrintable, readHeaderText } from './mime-encoding.ts';

export interface ReadMessage {
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
