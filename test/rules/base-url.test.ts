/** Where links in answers lead, whatever the caller called the API by. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseUrlOf } from '../../functions/http/base-url.ts';

/** A call of `resource` by `path`, as API Gateway hands it on. */
function called(resource: string, path: string, domainName: string, headers: Record<string, string> = {}): string {
  const requestContext = { domainName, path } as Parameters<typeof baseUrlOf>[0]['requestContext'];
  return baseUrlOf({ resource, headers, requestContext });
}

const AWS = 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com';

describe('the address that links begin with', () => {
  it.each([
    ['/v1/videos', '/live/v1/videos', AWS, `https://${AWS}/live`],
    ['/v1/videos/{id}', '/live/v1/videos/video_5', AWS, `https://${AWS}/live`],
    ['/v1/videos/{id}/cancel', '/live/v1/videos/live/cancel', AWS, `https://${AWS}/live`],
    ['/openapi.json', '/live/openapi.json', AWS, `https://${AWS}/live`],
    ['/', '/live', AWS, `https://${AWS}/live`],
    ['/', '/live/', AWS, `https://${AWS}/live`],
    ['/v1/videos/{id}', '/v1/videos/video_5', 'api.example.com', 'https://api.example.com'],
    ['/', '/', 'api.example.com', 'https://api.example.com'],
    ['/v1/videos', '/films/v1/videos', 'api.example.com', 'https://api.example.com/films'],
  ])('of %s, called as %s at %s', (resource, path, domain, base) => {
    expect(called(resource, path, domain)).toBe(base);
  });

  it('has the protocol by which the caller came', () => {
    expect(called('/docs', '/docs', '127.0.0.1:4480', { 'X-Forwarded-Proto': 'http' })).toBe('http://127.0.0.1:4480');
  });

  it('is the same for every route and id, with the stage and without', () => {
    const part = fc.stringMatching(/^[A-Za-z0-9._~%-]{1,12}$/);
    const parts = fc.array(fc.record({ part, isId: fc.boolean() }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(parts, fc.constantFrom('', '/live', '/films'), (route, prefix) => {
        const resource = route.map((each, index) => (each.isId ? `/{id${index}}` : `/${each.part}`)).join('');
        const path = `${prefix}${route.map(each => `/${each.part}`).join('')}`;
        expect(called(resource, path, AWS)).toBe(`https://${AWS}${prefix}`);
      }),
    );
  });
});
