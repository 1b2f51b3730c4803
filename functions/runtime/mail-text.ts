/** Text of e-mails that needs care: a header is one line, and an address is personal data. Pure. */

/** On one line: SES refuses an e-mail whose subject has a line break, and a name that a customer chose may have one. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}

/** `a…@example.com`: enough to recognise an address, for what is kept for ever. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const [first = ''] = address;
  return at > 0 ? `${first}…${address.slice(at)}` : '…';
}
