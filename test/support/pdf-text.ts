/** The text of a PDF as a reader copies it: its glyphs by the font's own table of what each stands for. */
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import type { InvoiceDocument } from '../../functions/invoices/document.ts';
import { pdfOf } from '../../functions/invoices/pdf.ts';

const FONT = readFileSync('functions/invoices/fonts/DejaVuSans.ttf');

export async function textOf(document: InvoiceDocument): Promise<string> {
  const bytes = Buffer.from(await pdfOf(FONT, document));
  const streams = [...bytes.toString('latin1').matchAll(/stream\n([\s\S]*?)\nendstream/g)].flatMap(([, body = '']) => {
    try {
      return [inflateSync(Buffer.from(body, 'latin1')).toString('latin1')];
    } catch {
      return [];
    }
  });
  const table = streams.find(stream => stream.includes('beginbfrange'));
  const page = streams.find(stream => stream.includes('BT'));
  if (table === undefined || page === undefined) throw new Error('the PDF has no table of characters, or no page');
  const characters = [...table.matchAll(/<([0-9a-f]{4,8})>(?=[^[]*\])/g)].map(([, hex = '']) =>
    Buffer.from(hex, 'hex').swap16().toString('utf16le'),
  );
  return [...page.matchAll(/\[(.*?)\] TJ/g)]
    .map(([, run = '']) =>
      [...run.matchAll(/<([0-9a-f]+)>/g)]
        .flatMap(([, glyphs = '']) => glyphs.match(/.{4}/g) ?? [])
        .map(glyph => characters[Number.parseInt(glyph, 16)])
        .join(''),
    )
    .join('\n');
}
