/**
 * A certificate as PDF: what it says for people, and the certificate itself attached, with the manifest where that is small.
 * What counts is what is attached: the page is made of it, and is not signed. The same bytes for the same certificate. Pure.
 */
import PDFDocument from 'pdfkit';
import { type Certificate, type SealedCertificate, sealedText } from './certificate.ts';
import { type NamedText, SEALED_NAME } from './certificate-files.ts';
import { sectionsOf, subjectWords } from './words.ts';

/** Points, of A4: 595 by 842. */
const MARGIN = 56;
const WIDTH = 483;
const GREY = '#666666';
const RULE = '#cccccc';

/** `font` is a TrueType font, whole: what is used of it is put into the PDF. `parts`: of the manifest. */
export async function certificatePdf(
  font: Uint8Array,
  certificate: Certificate,
  sealed: SealedCertificate,
  parts: readonly NamedText[],
): Promise<Uint8Array> {
  const at = new Date(certificate.issued_at);
  const page = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    // Not one of PDF's own fonts, of which the library reads measures from files beside it.
    font: Buffer.from(font) as unknown as string,
    // Else the time at which it is made, which would make other bytes.
    info: {
      Title: `Certificate of deletion ${certificate.id}`,
      Author: certificate.issuer,
      CreationDate: at,
      ModDate: at,
    },
    lang: 'en',
    // What is packed can be packed otherwise and be the same: of what is attached, each byte counts.
    compress: false,
  });
  const chunks: Uint8Array[] = [];
  page.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  page.on('end', resolve);
  draw(page, certificate);
  const dates = { creationDate: at, modifiedDate: at };
  page.file(Buffer.from(sealedText(sealed)), { name: SEALED_NAME, type: 'application/json', ...dates });
  for (const { name, text } of parts) page.file(Buffer.from(text), { name, type: 'application/x-ndjson', ...dates });
  page.end();
  await ended;
  return Buffer.concat(chunks);
}

function draw(page: PDFKit.PDFDocument, certificate: Certificate): void {
  const { id, issuer, issued_at, time_stamp } = certificate;
  page.fontSize(20).text('Certificate of deletion', MARGIN, MARGIN, { width: WIDTH });
  page.moveDown(0.3).fontSize(10).fillColor(GREY).text(subjectWords(certificate), { width: WIDTH });
  page.moveDown(1);
  for (const [name, value] of [
    ['Certificate', id],
    ['Issued by', issuer],
    ['Issued at', issued_at],
    ['Time stamp', time_stamp === 'none' ? 'none: no authority stamped its time' : 'attached, as of RFC 3161'],
  ] as const) {
    const { y } = page;
    page.fontSize(9).fillColor(GREY).text(name, MARGIN, y, { width: 90 });
    page.fillColor('black').text(value, MARGIN + 90, y, { width: WIDTH - 90 });
    page.moveDown(0.3);
  }
  for (const { title, lines } of sectionsOf(certificate)) {
    page.moveDown(1);
    page
      .moveTo(MARGIN, page.y)
      .lineTo(MARGIN + WIDTH, page.y)
      .lineWidth(0.5)
      .strokeColor(RULE)
      .stroke();
    page.moveDown(0.6).fontSize(12).fillColor('black').text(title, MARGIN, page.y, { width: WIDTH });
    page.moveDown(0.4).fontSize(9);
    for (const line of lines) page.text(line, { width: WIDTH }).moveDown(0.3);
  }
  page.moveDown(1.5).fontSize(8).fillColor(GREY);
  page.text(
    `The attached ${SEALED_NAME} is the certificate; this page is made of it. It is signed (JWS, ES256): the public keys are at /.well-known/jwks.json of the platform, where GET /v1/certificates/${id} has the certificate for everybody too.`,
    { width: WIDTH },
  );
}
