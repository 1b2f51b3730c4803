/** What the transport of /v1 says of refusals and limits. */
import { describe, expect, it } from 'vitest';
import { REFUSALS, Refusal, type RefusalKind } from '../../functions/catalogue/refusal.ts';
import { problemOf } from '../../functions/http/problem-body.ts';
import { rateLimitPolicy, videosRemaining } from '../../functions/http/rate-limit.ts';

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
