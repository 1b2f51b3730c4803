/** What the transport of /v1 says of refusals and limits. */
import { describe, expect, it } from 'vitest';
import { REFUSALS, Refusal, type RefusalKind } from '../../functions/catalogue/refusal.ts';
import { PIXVERSE } from '../../functions/http/pixverse-dialect.ts';
import { problemOf } from '../../functions/http/problem-body.ts';
import { rateLimitPolicy, retryAfter, videosRemaining } from '../../functions/http/rate-limit.ts';
import { REST } from '../../functions/http/rest-dialect.ts';

describe('a problem', () => {
  it.each(Object.keys(REFUSALS) as RefusalKind[])(
    'of %s says its status, and the same to both kinds of client',
    kind => {
      const problem = problemOf('https://api.example.com/live', new Refusal(kind, 'because', 'size'), 'req');
      expect(problem).toMatchObject({ status: REFUSALS[kind].http, code: kind, detail: 'because', param: 'size' });
      expect(problem.error).toMatchObject({ message: 'because', code: kind, param: 'size' });
      expect(problem.type).toBe(`https://api.example.com/live/docs/problems#${kind}`);
      expect(problem.error.type).toMatch(/^[a-z_]+$/);
    },
  );
});

describe('Retry-After', () => {
  const LATE = Date.UTC(2026, 10, 23, 23, 59, 50);
  const of = (kind: RefusalKind, seconds?: number) =>
    retryAfter(new Refusal(kind, 'because', undefined, seconds), LATE)['retry-after'];

  it.each(Object.keys(REFUSALS) as RefusalKind[])('is whole seconds with %s where it is a 429, or says busy', kind => {
    const waits = REFUSALS[kind].http === 429 || kind === 'busy';
    expect(of(kind)).toEqual(waits ? expect.stringMatching(/^[1-9]\d*$/) : undefined);
  });

  it('ends with the UTC hour or day in which something is counted, or when the refusal says', () => {
    expect(of('daily_limit_reached')).toBe('10');
    expect(retryAfter(new Refusal('daily_limit_reached', ''), Date.UTC(2026, 10, 23))['retry-after']).toBe('86400');
    expect(of('too_many_refused')).toBe('10');
    expect(of('too_many_codes', 1200)).toBe('1200');
    expect(of('concurrency_reached')).toBe('10');
  });

  it.each([
    ['PixVerse', PIXVERSE],
    ['Videos', REST],
  ])('is with each such refusal of the %s dialect', (_name, dialect) => {
    const event = {
      headers: {},
      resource: '/',
      requestContext: { requestId: 'req', authorizer: null, path: '/live/' },
    };
    for (const kind of Object.keys(REFUSALS) as RefusalKind[]) {
      const { headers } = dialect.refusal(event as never, new Refusal(kind, 'because'));
      const waits = REFUSALS[kind].http === 429 || kind === 'busy';
      expect([kind, headers?.['retry-after']]).toEqual([kind, waits ? expect.stringMatching(/^[1-9]\d*$/) : undefined]);
    }
  });
});

describe('rate limits', () => {
  it('are the policy of the plan', () => {
    expect(rateLimitPolicy('trial')['ratelimit-policy']).toBe(
      '"second";q=2;w=1, "day";q=2000;w=86400, "videos";q=20;w=86400',
    );
    expect(rateLimitPolicy('unheard-of')).toEqual({});
  });

  it('start again at midnight UTC', () => {
    expect(videosRemaining(3, Date.UTC(2026, 10, 23, 23, 59, 50)).ratelimit).toBe('"videos";r=3;t=10');
    expect(videosRemaining(-1, Date.UTC(2026, 10, 23)).ratelimit).toBe('"videos";r=0;t=86400');
  });
});
