/**
 * The parts of a multipart body that is there whole, byte for byte (RFC 2046, 5.1; RFC 7578). A parser that hands out
 * text would decode what has no file name, which RFC 7578 (4.2) leaves to the sender, before anybody could see what it
 * is. Pure.
 */

export interface FormPart {
  readonly name: string;
  readonly fileName?: string;
  /** In small letters, without parameters; `text/plain` where the part does not say. */
  readonly contentType: string;
  readonly charset?: string;
  readonly bytes: Buffer;
}

/** Why a body is not such a form, for a reader. */
export class MalformedForm extends Error {}

const LINE_END = Buffer.from('\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');
const LONGEST_HEAD = 16 * 1024;

/** The parts that have a name, in their order; throws a MalformedForm. */
export function* formParts(contentType: string, body: Buffer): Generator<FormPart> {
  const boundary = parameterOf(contentType, 'boundary');
  if (!boundary) throw new MalformedForm('its content type names no boundary');
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first one may stand at the very beginning, without the line break that belongs to the others.
  const opening = delimiter.subarray(LINE_END.length);
  let at = body.subarray(0, opening.length).equals(opening) ? opening.length : afterNext(body, delimiter, 0);
  for (;;) {
    if (body.toString('latin1', at, at + 2) === '--') return;
    const headAt = lineEnd(body, at);
    // A part may have no header at all: then its head is the empty line alone.
    const headEnd = body.indexOf(HEAD_END, headAt - LINE_END.length);
    const head = body.subarray(headAt, Math.max(headAt, headEnd));
    if (headEnd < 0 || head.length > LONGEST_HEAD || head.includes(delimiter)) {
      throw new MalformedForm('a part has no end of its headers');
    }
    const end = body.indexOf(delimiter, headEnd + LINE_END.length);
    if (end < 0) throw new MalformedForm('it ends before its last boundary');
    const part = partOf(head.toString('utf8'), body.subarray(headEnd + HEAD_END.length, end));
    if (part) yield part;
    at = end + delimiter.length;
  }
}

function afterNext(body: Buffer, delimiter: Buffer, from: number): number {
  const found = body.indexOf(delimiter, from);
  if (found < 0) throw new MalformedForm('its boundary is not in it');
  return found + delimiter.length;
}

/** Behind the line break that ends a boundary; blanks may stand before it. */
function lineEnd(body: Buffer, at: number): number {
  let end = at;
  while (body[end] === 0x20 || body[end] === 0x09) end++;
  if (body.subarray(end, end + LINE_END.length).equals(LINE_END)) return end + LINE_END.length;
  throw new MalformedForm('it ends, or goes on, in the middle of a boundary');
}

function partOf(head: string, bytes: Buffer): FormPart | undefined {
  const headers = new Map(
    // A line that begins with a blank goes on with the one before.
    head
      .replace(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map(line => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
      }),
  );
  const disposition = headers.get('content-disposition') ?? '';
  const name = parameterOf(disposition, 'name');
  if (!/^form-data\s*;/i.test(disposition) || name === undefined) return undefined;
  const fileName = parameterOf(disposition, 'filename') ?? parameterOf(disposition, 'filename*');
  const type = headers.get('content-type') ?? 'text/plain';
  const charset = parameterOf(type, 'charset');
  return {
    name,
    ...(fileName !== undefined && { fileName }),
    contentType: (type.split(';')[0] ?? '').trim().toLowerCase(),
    ...(charset !== undefined && { charset }),
    bytes,
  };
}

/** A parameter of a header's value, such as `name` of `form-data; name="image"`. */
function parameterOf(value: string, wanted: string): string | undefined {
  for (const [, name = '', quoted, bare] of value.matchAll(
    /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g,
  )) {
    if (name.toLowerCase() === wanted) return quoted?.replace(/\\(.)/g, '$1') ?? bare;
  }
  return undefined;
}
