import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RefusalKind } from '../../functions/catalogue/refusal.ts';
import { generateFromImage, generateFromText } from '../../functions/generation/pixverse/create-contract.ts';
import { videoResult } from '../../functions/generation/pixverse/results-contract.ts';
import { readMembers, type Sent, validate } from '../../functions/http/input.ts';
import { formMembersOf } from '../../functions/http/multipart.ts';
import { FAMILIES } from '../../functions/routes.ts';
import { uploadImage } from '../../functions/uploads/contract.ts';
import { balance } from '../../functions/usage/pixverse-contract.ts';
import { refusalOf } from './refusal-of.ts';

const TEXT = { prompt: 'a lighthouse', model: 'v5', duration: 5, quality: '540p', aspect_ratio: '16:9' };
const refused = (
  members: unknown,
  route: { input: typeof generateFromText.input } | { input: typeof generateFromImage.input } = generateFromText,
) => refusalOf(() => validate(route.input, members));

describe('a body is refused by its first breach, by name', () => {
  const without = (name: keyof typeof TEXT) => Object.fromEntries(Object.entries(TEXT).filter(([key]) => key !== name));

  it.each(Object.keys(TEXT) as (keyof typeof TEXT)[])('without %s', name => {
    expect(refused(without(name))).toMatchObject({ kind: 'missing_parameter', message: `${name} is required` });
  });

  it.each<[string, object, RefusalKind, string]>([
    ['an empty prompt', { prompt: '' }, 'missing_parameter', 'prompt is required'],
    ['a prompt of blanks', { prompt: ' \n\t ' }, 'missing_parameter', 'prompt is required'],
    ['a prompt of another type', { prompt: 7 }, 'wrong_type', 'prompt must be a string'],
    ['a prompt that is too long', { prompt: 'x'.repeat(5001) }, 'prompt_too_long', 'prompt is longer than 5000'],
    [
      'a negative prompt that is too long',
      { negative_prompt: 'x'.repeat(2049) },
      'negative_prompt_too_long',
      'negative_prompt is longer than 2048',
    ],
    [
      'another text that is too long',
      { lip_sync_tts_content: 'x'.repeat(201) },
      'invalid_parameter',
      'lip_sync_tts_content is not valid',
    ],
    ['a number in quotes', { duration: '5' }, 'wrong_type', 'duration must be a number'],
    ['a fraction', { duration: 5.5 }, 'wrong_type', 'duration must be an integer'],
    ['a model that is a list', { model: ['v5'] }, 'wrong_type', 'model must be a string'],
    ['a switch in quotes', { generate_audio_switch: 'true' }, 'wrong_type', 'generate_audio_switch must be a boolean'],
    ['a seed below 0', { seed: -1 }, 'invalid_parameter', 'seed is not valid'],
    ['a seed above 2^31 - 1', { seed: 2 ** 31 }, 'invalid_parameter', 'seed is not valid'],
  ])('with %s', (_name, members, kind, message) => {
    const refusal = refused({ ...TEXT, ...members });
    expect(refusal).toMatchObject({ kind, message: expect.stringContaining(message) });
  });

  it.each([[[]], ['text'], [5], [null], [undefined]])('that is not an object: %j', body => {
    expect(refused(body)?.kind).toMatch(/^(wrong_type|missing_parameter)$/);
  });
});

describe('a body is taken', () => {
  it('with the longest texts and the outermost seeds', () => {
    for (const seed of [0, 2 ** 31 - 1]) {
      const longest = { ...TEXT, seed, prompt: 'x'.repeat(5000), negative_prompt: 'x'.repeat(2048) };
      expect(validate(generateFromText.input, longest)).toEqual(longest);
    }
  });

  it('with its prompt trimmed', () => {
    expect(validate(generateFromText.input, { ...TEXT, prompt: '  a boat\n' }).prompt).toBe('a boat');
  });

  it('with members that nobody knows, which are handed on', () => {
    const legacy = { ...TEXT, play_bgm: true, sound_mode: '', water_mark: false };
    expect(validate(generateFromText.input, legacy)).toEqual(legacy);
  });
});

describe('an id', () => {
  const body = { ...TEXT, img_id: 0 as unknown };
  const read = (img_id: unknown) => validate(generateFromImage.input, { ...body, img_id }).img_id;

  it('is the same number quoted or not', () => {
    fc.assert(
      fc.property(fc.maxSafeNat().filter(Boolean), id => {
        expect(read(id)).toBe(id);
        expect(read(String(id))).toBe(id);
      }),
    );
  });

  it.each([
    -1,
    1.5,
    '-1',
    '007',
    '1e3',
    '0x10',
    ' 5',
    'abc',
    '12345678901234567',
    2 ** 53,
    String(2 ** 53),
    '9999999999999999',
    true,
    {},
    [],
  ])('is refused as %j', id => {
    const refusal = refused({ ...body, img_id: id }, generateFromImage);
    expect(refusal).toMatchObject({
      kind: 'invalid_parameter',
      message: 'img_id is not valid: it must be a positive integer below 2^53, as a number or in quotes',
    });
  });

  it('is missed by name', () => {
    expect(refusalOf(() => validate(videoResult.input, {}))).toMatchObject({
      kind: 'missing_parameter',
      message: 'id is required',
    });
  });
});

describe('an image URL', () => {
  it.each([
    'ftp://host/a.png',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'a.png',
    '',
    `https://host/${'x'.repeat(2048)}`,
  ])('is refused as %j', image_url => {
    const refusal = refusalOf(() => validate(uploadImage.input, { image_url }));
    expect(refusal?.message).toMatch(/^image_url is /);
  });
});

const ROUTES = { generateFromText, generateFromImage, videoResult, uploadImage, balance };

describe.each(Object.entries(ROUTES))('whatever is sent to %s', (_name, { input }) => {
  const known = ['id', 'img_id', 'image_url', ...Object.keys(generateFromText.input.shape)];
  const name = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...known, '__proto__', 'constructor', 'toString') },
    fc.string(),
  );
  const value = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('v5', '540p', '16:9', 5, true, 'x'.repeat(6000)),
  );
  const members = fc.oneof(
    { weight: 1, arbitrary: fc.jsonValue() },
    { weight: 4, arbitrary: fc.dictionary(name, value, { maxKeys: 20 }) },
    {
      weight: 2,
      arbitrary: fc.dictionary(name, value, { maxKeys: 3 }).map(few => ({ ...TEXT, img_id: 1, id: 1, ...few })),
    },
  );

  it('is taken or refused with words that name a member, never anything else', () => {
    fc.assert(
      fc.property(members, sent => {
        const refusal = refusalOf(() => validate(input, sent));
        const subjects = [...known, 'the request'];
        if (refusal)
          expect(
            subjects.some(subject => refusal.message.startsWith(`${subject} `)),
            refusal.message,
          ).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the members of a request', () => {
  const read = (sent: Partial<Sent>) =>
    readMembers({ pathParameters: {}, query: {}, contentType: 'application/json', body: '', ...sent });

  it('come from the body, the query and the path, and the path has the last word', () => {
    const sent = { body: '{"a":1,"b":1,"c":1}', query: { b: '2', c: '2' }, pathParameters: { c: '3' } };
    expect(read(sent)).toEqual({ a: 1, b: '2', c: '3' });
  });

  it('are none where the body is empty or blank', () => {
    expect(read({})).toEqual({});
    expect(read({ body: ' \r\n' })).toEqual({});
  });

  it('are absent where they are null, and kept where they are false, 0 or empty', () => {
    expect(read({ body: '{"a":null,"b":false,"c":0,"d":""}' })).toEqual({ b: false, c: 0, d: '' });
  });

  it.each([
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=utf-8',
    'Application/X-WWW-Form-Urlencoded',
  ])('are texts where the body is %s', contentType => {
    expect(read({ contentType, body: 'image_url=https%3A%2F%2Fhost%2Fa+b.png&tag=' })).toEqual({
      image_url: 'https://host/a b.png',
      tag: '',
    });
  });

  const FORM = 'application/x-www-form-urlencoded';
  const REMEDY = "it looks like JSON: send it with -H 'content-type: application/json'";

  it.each([JSON.stringify(TEXT), ' \n{"prompt":"a & b = c"}', '{"cut', '[1]'])(
    'are not read from JSON that was sent as a form, as curl does by itself: %s',
    body => {
      const refusal = refusalOf(() => read({ contentType: FORM, body }));
      expect(refusal).toMatchObject({ kind: 'wrong_type', message: expect.stringContaining(REMEDY) });
      expect(refusal?.message).toContain('the body was read as a form');
    },
  );

  const taking = FAMILIES.flatMap(({ routes }) => Object.entries(routes)).filter(
    ([, { bodies }]) => bodies !== undefined,
  );
  it.each(taking)(
    'are not read by %s from JSON that was sent as a form of either kind',
    async (_name, { example, method }) => {
      for (const contentType of [FORM, 'multipart/form-data; boundary=b']) {
        const event = {
          httpMethod: method,
          headers: { 'content-type': contentType },
          body: JSON.stringify(example.body),
        };
        const refusal = await formMembersOf(event as never).then(
          () => undefined,
          error => error,
        );
        expect(refusal).toMatchObject({ kind: 'wrong_type', message: expect.stringContaining(REMEDY) });
        expect(refusal.message).toContain(contentType.split(';')[0]);
      }
    },
  );

  it('are not read from a form that was sent as JSON, and that is said', () => {
    const said = (body: string) => refusalOf(() => read({ contentType: 'application/json', body }))?.message;
    expect(said('prompt=a+lighthouse&model=v6')).toContain(
      `looks like a form: send JSON, or say -H 'content-type: ${FORM}'`,
    );
    expect(said('--b\r\ncontent-disposition: form-data')).toContain(
      'looks like a multipart form: leave the content type',
    );
    expect(said('{"a":1,}')).not.toContain('form');
  });

  it.each(['[]', '"text"', '5', 'true', 'null'])('are not read from a JSON body that is no object: %s', body => {
    expect(refusalOf(() => read({ body }))).toMatchObject({
      kind: 'wrong_type',
      message: 'the body must be a JSON object',
    });
  });

  it.each(['{', '{"a":1,}', "{'a':1}", '{"a":1} x', '<a/>', '{"a":1 /* why */}'])(
    'are not read from what is not JSON: %s',
    body => {
      expect(refusalOf(() => read({ body }))).toMatchObject({
        kind: 'wrong_type',
        message: expect.stringContaining('not valid JSON'),
      });
    },
  );

  it('never throw anything but a Refusal, whatever the body', () => {
    const contentType = fc.constantFrom('', 'application/json', 'application/x-www-form-urlencoded', 'text/plain');
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), contentType, (body, type) => {
        refusalOf(() => read({ body, contentType: type }));
      }),
      { numRuns: 300 },
    );
  });

  it('cannot change what other objects inherit', () => {
    read({ body: '{"__proto__":{"stained":true},"constructor":{"prototype":{"stained":true}}}' });
    read({ contentType: 'application/x-www-form-urlencoded', body: '__proto__=stained' });
    expect({}).not.toHaveProperty('stained');
  });
});
