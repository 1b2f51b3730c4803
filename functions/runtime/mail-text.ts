/** What of a letter needs care: a head is one line, and an address is of a person. Pure. */

/** On one line: SES refuses a letter whose subject has a line break, and what a customer named may stand in one. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}

/** `a…@example.com`: enough to know an address by, for what is kept for good. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const [first = ''] = address;
  return at > 0 ? `${first}…${address.slice(at)}` : '…';
}
