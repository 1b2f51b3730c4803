/**
 * Inspects a document, a PDF or an image, without rendering it. Of a PDF: whether it is whole, can be read without a
 * password, and holds no program. What hides within compressed objects is not seen: whoever reviews opens it in a viewer
 * that runs nothing. Source: ISO 32000-2, 7.5 (file structure), 7.6 (encryption), 12.6.4 (actions). Pure.
 */
import { Refusal } from '../catalogue/refusal.ts';
import { inspectImage } from './image-inspection.ts';

export interface DocumentFacts {
  readonly contentType: string;
}

/** The type of the document by its bytes; throws a Refusal that says what is wrong with it. `contentType` was announced. */
export function inspectDocument(bytes: Buffer, contentType: string): DocumentFacts {
  if (contentType !== 'application/pdf') return inspectImage(bytes);
  const fault = pdfFault(bytes);
  if (fault !== undefined) throw new Refusal('invalid_parameter', fault);
  return { contentType };
}

/** Where the end of the file must say that it is one; some writers pad behind it. */
const TAIL_BYTES = 1024;

/** Names that start a program or another file, and what is said of them. */
const ACTIVE: Readonly<Record<string, string>> = {
  '/JavaScript': 'it holds JavaScript',
  '/JS': 'it holds JavaScript',
  '/Launch': 'it starts another program',
  '/EmbeddedFile': 'it holds another file',
  '/RichMedia': 'it holds media that play',
};

/** What is wrong with the file; undefined where nothing is seen. */
export function pdfFault(bytes: Buffer): string | undefined {
  const text = bytes.toString('latin1');
  if (!/^%PDF-[12]\.\d/.test(text)) return 'its bytes are no PDF: it does not begin with %PDF-';
  if (!/startxref\s+\d+\s+%%EOF/.test(text.slice(-TAIL_BYTES))) return 'the PDF is not whole: its end is missing';
  const structure = plainNames(withoutStreams(text));
  if (!/\/Root\b/.test(structure)) return 'the PDF is not whole: it has no catalog';
  if (names(structure, '/Encrypt')) return 'the PDF is encrypted: send it without a password';
  const active = Object.entries(ACTIVE).find(([name]) => names(structure, name));
  return active && `${active[1]}: print it to a new PDF and send that`;
}

/** How data begins (ISO 32000-2, 7.3.8): behind its dictionary, before a line break. The word alone may stand in a comment. */
const STREAM = />>\s*stream\r?\n/g;
/** A comment reaches from here to the end of its line; a string may hold the sign too, which does no harm. */
const MAYBE_COMMENT = /%[^%\r\n]*$/;

/** What stands in streams is data, where a name means nothing. What only may be a stream is looked at. */
function withoutStreams(text: string): string {
  let kept = '';
  let at = 0;
  // A match ends with its line, so that no comment reaches from before it to behind it.
  let lookedAt = 0;
  for (const { index, 0: begin } of text.matchAll(STREAM)) {
    // Within the data before it.
    if (index < at) continue;
    const before = text.slice(Math.max(at, lookedAt), index);
    const start = index + begin.length;
    lookedAt = start;
    if (MAYBE_COMMENT.test(before)) continue;
    const end = text.indexOf('endstream', start);
    if (end === -1) break;
    kept += text.slice(at, start);
    at = end + 'endstream'.length;
  }
  return kept + text.slice(at);
}

/** A name may be written with any of its letters as #xx. */
function plainNames(text: string): string {
  return text.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Whether a name stands there whole, and not as the beginning of a longer one. */
function names(structure: string, name: string): boolean {
  return new RegExp(`${name}(?![A-Za-z0-9_.-])`).test(structure);
}
