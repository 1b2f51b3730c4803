/** The files that a PDF of ours carries, byte for byte: streams of the type EmbeddedFile. Pure. */

const HEAD =
  /<<(?:[^<>]|<<[^<>]*>>|<[0-9a-fA-F]*>)*\/Type \/EmbeddedFile(?:[^<>]|<<[^<>]*>>|<[0-9a-fA-F]*>)*>>\s*stream\r?\n/g;

/** Their contents. Throws where a length is not right, and where one is packed: ours are not. */
export function attachmentsOf(pdf: Uint8Array): Buffer[] {
  const bytes = Buffer.from(pdf);
  const text = bytes.toString('latin1');
  return [...text.matchAll(HEAD)].map(match => {
    const [head] = match;
    const start = match.index + head.length;
    const length = Number(/\/Length (\d+)/.exec(head)?.[1]);
    const end = start + length;
    if (!/^\r?\nendstream/.test(text.slice(end, end + 12)))
      throw new Error('an attachment of the PDF has another length');
    if (head.includes('/Filter')) throw new Error('an attachment of the PDF is packed');
    return bytes.subarray(start, end);
  });
}
