/**
 * A document as PDF, of one page: made of its record alone, and the same bytes whenever it is made of the same. The font has
 * Latin, Greek, Cyrillic, Arabic, Hebrew, Armenian and Georgian letters. A character that it does not have, such as of
 * Chinese or Japanese, stands as a box, and the page says where the text is whole: in the record. Pure.
 */
import PDFDocument from 'pdfkit';
import { moneyText } from '../catalogue/currencies.ts';
import { DOCUMENT_WORDS, type InvoiceDocument, taxNote } from './document.ts';

/** Points, of A4: 595 by 842. */
const LEFT = 56;
const RIGHT = 539;
const MIDDLE = 310;
const COLUMN = 229;
const SMALL = 9;
const GREY = '#666666';

const BOX = '\u25a1';

/** `font` is a TrueType font, whole: what is used of it is put into the PDF. */
export async function pdfOf(font: Uint8Array, document: InvoiceDocument): Promise<Uint8Array> {
  const page = new PDFDocument({
    size: 'A4',
    margin: LEFT,
    // Not one of PDF's own fonts, of which the library reads measures from files beside it.
    font: Buffer.from(font) as unknown as string,
    info: {
      Title: `${title(document)} ${document.number}`,
      Author: document.issuer.name,
      // Else the time at which it is made, which would make other bytes.
      CreationDate: new Date(document.issuedAt),
      ModDate: new Date(document.issuedAt),
    },
    lang: 'en',
  });
  const chunks: Uint8Array[] = [];
  page.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  page.on('end', resolve);
  draw(page, document);
  page.end();
  await ended;
  return Buffer.concat(chunks);
}

function draw(page: PDFKit.PDFDocument, document: InvoiceDocument): void {
  const { issuer, customer, number, issuedAt, valueDate, reference, corrects } = document;
  const { shown, isWhole } = readable(page);
  page.fontSize(20).text(title(document), LEFT, LEFT);
  const facts = [
    ['Number', number],
    ['Date', issuedAt.slice(0, 10)],
    [document.kind === 'credit_note' ? 'Paid back' : 'Paid', valueDate],
    ['Payment', shown(reference)],
    ...(corrects ? [['Corrects', corrects.number]] : []),
  ];
  let y = 96;
  for (const [name = '', value = ''] of facts) {
    page.fontSize(SMALL).fillColor(GREY).text(name, LEFT, y, { width: 80 });
    page.fillColor('black').text(value, LEFT + 80, y, { width: RIGHT - LEFT - 80 });
    y = page.y + 3;
  }
  const parties = y + 24;
  const below = Math.max(
    party(page, LEFT, parties, 'From', [
      shown(issuer.name),
      shown(issuer.address),
      issuer.country,
      named('Tax number', issuer.taxId),
    ]),
    party(page, MIDDLE, parties, 'To', [
      shown(customer.name),
      shown(customer.address ?? ''),
      customer.country ?? '',
      named('Register', shown(customer.registrationNumber ?? '')),
      named('Tax number', customer.taxId ?? ''),
    ]),
  );
  y = amounts(page, below + 30, document) + 24;
  const notes = [taxNote(document), isWhole() ? '' : `Characters that this font does not have stand as ${BOX}.`];
  if (!isWhole()) notes.push(`They are whole at GET /v1/invoices/${document.invoiceId}.`);
  for (const note of notes.filter(Boolean)) {
    page
      .fontSize(SMALL)
      .fillColor(GREY)
      .text(note, LEFT, y, { width: RIGHT - LEFT });
    y = page.y + 6;
  }
}

/** Returns where it ends. */
function party(page: PDFKit.PDFDocument, x: number, y: number, heading: string, lines: readonly string[]): number {
  page.fontSize(SMALL).fillColor(GREY).text(heading, x, y, { width: COLUMN });
  page.fontSize(10).fillColor('black');
  for (const line of lines.filter(Boolean)) page.text(line, x, page.y + 2, { width: COLUMN });
  return page.y;
}

/** What it is of, and net, tax and total below each other. Returns where it ends. */
function amounts(page: PDFKit.PDFDocument, top: number, document: InvoiceDocument): number {
  const { description, currency, net, tax, total, taxRate, taxCountry } = document;
  const rate = `${taxRate / 100} %`;
  const rows = [
    [description, net],
    [`Tax ${taxCountry === undefined ? rate : `${taxCountry} ${rate}`}`, tax],
    [document.kind === 'credit_note' ? 'Credited in total' : 'Total', total],
  ] as const;
  let y = top;
  for (const [text, amount] of rows) {
    page.moveTo(LEFT, y).lineTo(RIGHT, y).lineWidth(0.5).strokeColor(GREY).stroke();
    page.fontSize(10).fillColor('black');
    page.text(moneyText(amount, currency), MIDDLE + 60, y + 8, { width: RIGHT - MIDDLE - 60, align: 'right' });
    page.text(text, LEFT, y + 8, { width: MIDDLE + 50 - LEFT });
    y = page.y + 8;
  }
  page.moveTo(LEFT, y).lineTo(RIGHT, y).lineWidth(1).strokeColor('black').stroke();
  return y;
}

function title({ kind }: InvoiceDocument): string {
  const words = DOCUMENT_WORDS[kind];
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

function named(name: string, value: string): string {
  return value === '' ? '' : `${name} ${value}`;
}

/** What of a text the page's font can show, and whether that was all of every text. */
function readable(page: PDFKit.PDFDocument) {
  const { _font } = page as unknown as { _font: { font: { hasGlyphForCodePoint(point: number): boolean } } };
  let isWhole = true;
  const shown = (text: string): string =>
    Array.from(text.normalize('NFC'), character => {
      if (_font.font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0)) return character;
      isWhole = false;
      return BOX;
    }).join('');
  return { shown, isWhole: () => isWhole };
}
