import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../../functions/catalogue/permissions.ts';
import { validate } from '../../functions/http/input.ts';
import { isWithin } from '../../functions/keys/authorization.ts';
import { changeKey, createKey } from '../../functions/keys/contract.ts';
import { parseChange, parseSpec, READ_ONLY } from '../../functions/keys/key-spec.ts';
import { refusalOf } from './refusal-of.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const spec = (requested: object) =>
  parseSpec(validate(createKey.input, { name: 'a key', read_only: true, ...requested }), NOW);
const change = (requested: object) => {
  const { id: _id, ...rest } = validate(changeKey.input, { id: 'key_1', ...requested });
  return parseChange(rest, NOW);
};
const refused = (requested: object) => refusalOf(() => spec(requested));

describe('a key spec', () => {
  it('is read whole', () => {
    const requested = {
      read_only: undefined,
      permissions: ['videos:create', 'videos:create'],
      functions: ['text_to_video'],
      models: ['v6'],
      addresses: ['203.0.113.0/24', '2001:DB8::7'],
      spend_limit: 500,
      expires_in_days: 2,
    };
    expect(spec(requested)).toEqual({
      name: 'a key',
      permissions: ['videos:create'],
      functions: ['text_to_video'],
      models: ['v6'],
      addresses: ['203.0.113.0/24', '2001:db8::7'],
      spendLimit: 500,
      expiresAtMs: NOW + 2 * 24 * 3600 * 1000,
    });
  });

  it('for reading alone has every permission to read and no other', () => {
    expect(spec({}).permissions).toEqual(READ_ONLY);
    expect(READ_ONLY).toEqual(PERMISSIONS.filter(name => /:read$/.test(name)));
  });

  it.each<[string, object, string | undefined, RegExp]>([
    ['no permission', { read_only: undefined }, 'permissions', /^permissions is required: name some of videos:create/],
    ['both forms of permission', { permissions: ['videos:read'] }, 'read_only', /send one of them/],
    [
      'a strange permission',
      { read_only: undefined, permissions: ['all'] },
      'permissions',
      /has all; there are videos/,
    ],
    ['a strange function', { functions: ['paint'] }, 'functions', /^functions has paint; there are text_to_video/],
    ['a strange model', { models: ['v99'] }, 'models', /^models has v99; there are v3\.5/],
    ['no functions at all', { functions: [] }, 'functions', /^functions is required/],
    ['a limit of nothing', { spend_limit: 0 }, 'spend_limit', /^spend_limit is not valid/],
    ['half a credit', { spend_limit: 1.5 }, 'spend_limit', /^spend_limit must be an integer/],
    ['a moment without a zone', { expires_at: '2027-01-01T00:00:00' }, 'expires_at', /with its zone/],
    ['a moment that never is', { expires_at: '2027-13-01T00:00:00Z' }, 'expires_at', /no such moment/],
    ['a moment that was', { expires_at: '2026-11-24T12:00:00Z' }, 'expires_at', /must lie ahead/],
    ['two ends', { expires_at: '2027-01-01T00:00:00Z', expires_in_days: 1 }, 'expires_in_days', /does not go with/],
    ['an empty name', { name: ' ' }, 'name', /^name is required/],
    ['a member that is none', { scope: 'all' }, 'scope', /^scope is not a member/],
  ])('with %s is refused by its member', (_what, requested, field, words) => {
    expect(refused(requested)).toMatchObject({ field, message: expect.stringMatching(words) });
  });

  it.each([
    'localhost',
    '10.1',
    '0x7f.0.0.1',
    '10.0.0.0/33',
    '10.0.0.0/',
    '::1/129',
    '10.0.0.0/8/8',
    '::ffff:10.0.0.1',
    '',
  ])('from %j is refused, with what would be right', address => {
    expect(refused({ addresses: [address] })).toMatchObject({ field: 'addresses' });
    expect(refused({ addresses: [address] })?.message).toContain('203.0.113.0/24');
  });

  it('for any address is accepted from that address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), address => {
        fc.pre(!/^::(ffff:)?\d+\./i.test(address) && !/^::ffff:/i.test(address));
        const [range = ''] = spec({ addresses: [address] }).addresses ?? [];
        // The dotted tail of an IPv6 address may make it a mapped one, which is an IPv4 address then.
        expect(isWithin(address, range)).toBe(true);
      }),
    );
  });
});

describe('a change of a key', () => {
  it('leaves what is left out and takes away what is null', () => {
    expect(change({})).toEqual({});
    expect(change({ functions: null, models: null, addresses: null, expires_at: null })).toEqual({
      functions: null,
      models: null,
      addresses: null,
      expiresAtMs: null,
    });
  });

  it('cannot take a spend limit away: jobs of before would give back to a limit of later', () => {
    expect(refusalOf(() => change({ spend_limit: null }))).toMatchObject({ field: 'spend_limit' });
  });
});
