import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateFromText } from '../../functions/generation/pixverse/create-contract.ts';
import { validate } from '../../functions/http/input.ts';
import { formMembersOf } from '../../functions/http/multipart.ts';
import { fieldsOf } from '../../functions/http/request-context.ts';
import { ROUTES } from '../../functions/routes.ts';
import { refusalOf } from './refusal-of.ts';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const PARTS_TYPE = 'multipart/form-data; boundary=b';
/** 黄昏的灯塔 in GBK. */
const GBK = Buffer.from('bbc6bbe8b5c4b5c6cbfe', 'hex');

const requestOf = (sent: object, headers: object) => ({ headers, ...sent }) as unknown as APIGatewayProxyEvent;
/** As API Gateway hands on what is binary, and what it takes for text: what it cannot decode becomes U+FFFD. */
const asBytes = (type: string, body: Buffer, headers = {}) =>
  requestOf({ body: body.toString('base64'), isBase64Encoded: true }, { 'Content-Type': type, ...headers });
const asText = (type: string, body: Buffer, headers = {}) =>
  requestOf({ body: body.toString('utf8'), isBase64Encoded: false }, { 'Content-Type': type, ...headers });
const json = (text: Buffer | string) =>
  Buffer.concat([Buffer.from('{"prompt":"'), Buffer.from(text), Buffer.from('"}')]);
const part = (headers: string, content: Buffer | string) =>
  Buffer.concat([
    Buffer.from(`--b\r\nContent-Disposition: form-data; ${headers}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n--b--\r\n'),
  ]);
const refusedForm = (contentType: string, body: Buffer) =>
  formMembersOf(asBytes(contentType, body)).then(
    members => refusalOf(() => validate(generateFromText.input.partial(), members)),
    (error: unknown) => error,
  );

describe.each([
  ['as bytes', asBytes],
  ['as the text that API Gateway makes of it', asText],
])('a body %s', (_name, sent) => {
  it.each<[string, Buffer, Record<string, string>, string]>([
    ['in GBK', json(GBK), {}, 'the body is not UTF-8'],
    ['in Latin-1', json(Buffer.from('caf\xe9', 'latin1')), {}, 'the body is not UTF-8'],
    ['in a declared encoding', json(GBK), { 'Content-Type': 'application/json; charset=gbk' }, 'not UTF-8, but gbk'],
    ['in UTF-16 with a mark', Buffer.from('\ufeff{"prompt":"x"}', 'utf16le'), {}, 'the body is not UTF-8, but UTF-16'],
    ['in UTF-16 without', Buffer.from('{"prompt":"x"}', 'utf16le'), {}, 'the body is not UTF-8, but UTF-16'],
    ['in gzip', Buffer.from('1f8b0800000000000003ab56', 'hex'), {}, 'the body is compressed with gzip'],
    ['in br', json('x'), { 'Content-Encoding': 'br' }, 'the body is encoded with br'],
  ])('%s is refused with the name of its encoding', (_what, body, headers, words) => {
    expect(refusalOf(() => fieldsOf(sent(JSON_TYPE, body, headers)))).toMatchObject({
      kind: 'wrong_type',
      message: expect.stringContaining(words),
    });
  });

  it('in UTF-8 is read as it was written, with a byte order mark or without', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (prompt, marked) => {
        fc.pre(!prompt.includes('\ufffd'));
        const body = Buffer.from(`${marked ? '\ufeff' : ''}${JSON.stringify({ prompt })}`);
        expect(fieldsOf(sent('application/json; charset=UTF-8', body))).toEqual({ prompt });
      }),
    );
  });
});

describe('a form', () => {
  it('with percent-encoded bytes that are not UTF-8 is refused by member', () => {
    const members = fieldsOf(asText(FORM_TYPE, Buffer.from('prompt=%BB%C6%BB%E8')));
    const whole = { ...generateFromText.example.body, ...members };
    expect(refusalOf(() => validate(generateFromText.input, whole))).toMatchObject({
      field: 'prompt',
      message: expect.stringContaining('UTF-8'),
    });
  });

  it.each([
    ['that says nothing', 'name="prompt"'],
    ['that says UTF-8', 'name="prompt"\r\nContent-Type: text/plain; charset=utf-8'],
    ['that says an encoding that there is not', 'name="prompt"\r\nContent-Type: text/plain; charset=klingon'],
  ])('with a part %s and is not UTF-8 is refused by member', async (_what, headers) => {
    expect(await refusedForm(PARTS_TYPE, part(headers, GBK))).toMatchObject({
      kind: 'wrong_type',
      field: 'prompt',
      message: expect.stringMatching(/^prompt is not text in .*: send it as UTF-8$/),
    });
  });

  it('with a part that says its encoding is read in it', async () => {
    const body = part('name="prompt"\r\nContent-Type: text/plain; charset=GBK', GBK);
    expect(await formMembersOf(asBytes(PARTS_TYPE, body))).toEqual({ prompt: '黄昏的灯塔' });
  });
});

describe('half of a surrogate pair is refused by member', () => {
  it.each([
    ['in a text', { prompt: 'sea \ud83d' }, 'prompt'],
    ['the other half', { prompt: '\ude00 sea' }, 'prompt'],
    ['in a text within', { image_references: [{ ref_name: 'a\ud83d' }] }, 'image_references.0.ref_name'],
    ['in a member that nobody knows', { note: '\ud83d' }, 'note'],
  ])('%s', (_where, members, field) => {
    const whole = { ...generateFromText.example.body, ...members };
    expect(refusalOf(() => validate(generateFromText.input, whole))).toMatchObject({
      kind: 'invalid_parameter',
      field,
      message: expect.stringContaining('surrogate'),
    });
  });

  it('in every text of every route', () => {
    let texts = 0;
    for (const { input, example } of Object.values(ROUTES)) {
      const members = { ...example.body, ...example.query, ...example.path };
      for (const [name, value] of Object.entries(members).filter(([, value]) => typeof value === 'string')) {
        const halved = { ...members, [name]: `${value}\udfff` };
        expect(refusalOf(() => validate(input, halved))?.field?.split('.')[0], name).toBe(name);
        texts++;
      }
    }
    expect(texts).toBeGreaterThan(100);
  });

  it('and a whole pair is a character like any other', () => {
    expect(validate(ROUTES.createVideo?.input ?? expect.fail(), { prompt: 'sea 🌊' })).toEqual({ prompt: 'sea 🌊' });
  });
});

describe('what would be long to parse', () => {
  const read = (body: string, type = JSON_TYPE) => refusalOf(() => fieldsOf(asText(type, Buffer.from(body))));

  it.each([
    ['400,000 members', `{${Array.from({ length: 400_000 }, (_, index) => `"m${index}":1`).join(',')}}`, JSON_TYPE],
    ['400,000 items', `{"a":[${'1,'.repeat(400_000)}1]}`, JSON_TYPE],
    ['400,000 members of a form', 'a=1&'.repeat(400_000), FORM_TYPE],
  ])('%s are refused by their number, in no time', (_what, body, type) => {
    const began = process.cpuUsage().user;
    expect(read(body, type)).toMatchObject({ kind: 'wrong_type', message: 'the body has more than 2,000 members' });
    expect((process.cpuUsage().user - began) / 1000).toBeLessThan(250);
  });

  it('is refused by its depth', () => {
    expect(read(`{"a":${'['.repeat(100_000)}`)?.message).toBe('the body nests deeper than 20 levels');
    expect(read(`{"a":${'['.repeat(19)}${']'.repeat(19)}}`)).toBeUndefined();
  });

  it('is not what only looks so within a text', () => {
    const note = `${'[{,'.repeat(5000)}\\" \\\\`;
    expect(fieldsOf(asText(JSON_TYPE, Buffer.from(JSON.stringify({ note, next: '"' }))))).toEqual({ note, next: '"' });
  });

  it('is refused in a multipart form by the number of its parts', async () => {
    const many = Buffer.concat([...Array(43).fill(part('name="a"', 'x').subarray(0, -7)), Buffer.from('--b--\r\n')]);
    expect(await refusedForm(PARTS_TYPE, many)).toMatchObject({
      message: expect.stringContaining('more than 42 parts'),
    });
  });
});

describe('the words of a refusal', () => {
  /** How the validator begins its own. */
  const RAW =
    /invalid (input|string|option|key|element|url|uuid)|too (small|big)|unrecognized|expected|received|[<>]=?\s?\d/i;
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom(-1, 0, 0.5, 1e9, 2 ** 60, '', ' ', 'x'.repeat(9000), [], {}, [[]], [{}], true, '-1', '99999999999'),
  );

  it.each(Object.entries(ROUTES))('of %s are never the validator’s', (_name, { input, example }) => {
    const whole: Record<string, unknown> = { ...example.body, ...example.query, ...example.path };
    const names = [...Object.keys((input as { shape?: object }).shape ?? {}), 'unknown'];
    fc.assert(
      fc.property(fc.constantFrom(...names), anything, (name, value) => {
        const refusal = refusalOf(() => validate(input, { ...whole, [name]: value }));
        if (refusal) expect(refusal.message.replaceAll(/"[^"]*"/g, '')).not.toMatch(RAW);
      }),
      { numRuns: 40 },
    );
  });
});
