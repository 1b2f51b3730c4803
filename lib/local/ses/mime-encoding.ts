/** The transfer encodings of MIME: quoted-printable (RFC 2045), and encoded-words in headers (RFC 2047). Pure. */

/** A line has at most 76 characters, with the `=` that says it goes on. */
const LINE = 76;
/** So many bytes are 48 characters of base64 and 12 around them, which leaves room for the header's name on the first line. */
const WORD_BYTES = 36;

export function quotedPrintable(text: string): string {
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

export function fromQuotedPrintable(text: string): Buffer {
  const joined = text.replace(/[ \t]+(?=\r?$)/gm, '').replace(/=\r?\n/g, '');
  return Buffer.from(
    joined.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

/** The value of an unstructured header: short ASCII as it is, all else as encoded-words, one a line. */
export function headerText(text: string): string {
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
export function readHeaderText(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?([^?]+)\?([BbQq])\?([^?]*)\?=/g, (_, charset: string, encoding: string, encoded: string) => {
      const base64 = encoding.toUpperCase() === 'B';
      const bytes = base64 ? Buffer.from(encoded, 'base64') : fromQuotedPrintable(encoded.replaceAll('_', ' '));
      return decodeText(bytes, charset);
    });
}

/** Text of a charset by its name; of an unknown one as Latin-1, so that nothing is lost. */
export function decodeText(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}
