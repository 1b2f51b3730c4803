import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerPreflight, crossOriginHeaders, readOrigins } from '../../functions/http/cross-origin.ts';

const ORIGINS = readOrigins('https://app.example.com,http://127.0.0.1:4480');
const event = (headers: Record<string, string>) =>
  ({ headers, requestContext: { requestId: 'r-1' } }) as unknown as APIGatewayProxyEvent;
const preflight = (headers: Record<string, string>) => answerPreflight(ORIGINS, event(headers), ['GET', 'POST']);

describe('a preflight', () => {
  it.each(ORIGINS)('of a page from %s is told that it may call, with the headers that it named', Origin => {
    const wanted = 'authorization,content-type,x-stainless-lang';
    expect(preflight({ Origin, 'Access-Control-Request-Headers': wanted })).toMatchObject({
      statusCode: 204,
      headers: {
        'access-control-allow-origin': Origin,
        'access-control-allow-methods': 'GET, POST, OPTIONS',
        'access-control-allow-headers': wanted,
        'access-control-max-age': '7200',
        vary: expect.stringContaining('Origin'),
        'x-request-id': 'r-1',
      },
    });
  });

  it('of any other origin is refused, and told nothing of what may call', () => {
    const near = [
      'https://app.example.com.evil.example',
      'https://APP.example.com',
      'http://app.example.com',
      'null',
      '',
    ];
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...near), fc.webUrl(), fc.string()), origin => {
        const { statusCode, headers = {} } = preflight({ origin });
        expect([statusCode, headers['access-control-allow-origin']]).toEqual([403, undefined]);
      }),
    );
  });

  it('of no page is told the methods', () => {
    expect(preflight({})).toMatchObject({ statusCode: 204, headers: { allow: 'GET, POST, OPTIONS' } });
  });

  it('that names what is no header is told of none', () => {
    const named = preflight({ origin: 'https://app.example.com', 'access-control-request-headers': 'a\r\nb: c' });
    expect(named.headers).not.toHaveProperty('access-control-allow-headers');
  });
});

describe('an answer', () => {
  it('can be read by a page of the stage, its request id too, and by no other', () => {
    expect(crossOriginHeaders(ORIGINS, event({ origin: 'https://app.example.com' }))).toEqual({
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-expose-headers': expect.stringContaining('x-request-id'),
      vary: 'Origin',
    });
    expect(crossOriginHeaders(ORIGINS, event({ origin: 'https://evil.example' }))).toEqual({});
    expect(crossOriginHeaders([], event({}))).toEqual({});
  });
});
