import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as fields from '../../functions/accounts/fields-contract.ts';
import { createKey } from '../../functions/keys/contract.ts';
import { maskedAddress, oneLine } from '../../functions/runtime/mail-text.ts';

const BREAKS = ['\n', '\r\n', '\u0000', '\u0085', '\u2028', '\u2029', '\u007f'];

describe('the subject of an e-mail', () => {
  it('is one line, whatever is in it', () => {
    for (const text of BREAKS) expect(oneLine(`key${text}Bcc: all`)).toBe('key Bcc: all');
    expect(oneLine('Schlüssel 🎬 80 %')).toBe('Schlüssel 🎬 80 %');
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(oneLine(text))));
  });

  it('gets no line break from what a key or an account is called', () => {
    const key = (name: string) => createKey.input.safeParse({ name, permissions: ['videos:read'] }).success;
    for (const text of BREAKS) {
      expect(key(`a${text}b`), JSON.stringify(text)).toBe(false);
      expect(fields.name.safeParse(`a${text}b`).success, JSON.stringify(text)).toBe(false);
    }
    expect(key('Schlüssel 🎬')).toBe(true);
  });
});

describe('an address, masked', () => {
  it.each([
    ['ana@example.com', 'a…@example.com'],
    ['a@example.com', 'a…@example.com'],
    ['"a@b"@example.com', '"…@example.com'],
    ['@example.com', '…'],
    ['', '…'],
  ])('%s is %s', (address, masked) => {
    expect(maskedAddress(address)).toBe(masked);
  });
});
