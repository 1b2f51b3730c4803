/** Addresses as SES takes them: `a@example.com` or `Name <a@example.com>`. Pure. */

export interface Address {
  /** As given. */
  readonly text: string;
  /** Without the name. */
  readonly plain: string;
  readonly name: string;
}

const PLAIN = /^[^\s<>()[\]\\,;:"@]{1,64}@[A-Za-z0-9.-]{1,255}$/;
const NAMED = /^(?:("(?:[^"\\]|\\.)*"|[^<>",;:@]*)\s*)<([^<>]+)>$/;

/** The address, or why SES would not take it. */
export function readAddress(text: string): Address | string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what would end a header and begin another.
  if (/[\u0000-\u001f\u007f]/.test(text)) return 'has a line break or another control character';
  if (/[^ -~]/.test(text)) {
    return 'has characters outside ASCII: write a name with such characters as an encoded-word (RFC 2047)';
  }
  const [, quoted = '', inBrackets] = NAMED.exec(text.trim()) ?? [];
  const plain = inBrackets ?? text.trim();
  if (!PLAIN.test(plain)) return 'is not an email address';
  return { text: text.trim(), plain, name: quoted.trim().replace(/^"(.*)"$/, '$1') };
}

/** The addresses of a header such as To: commas within quotes do not divide. */
export function splitAddresses(header: string): readonly string[] {
  return (header.match(/(?:"(?:[^"\\]|\\.)*"|[^",])+/g) ?? []).map(text => text.trim()).filter(text => text !== '');
}

/** What may be an identity for the address, the closest first: itself, its domain, and the domains above that one. */
export function identitiesFor(plain: string): readonly string[] {
  const address = plain.toLowerCase();
  const labels = address.slice(address.lastIndexOf('@') + 1).split('.');
  return [address, ...labels.map((_, index) => labels.slice(index).join('.'))];
}
