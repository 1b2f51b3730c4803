import { describe, expect, it } from 'vitest';
import { ACCOUNT_CURSOR, changedProfile } from '../../functions/accounts/account.ts';
import { CONSENT_WORDING } from '../../functions/accounts/agreements-contract.ts';
import { changedConsents, describeConsents } from '../../functions/accounts/consents.ts';
import { registerAccount } from '../../functions/accounts/contract.ts';
import { emailOf, TEMPLATE_NAMES } from '../../functions/accounts/email-templates.ts';
import { type Registration, register } from '../../functions/accounts/registration.ts';
import { currentTerms, refuseTerms, TERMS } from '../../functions/accounts/terms.ts';
import { refuseRegion } from '../../functions/catalogue/regions.ts';
import { validate } from '../../functions/http/input.ts';
import { refusalOf } from './refusal-of.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const BODY = registerAccount.example.body;
const read = (change: object = {}): Registration => validate(registerAccount.input, { ...BODY, ...change });
const WHO = { personId: 'user_1', address: '203.0.113.7', refusedRegions: ['NO'] };
const tools = { now: NOW, random: (bytes: number) => new Uint8Array(bytes).fill(7) };

describe('a registration', () => {
  it('makes an account that may apply and nothing more: no credits, no API Gateway key, its address not verified', () => {
    const { account, person, acceptance, verification } = register(read(), WHO, tools);
    expect(account).toMatchObject({ status: 'registered', plan: 'trial', available: 0, held: 0, running: 0 });
    expect(account).toMatchObject({ applicationStatus: 'registered', statusSince: '2026-11-24T12:00:00.000Z' });
    expect(account.gatewayKeyId ?? account.gatewayKeyValue ?? account.emailVerifiedAt).toBeUndefined();
    expect(person).toMatchObject({ personId: 'user_1', accountId: account.accountId, state: 'active' });
    expect(acceptance).toMatchObject({ acceptedBy: 'user_1', how: 'registration', address: '203.0.113.7' });
    expect(verification).toMatchObject({ purpose: 'verify', email: 'ana@faro.example' });
  });

  it.each([
    [{ company: undefined }, 'company'],
    [{ kind: 'person' }, 'company'],
    [{ email: 'ana' }, 'email'],
    [{ email: 'ana@faro.example\nBcc: all@faro.example' }, 'email'],
    [{ name: 'Ana\nBcc: x' }, 'name'],
    [{ name: 'URGENT your payout is blocked, go to https://pay.example/x' }, 'name'],
    [{ name: 'Confirm at pay-now.example' }, 'name'],
    [{ name: 'ana@pay.example' }, 'name'],
    [{ name: 'www。pay。example' }, 'name'],
    [{ name: 'call 192.0.2.7' }, 'name'],
    [{ name: 'Ana \u202eelpmaxe' }, 'name'],
    [{ name: 'Ana \u2066Faro' }, 'name'],
    [{ name: 'Ana\u200b' }, 'name'],
    [{ name: 'Ana\u0007' }, 'name'],
    [{ company: { ...BODY.company, name: 'Faro https://pay.example' } }, 'company.name'],
    [{ company: { ...BODY.company, address: 'Calle \u202e1' } }, 'company.address'],
    [{ phone: '911 234 567' }, 'phone'],
    [{ country: 'Spain' }, 'country'],
    [{ declared_use: { text: 'films', categories: ['education'] } }, 'declared_use.text'],
    [{ declared_use: { text: 'Short films for our lessons', categories: [] } }, 'declared_use.categories'],
    [{ role: 'operator' }, 'role'],
  ])('with %j is refused by the name of the member', (change, field) => {
    expect(refusalOf(() => read(change))?.field).toBe(field);
  });

  it.each(['J. R. R. Tolkien', 'Dr. José Nuñez-O’Brien', '山田 太郎', 'می\u200cخواهم', 'Ana S.L. 2', 'Ana v.d. Berg'])(
    'takes the name %s',
    name => {
      expect(read({ name }).name).toBe(name);
    },
  );

  it('takes the name of a company that is called like its host', () => {
    const company = { ...BODY.company, name: 'Faro.example Ltd.' };
    expect(read({ company }).company?.name).toBe('Faro.example Ltd.');
  });

  it('accepts the terms in effect and no others', () => {
    const { version } = currentTerms(NOW);
    const refused = refusalOf(() => register(read({ terms_version: '2020-01-01' }), WHO, tools));
    expect(refused).toMatchObject({ kind: 'invalid_parameter', field: 'terms_version' });
    expect(refused?.message).toContain(version);
  });
});

describe('the regions', () => {
  it('are refused in words: those of the table, those of the stage, and what is no country', () => {
    expect(refuseRegion('ES', [])).toBeUndefined();
    expect(refuseRegion('KP', [])).toMatchObject({ kind: 'region_not_served', field: 'country' });
    expect(refuseRegion('KP', [])?.message).toContain('North Korea (KP)');
    expect(refuseRegion('NO', ['NO'])?.message).toContain('Norway (NO)');
    expect(refuseRegion('NO', [])).toBeUndefined();
    expect(refuseRegion('XX', [])).toMatchObject({ kind: 'invalid_parameter', field: 'country' });
    expect(refusalOf(() => register(read({ country: 'NO' }), WHO, tools))?.kind).toBe('region_not_served');
  });
});

describe('the terms', () => {
  it('are each a version of its own, oldest first', () => {
    const moments = TERMS.map(({ effectiveAt }) => Date.parse(effectiveAt));
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    expect(new Set(TERMS.map(({ version }) => version)).size).toBe(TERMS.length);
  });

  it('in effect can be accepted, and an unknown version cannot', () => {
    expect(refuseTerms(currentTerms(NOW).version, NOW, 'version')).toBeUndefined();
    expect(refuseTerms('1999-01-01', NOW, 'version')?.field).toBe('version');
  });
});

describe('consents', () => {
  const by = { by: 'user_1', at: '2026-11-24T12:00:00.000Z' };
  const { version } = CONSENT_WORDING;

  it('are not given until a person gives them, each alone', () => {
    expect(describeConsents()).toMatchObject({ promotion: { given: false }, improvement: { given: false } });
    const after = changedConsents({}, { promotion: true, wording_version: version }, by);
    expect(describeConsents(after)).toMatchObject({
      promotion: { given: true, changed_by: 'user_1', changed_at: by.at },
      improvement: { given: false, changed_by: null },
    });
  });

  it('said again keep who said so first, and can be withdrawn', () => {
    const given = changedConsents({}, { promotion: true, wording_version: version }, by);
    const later = { by: 'user_2', at: '2026-12-01T00:00:00.000Z' };
    expect(changedConsents(given, { promotion: true, wording_version: version }, later)).toEqual(given);
    const withdrawn = changedConsents(given, { promotion: false, wording_version: version }, later);
    expect(withdrawn.promotion).toMatchObject({ given: false, changedBy: 'user_2' });
  });

  it('under another wording than the person could read are refused', () => {
    const refused = refusalOf(() => changedConsents({}, { promotion: true, wording_version: '1' }, by));
    expect(refused).toMatchObject({ field: 'wording_version' });
  });
});

describe('a change of the profile', () => {
  const { account } = register(read(), WHO, tools);

  it('sets what is sent and leaves the rest', () => {
    expect(changedProfile(account, { phone: '+34 600 000 000' })).toEqual({
      set: { phone: '+34 600 000 000' },
      changed: ['phone'],
    });
    expect(changedProfile(account, {}).changed).toEqual([]);
  });

  it('is none where it is said already', () => {
    expect(changedProfile(account, { name: account.name, company: { ...BODY.company } }).changed).toEqual([]);
  });

  it('names no company of a person', () => {
    const company = { name: 'a', registration_number: '1', address: 'b' };
    const person = { ...account, kind: 'person' } as const;
    expect(refusalOf(() => changedProfile(person, { company }))?.field).toBe('company');
  });
});

describe('an e-mail', () => {
  const fields = {
    name: 'Ana',
    code: 'AAAA-BBBB',
    email: 'a@b.example',
    reason: 'r',
    credits: 5,
    day: '2027-11-23',
    given: '2026-11-23',
    closes: '2027-06-30 00:00',
    until: '2027-06-30 00:00',
    cause: 'its own people asked for it',
    certificate: 'cert_1',
    version: '2026-11-01',
    commercial: 'authorised',
    document: 'invoice',
    number: '2026-000001',
    date: '2026-11-24',
    total: '48.00 USD',
    id: 'inv_1',
    below: 500,
    package: '1000 credits',
    price: '10.00 USD',
    limit: '30.00 USD',
    spent: '30.00 USD',
    url: 'https://checkout.stripe.com/c/pay/cs_1',
    next: '2026-11-25 09:14 UTC',
    points: 10,
    step: 'good',
    rectify: '',
    key: 'render farm',
    advice: 'look',
    undo: 'sign in',
    support: 'help@mutoscope.example',
  };

  it.each(TEMPLATE_NAMES)('%s is filled in whole, in plain text', name => {
    const { subject, text } = emailOf(name, fields);
    expect(subject + text).not.toMatch(/[{}<>]/);
    expect(text).toContain('help@mutoscope.example');
    // What goes to an address that is nobody's yet carries no word of who named it.
    if (['verify', 'change_to'].includes(name)) {
      const alone = emailOf(name, { code: 'AAAA-BBBB', support: 'help@mutoscope.example' });
      expect(subject + text).toBe(`${alone.subject}${text}`);
      expect(alone.text).toBe(text);
    } else expect(text).toContain('Ana');
  });

  it('is never sent with a field missing', () => {
    expect(() => emailOf('verify', { name: 'Ana' })).toThrow('needs code');
  });

  it('takes what people wrote as it is', () => {
    expect(emailOf('refuse', { ...fields, reason: 'see {code}' }).text).toContain('see {code}');
  });
});

describe('a cursor of a list of accounts', () => {
  it('names a place in a list, and anything else is refused', () => {
    const place = { accountId: 'acct_019f2a6a0c00Ab', at: '2026-11-24T12:00:00.000Z' };
    expect(ACCOUNT_CURSOR.read(ACCOUNT_CURSOR.write(place))).toEqual(place);
    for (const text of [
      '',
      'x',
      ACCOUNT_CURSOR.write({ ...place, accountId: 'KEY#1' }),
      ACCOUNT_CURSOR.write({ ...place, at: 'soonZ' }),
    ]) {
      expect(refusalOf(() => ACCOUNT_CURSOR.read(text))?.field).toBe('after');
    }
  });
});
