/**
 * The text of a body. JSON is UTF-8 (RFC 8259, 8.1), and forms are here too; a byte order mark is passed over. Anything
 * else is refused by name and not decoded with losses: a prompt of replacement characters would be charged and made. API
 * Gateway hands bodies on as text unless their type is a binary one, with U+FFFD in place of what it could not decode.
 * What is long to parse is refused before it is parsed. Pure.
 */
import { Refusal } from '../catalogue/refusal.ts';

/** Stands for bytes that were not text of the encoding. */
export const REPLACEMENT = '\ufffd';

export interface SentBody {
  /** As bytes, or as API Gateway decoded them. */
  readonly body: Buffer | string;
  readonly contentType: string;
  /** `Content-Encoding`, where it was sent. */
  readonly contentEncoding?: string | undefined;
}

/** Throws a Refusal where the body is compressed. */
export function assertPlain(contentEncoding = ''): void {
  const coding = contentEncoding.trim().toLowerCase();
  if (coding === '' || coding === 'identity') return;
  throw unreadable(`the body is encoded with ${coding}, which is not taken: send it as it is`);
}

/** Throws a Refusal where the body is compressed or not UTF-8. */
export function textOf({ body, contentType, contentEncoding }: SentBody): string {
  assertPlain(contentEncoding);
  const text = typeof body === 'string' ? body.replace(/^\ufeff/, '') : decoded(body, 'utf-8');
  const other = text === undefined ? otherEncoding(body) : encodingOfText(text);
  if (text !== undefined && other === undefined && !text.includes(REPLACEMENT)) return text;
  if (other === 'gzip') throw unreadable('the body is compressed with gzip, which is not taken: send it as it is');
  const declared = /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1];
  const named = other ?? (declared !== undefined && !/^utf-?8$/i.test(declared) ? declared : undefined);
  const what = named === undefined ? 'or has U+FFFD in it, which stands for what was not' : `but ${named}`;
  throw unreadable(`the body is not UTF-8, ${what}: send it as UTF-8`);
}

/** The text in an encoding; undefined where the bytes are not of it, or the encoding is not known. A mark at its beginning is no part of it. */
export function decoded(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function otherEncoding(body: Buffer | string): string | undefined {
  const [first = 0, second = 0] = Buffer.from(body);
  if (first === 0x1f && second === 0x8b) return 'gzip';
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) ? 'UTF-16' : undefined;
}

/** What a text is that was decoded as UTF-8 and was something else. */
function encodingOfText(text: string): string | undefined {
  if (text.startsWith(`\x1f${REPLACEMENT}`)) return 'gzip';
  // Its first letters are each beside a zero; no JSON and no form has one there.
  return text.slice(0, 4).includes('\0') ? 'UTF-16' : undefined;
}

/** Calls have a tenth of these at the most. */
const MOST_LEVELS = 20;
const MOST_MEMBERS = 2_000;

/** Throws a Refusal for JSON with more levels, or more members and items, than any call has. */
export function assertBounded(json: string): void {
  let levels = 0;
  let members = 0;
  for (let at = 0; at < json.length; at++) {
    const sign = json[at];
    if (sign === '"') at = endOfString(json, at);
    else if (sign === '{' || sign === '[') levels++;
    else if (sign === '}' || sign === ']') levels--;
    else if (sign === ',') members++;
    if (levels > MOST_LEVELS) throw unreadable(`the body nests deeper than ${MOST_LEVELS} levels`);
    if (members >= MOST_MEMBERS) throw tooMany();
  }
}

/** Where the string that begins at `start` ends. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let escapes = 0;
    while (json[end - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return end;
  }
  return json.length;
}

/**
 * Throws a Refusal for JSON that was said to be a form, as `curl -d` says unless it is told otherwise: it would be one
 * member with a name that nobody knows.
 */
export function assertForm(body: string, contentType: string): void {
  if (!/^\s*[{[]/.test(body)) return;
  const said = (contentType.split(';')[0] ?? '').trim();
  throw unreadable(
    `the body was read as a form, since its content type is ${said}, and it looks like JSON: send it with -H 'content-type: application/json'`,
  );
}

/** The members of an urlencoded form. Percent-encoded bytes that are not UTF-8 become U+FFFD, which no member may have. */
export function readForm(text: string): Record<string, string> {
  assertForm(text, 'application/x-www-form-urlencoded');
  if (text.split('&', MOST_MEMBERS + 1).length > MOST_MEMBERS) throw tooMany();
  return Object.fromEntries(new URLSearchParams(text));
}

function tooMany(): Refusal {
  return unreadable(`the body has more than ${MOST_MEMBERS.toLocaleString('en')} members`);
}

function unreadable(message: string): Refusal {
  return new Refusal('wrong_type', message);
}
