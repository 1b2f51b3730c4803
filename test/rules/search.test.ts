import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparable, termsOf } from '../../functions/accounts/search-terms.ts';
import { videoOf } from '../../functions/http/video-of-call.ts';
import { describeAccountVideo, timelineOf } from '../../functions/support/account-video.ts';
import { readSearchQuery } from '../../functions/support/search-query.ts';
import { refusalOf } from './refusal-of.ts';
import { jobOf } from './sample-job.ts';

const KEY = `mut_${'a1B2c3D4e5'.repeat(4)}`.slice(0, 40);

describe('what staff type in', () => {
  it.each([
    ['acct_019f2a6a0c00Ab3dEfGh5JkLmN', { kind: 'account', accountId: 'acct_019f2a6a0c00Ab3dEfGh5JkLmN' }],
    ['0B6F1A52-7C1E-4A57-9D55-3F3F5B6A1C11', { kind: 'request', requestId: '0b6f1a52-7c1e-4a57-9d55-3f3f5b6a1c11' }],
    ['video_250473926504802', { kind: 'number', jobId: 250473926504802, terms: [] }],
    [
      '250473926504802',
      { kind: 'number', jobId: 250473926504802, terms: [{ by: 'account_number', text: '250473926504802#' }] },
    ],
    ['mut_CJKO…EaoE', { kind: 'terms', terms: [{ by: 'key', text: 'mut_CJKO…EaoE' }] }],
    ['mut_CJKO', { kind: 'terms', terms: [{ by: 'key', text: 'mut_CJKO' }] }],
    ['key_01a20dac5ea2jnSQ', { kind: 'terms', terms: [{ by: 'key', text: 'key_01a20dac5ea2jnSQ' }] }],
    ['Ana@Faro.example', { kind: 'terms', terms: [{ by: 'email', text: 'ana@faro.example' }] }],
    ['Faro  Cursos', { kind: 'terms', terms: ['name', 'company', 'email'].map(by => ({ by, text: 'faro cursos' })) }],
  ])('%s is looked for as what it is', (query, read) => {
    expect(readSearchQuery(query)).toEqual(read);
  });

  it('is never a key, which is a secret wherever it is sent', () => {
    expect(refusalOf(() => readSearchQuery(KEY))).toMatchObject({ kind: 'invalid_parameter', field: 'query' });
    expect(refusalOf(() => readSearchQuery(KEY))?.message).not.toContain(KEY.slice(4));
  });

  it('makes nothing fail, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3, maxLength: 200 }), query => {
        if (!/^\s*mut_/.test(query)) readSearchQuery(query);
      }),
    );
  });
});

describe('an account', () => {
  it('is found by how its name, and each word of it, begins, whatever its capitals and its spaces', () => {
    const text = fc.stringMatching(/^\S{1,8}( \S{1,8}){0,3}$/);
    fc.assert(
      fc.property(text, fc.nat(3), (name, word) => {
        const from = name.split(' ').slice(word).join(' ');
        const typed = ` ${from.toUpperCase().replaceAll(' ', '  ')}`;
        // Capitals of some letters are other letters in small: those are not typed back.
        fc.pre(from !== '' && comparable(typed) === comparable(from));
        expect(termsOf({ name })).toContainEqual({ by: 'name', text: comparable(typed) });
      }),
    );
  });

  it('is found by its address and its number, and by nothing that it does not say', () => {
    expect(termsOf({ email: 'Ana@Faro.example', accountNumber: 5, company: { name: 'Faro' } })).toEqual([
      { by: 'email', text: 'ana@faro.example' },
      { by: 'account_number', text: '5' },
      { by: 'company', text: 'faro' },
    ]);
    expect(termsOf({ phone: '+34 1', email: undefined })).toEqual([]);
  });

  it('fits into a sort key, however long its name', () => {
    for (const name of ['漢'.repeat(400), '漢字 '.repeat(200), '😀'.repeat(400)])
      for (const { text } of termsOf({ name })) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(800);
  });
});

describe('a call', () => {
  it.each([
    ['/v1/videos/{id}', { id: 'video_5' }, undefined, 'video_5'],
    ['/v1/videos/{id}/cancel', { id: '5' }, undefined, 'video_5'],
    ['/openapi/v2/video/result/{id}', { id: '5' }, { id: 5, status: 1 }, 'video_5'],
    ['/openapi/v2/image/result/{image_id}', { image_id: '5' }, undefined, 'video_5'],
    ['/openapi/v2/video/text/generate', null, { video_id: 7, credits: 3 }, 'video_7'],
    ['/v1/videos', null, { id: 'video_7', object: 'video' }, 'video_7'],
    ['/v1/videos', null, { object: 'list', data: [] }, undefined],
    ['/v1/keys/{id}', { id: 'key_1' }, { id: 'key_1', object: 'key' }, undefined],
    ['/v1/videos/{id}', { id: '<script>' }, undefined, undefined],
  ])('%s is about one video, or about none', (route, pathParameters, body, video) => {
    expect(videoOf({ route, pathParameters, body })).toBe(video);
  });
});

describe('a video, as staff see it,', () => {
  const timeline = [
    { state: 'queued', at: '2026-11-23T12:00:00.000Z' },
    { state: 'generating', at: '2026-11-23T12:00:01.000Z' },
    { state: 'failed', at: '2026-11-23T12:01:00.000Z', reason: 'engine_out_of_memory' },
    { state: 'deleted', at: '2026-11-24T12:00:00.000Z' },
  ] as const;
  const ended = jobOf({ state: 'deleted', endedAs: 'failed', timeline, failureCode: 'generation_failed' });

  it('says when it ended and what it cost, and no word of what was asked for', () => {
    expect(describeAccountVideo(ended)).toMatchObject({
      status: 'deleted',
      ended_at: '2026-11-23T12:01:00.000Z',
      error: { code: 'generation_failed' },
      credits_held: 0,
      credits_charged: 0,
    });
    expect(describeAccountVideo(jobOf({ state: 'deleted', endedAs: 'succeeded', timeline })).credits_charged).toBe(45);
    expect(describeAccountVideo(jobOf()).credits_held).toBe(45);
    expect(JSON.stringify(describeAccountVideo(ended))).not.toContain('lighthouse');
  });

  it('has its steps in order, and of one of before there were steps what is known', () => {
    expect(timelineOf(ended)).toEqual(timeline);
    expect(timelineOf(jobOf({ state: 'failed', failureCode: 'timed_out' }))).toEqual([
      { state: 'queued', at: '2026-11-23T12:00:00.000Z' },
      { state: 'failed', at: '2026-11-23T12:01:00.000Z', reason: 'timed_out' },
    ]);
    expect(timelineOf(jobOf())).toHaveLength(1);
  });
});
