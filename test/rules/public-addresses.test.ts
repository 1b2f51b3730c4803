import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublic } from '../../functions/http/safe-fetch.ts';

/** IANA's special-purpose registries: what is not, or may not be, the public internet. */
const V4 = {
  'this network': '0.0.0.0/8',
  'private 10': '10.0.0.0/8',
  'carrier-grade NAT': '100.64.0.0/10',
  loopback: '127.0.0.0/8',
  'link-local, where cloud metadata lives': '169.254.0.0/16',
  'private 172.16': '172.16.0.0/12',
  'protocol assignments': '192.0.0.0/24',
  'documentation 1': '192.0.2.0/24',
  'AS112 redirect': '192.31.196.0/24',
  AMT: '192.52.193.0/24',
  '6to4 relays': '192.88.99.0/24',
  'private 192.168': '192.168.0.0/16',
  'AS112 direct': '192.175.48.0/24',
  benchmarking: '198.18.0.0/15',
  'documentation 2': '198.51.100.0/24',
  'documentation 3': '203.0.113.0/24',
  multicast: '224.0.0.0/4',
  'reserved and broadcast': '240.0.0.0/4',
};
const V6 = {
  'unspecified, loopback and IPv4 in its oldest clothes': '::/96',
  'IPv4 translated': '0:0:0:0:ffff:0::/96',
  NAT64: '64:ff9b::/96',
  'local NAT64': '64:ff9b:1::/48',
  discard: '100::/64',
  Teredo: '2001::/32',
  'protocol assignments': '2001::/23',
  documentation: '2001:db8::/32',
  '6to4': '2002::/16',
  'AS112 direct': '2620:4f:8000::/48',
  'documentation 2': '3fff::/20',
  unallocated: '4000::/2',
  'segment routing': '5f00::/16',
  'unique local': 'fc00::/7',
  'link-local': 'fe80::/10',
  'site-local': 'fec0::/10',
  multicast: 'ff00::/8',
};

const v4Text = (value: number) => [24, 16, 8, 0].map(shift => (value >>> shift) & 0xff).join('.');
const v6Text = (value: bigint) => (value.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join(':');
const v4Value = (text: string) => text.split('.').reduce((value, part) => value * 256 + Number(part), 0);

function v6Value(text: string): bigint {
  const [left = '', right = ''] = text.split('::');
  const groups = (part: string) => part.split(':').filter(Boolean);
  const zeros = Array.from({ length: 8 - groups(left).length - groups(right).length }, () => '0');
  return [...groups(left), ...zeros, ...groups(right)].reduce(
    (value, group) => (value << 16n) | BigInt(`0x${group}`),
    0n,
  );
}

interface Range {
  readonly first: bigint;
  readonly last: bigint;
}

function range(text: string, width: 32 | 128): Range {
  const [base = '', prefix = ''] = text.split('/');
  const span = 1n << BigInt(width - Number(prefix));
  const value = width === 32 ? BigInt(v4Value(base)) : v6Value(base);
  const first = value - (value % span);
  return { first, last: first + span - 1n };
}

const within = ({ first, last }: Range) => fc.oneof(fc.constantFrom(first, last), fc.bigInt({ min: first, max: last }));
const inNone = (value: bigint, ranges: readonly Range[]) =>
  ranges.every(({ first, last }) => value < first || value > last);

describe.each(Object.entries(V4))('%s, %s', (_name, text) => {
  it('is not public, plain or in IPv6 clothes', () => {
    fc.assert(
      fc.property(within(range(text, 32)), value => {
        const dotted = v4Text(Number(value));
        expect(isPublic(dotted)).toBe(false);
        expect(isPublic(`::ffff:${dotted}`)).toBe(false);
        expect(isPublic(v6Text((0xffffn << 32n) | value))).toBe(false);
        expect(isPublic(v6Text((0x2002n << 112n) | (value << 80n)))).toBe(false);
        expect(isPublic(v6Text((0x64ff9bn << 96n) | value))).toBe(false);
        expect(isPublic(v6Text(value))).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});

describe.each(Object.entries(V6))('%s, %s', (_name, text) => {
  it('is not public', () => {
    fc.assert(
      fc.property(within(range(text, 128)), value => {
        expect(isPublic(v6Text(value))).toBe(false);
      }),
    );
  });
});

describe('what is in none of these', () => {
  it('is public in IPv4', () => {
    const ranges = Object.values(V4).map(text => range(text, 32));
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }), value => {
        fc.pre(inNone(value, ranges));
        expect(isPublic(v4Text(Number(value)))).toBe(true);
      }),
    );
  });

  it('is public in the part of IPv6 that is given out, 2000::/3', () => {
    const ranges = Object.values(V6).map(text => range(text, 128));
    fc.assert(
      fc.property(within(range('2000::/3', 128)), value => {
        fc.pre(inNone(value, ranges));
        expect(isPublic(v6Text(value))).toBe(true);
      }),
    );
  });

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '100.63.255.255',
    '172.32.0.1',
    '::ffff:1.1.1.1',
    '2606:4700:4700::1111',
    '2a00:1450::1',
  ])('is public: %s', address => {
    expect(isPublic(address)).toBe(true);
  });
});
