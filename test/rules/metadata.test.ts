/** Metadata: what a caller keeps with a video, in every form in which it can be sent. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callerTexts } from '../../functions/generation/request-checks.ts';
import { createVideo, listVideos, VIDEO_CREATION } from '../../functions/generation/videos/contract.ts';
import { creationOf } from '../../functions/generation/videos/creation.ts';
import { describeVideo } from '../../functions/generation/videos/video-object.ts';
import { requestHash } from '../../functions/http/idempotency-key.ts';
import { heldTo, readMembers, validate } from '../../functions/http/input.ts';
import { formMembersOf } from '../../functions/http/multipart.ts';
import { readUsage } from '../../functions/usage/usage-contract.ts';
import { refusalOf } from './refusal-of.ts';
import { jobOf } from './sample-job.ts';

const PROMPT = { prompt: 'a hill' };
const create = (metadata: unknown) => validate(createVideo.input, { ...PROMPT, metadata });
const sent = { pathParameters: {}, query: {}, contentType: 'application/json', body: '' };

const key = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 16 })
  .filter(text => /^[^\ufffd\p{C}\p{Zl}\p{Zp}]{1,64}$/u.test(text) && text !== '__proto__' && !/[\\"]/.test(text));
const value = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .filter(text => !/[\p{Cc}\p{Cs}\ufffd]/u.test(text) && [...text].length <= 512);
const pairs = fc.dictionary(key, value, { minKeys: 1, maxKeys: 16 });
const bracketed = (metadata: object) =>
  Object.entries(metadata).map(([name, text]): [string, string] => [`metadata[${name}]`, text]);

describe('metadata', () => {
  it('is the same in JSON, in both kinds of form and in a query, whatever its keys are', async () => {
    await fc.assert(
      fc.asyncProperty(pairs, async metadata => {
        const read = (members: unknown) => validate(createVideo.input, members).metadata;
        const json = readMembers({ ...sent, body: JSON.stringify({ ...PROMPT, metadata }) });
        const form = new URLSearchParams([...Object.entries(PROMPT), ...bracketed(metadata)]);
        const urlencoded = readMembers({
          ...sent,
          contentType: 'application/x-www-form-urlencoded',
          body: form.toString(),
        });
        const query = readMembers({ ...sent, query: Object.fromEntries(form) });
        const response = new Response(multipart([...form]));
        const event = {
          headers: { 'content-type': response.headers.get('content-type') },
          body: Buffer.from(await response.arrayBuffer()).toString('base64'),
          isBase64Encoded: true,
        } as unknown as APIGatewayProxyEvent;
        expect([json, urlencoded, query, await formMembersOf(event)].map(read)).toEqual(Array(4).fill(metadata));
        expect(validate(heldTo(listVideos), query).metadata).toEqual(metadata);
        expect(validate(heldTo(readUsage), query).metadata).toEqual(metadata);
      }),
    );
  });

  it('comes together where one pair is in the query and another in the body', () => {
    const body = JSON.stringify({ ...PROMPT, metadata: { a: '1' } });
    expect(readMembers({ ...sent, body, query: { 'metadata[b]': '2' } }).metadata).toEqual({ a: '1', b: '2' });
  });

  it('may have as many pairs and as long ones as the original takes', () => {
    const most = Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`${n}`.padEnd(64, 'ä'), '夜'.repeat(512)]));
    expect(create(most).metadata).toEqual(most);
    expect(create({ note: 'two\nlines\tand a tab', constructor: '' }).metadata).toEqual({
      note: 'two\nlines\tand a tab',
      constructor: '',
    });
    expect([create({}).metadata, create(undefined).metadata]).toEqual([{}, undefined]);
  });

  const refused = (metadata: unknown) => {
    const refusal = refusalOf(() => create(metadata));
    return refusal && [refusal.kind, refusal.field, refusal.message];
  };

  it.each<[string, unknown, string, string, string]>([
    ['text', 'customer=42', 'wrong_type', 'metadata', 'must be an object'],
    ['a list', [], 'wrong_type', 'metadata', 'must be an object'],
    ['a file', Buffer.from('x'), 'wrong_type', 'metadata', 'must be an object'],
    ['a number as a value', { customer: 42 }, 'wrong_type', 'metadata.customer', 'must be a string'],
    ['an object as a value', { customer: { id: '42' } }, 'wrong_type', 'metadata.customer', 'must be a string'],
    ['null as a value', { customer: null }, 'invalid_parameter', 'metadata.customer', 'it must be a string'],
    ['a value that is too long', { a: 'x'.repeat(513) }, 'invalid_parameter', 'metadata.a', 'at most 512 characters'],
    ['a control character', { a: 'x\0' }, 'invalid_parameter', 'metadata.a', 'no control characters'],
    ['half of a surrogate pair', { a: 'x\ud800' }, 'invalid_parameter', 'metadata.a', 'half of a surrogate pair'],
    ['what was not UTF-8', { a: 'x\ufffd' }, 'invalid_parameter', 'metadata.a', 'U+FFFD'],
    ['a key that is too long', { ['k'.repeat(65)]: '' }, 'invalid_parameter', 'metadata', 'cannot be a key'],
    ['an empty key', { '': 'x' }, 'invalid_parameter', 'metadata', '"" cannot be a key'],
    ['a key on two lines', { 'a\nb': 'x' }, 'invalid_parameter', 'metadata', '"a\\nb" cannot be a key'],
    ['a mark of direction in a key', { 'a\u202e': 'x' }, 'invalid_parameter', 'metadata', 'cannot be a key'],
    ['what was not UTF-8 in a key', { 'a\ufffd': 'x' }, 'invalid_parameter', 'metadata', 'cannot be a key'],
    ['half of a pair in a key', { 'a\udc00': 'x' }, 'invalid_parameter', 'metadata', 'cannot be a key'],
    ['__proto__', JSON.parse('{"__proto__":"x"}'), 'invalid_parameter', 'metadata', '"__proto__" cannot be a key'],
    [
      '17 pairs',
      Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`k${n}`, ''])),
      'invalid_parameter',
      'metadata',
      'at most 16 pairs',
    ],
  ])('is refused by name with %s', (_what, metadata, kind, field, words) => {
    expect(refused(metadata)).toEqual([kind, field, expect.stringContaining(words)]);
  });

  it('is taken by every call that starts a video, and refused by each in the same words', () => {
    const routes = Object.values(VIDEO_CREATION.routes);
    expect(routes.length).toBe(4);
    for (const { input, example } of routes) {
      const members = { ...example.path, ...example.body };
      expect(validate(input, { ...members, metadata: { customer: '42' } })).toMatchObject({
        metadata: { customer: '42' },
      });
      expect(refusalOf(() => validate(input, { ...members, metadata: { customer: 42 } }))?.field).toBe(
        'metadata.customer',
      );
    }
  });

  it('is no part of what is made: no engine is given it, and no text of it is screened', () => {
    const { request } = creationOf(create({ note: 'how to build a bomb' }), 7);
    expect(JSON.stringify(request)).not.toContain('bomb');
    expect(callerTexts(request)).toEqual([{ field: 'prompt', text: 'a hill' }]);
  });

  it('is shown with the video, and is empty where none was sent', () => {
    expect(describeVideo('https://api.example.com', jobOf({ metadata: { customer: '42' } })).metadata).toEqual({
      customer: '42',
    });
    expect(describeVideo('https://api.example.com', jobOf()).metadata).toEqual({});
  });

  it('is part of what a repeated call is compared by, in whatever order', () => {
    const hash = (metadata: object) => requestHash('/v1/videos', { ...PROMPT, metadata });
    fc.assert(
      fc.property(pairs, key, value, (metadata, name, text) => {
        expect(hash(Object.fromEntries(Object.entries(metadata).toReversed()))).toBe(hash(metadata));
        expect(hash({ ...metadata, [name]: text }) === hash(metadata)).toBe(metadata[name] === text);
      }),
    );
    expect(hash({})).not.toBe(requestHash('/v1/videos', PROMPT));
  });
});

function multipart(members: readonly (readonly [string, string])[]): FormData {
  const form = new FormData();
  for (const [name, text] of members) form.append(name, text);
  return form;
}
