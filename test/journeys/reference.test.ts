/** What anybody may read: the OpenAPI document, the reference made of it, and where problems lead. */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { REFUSALS } from '../../functions/catalogue/refusal.ts';
import { withSupport } from '../../functions/catalogue/support.ts';
import { openApiDocument } from '../../functions/reference/openapi.ts';
import { ROUTES } from '../../functions/routes.ts';
import { Platform } from '../support/platform.ts';
import { send } from '../support/raw-call.ts';

let platform: Platform;
let url: string;

beforeAll(async () => {
  platform = await Platform.shared();
  url = platform.cloud.apiUrl;
});

const read = (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers, redirect: 'manual' });

describe('without a key', () => {
  it('the document of this very address is served, and an OpenAPI tool finds its server in it', async () => {
    const answer = await read('/openapi.json');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const document = withSupport(JSON.stringify(openApiDocument(url)), 'support@mutoscope.example');
    expect(await answer.json()).toEqual(JSON.parse(document));
  });

  it('the root leads to the reference', async () => {
    const answer = await read('/');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `${url}/docs`]);
  });

  it('nothing else is', async () => {
    for (const path of ['/v1/videos', '/openapi/v2/account/balance']) expect((await read(path)).status).toBe(401);
    for (const path of ['/docs/other', '/openapi', '/v1']) expect((await read(path)).status).toBe(404);
  });
});

describe('the reference page', () => {
  it('shows every route, and every link within it leads somewhere', async () => {
    const page = await (await read('/docs')).text();
    for (const name of Object.keys(ROUTES)) expect(page).toContain(`<article id="${name}">`);
    // Where it says that one writes to support, the stage's address stands.
    expect(page).not.toContain('{support}');
    expect(await (await read('/docs/problems')).text()).toContain('support@mutoscope.example');
    const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id = '']) => id);
    expect(targets.length).toBeGreaterThan(100);
    expect(targets.filter(id => !ids.has(id))).toEqual([]);
    expect([...page.matchAll(/ id="([^"]+)"/g)]).toHaveLength(ids.size);
  });

  it('asks for nothing from elsewhere, runs nothing, and may not', async () => {
    const answer = await read('/docs');
    const page = await answer.text();
    expect(page).not.toMatch(/<script|<link rel="stylesheet|@import|url\(|<img|<iframe| on\w+=| style=/i);
    const [, style = ''] = /<style>([^<]*)<\/style>/.exec(page) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    const policy = answer.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`style-src 'sha256-${hash}'`);
    expect(policy).not.toMatch(/unsafe|\*/);
  });

  it('is not sent again to a reader who has it', async () => {
    const first = await read('/docs');
    const etag = first.headers.get('etag') ?? expect.fail();
    expect(first.headers.get('cache-control')).toBe('public, max-age=300');
    const again = await read('/docs', { 'if-none-match': `"other", W/${etag}` });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    expect((await read('/docs', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('writes what a caller says of itself as text', async () => {
    const headers = { host: '"><script>alert(1)</script>' };
    const { text: page } = await send(url, { method: 'GET', path: '/docs', headers });
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).not.toContain('<script');
  });
});

describe('a page in a browser', () => {
  /** Where a stage's own pages are, unless it is told otherwise. */
  const OWN = 'http://127.0.0.1:4480';
  const ask = (path: string, origin: string) => {
    const headers = { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'api-key' };
    return send(url, { method: 'OPTIONS', path, headers });
  };

  it('of the stage may call any path that there is, with a key', async () => {
    for (const path of ['/v1/videos', '/v1/videos/video_5', '/openapi/v2/video/text/generate', '/openapi.json']) {
      const { status, headers } = await ask(path, OWN);
      expect([status, headers['access-control-allow-origin'], headers['access-control-allow-headers']]).toEqual([
        204,
        OWN,
        'api-key',
      ]);
    }
    expect((await ask('/v1/videos', OWN)).headers['access-control-allow-methods']).toBe('POST, GET, OPTIONS');
    expect((await ask('/v1/nothing', OWN)).status).toBe(404);
  });

  it('of another origin may not', async () => {
    const { status, headers } = await ask('/v1/videos', 'https://evil.example');
    expect([status, headers['access-control-allow-origin']]).toEqual([403, undefined]);
  });

  it('reads the answers to its calls, refusals of the gateway included, and which request each was', async () => {
    const customer = await platform.customer({ credits: 0 });
    const call = (key: string, origin: string) =>
      fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}`, origin } });
    const allowed = async (key: string, origin: string) => {
      const { status, headers } = await call(key, origin);
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      return [status, headers.get('access-control-allow-origin')];
    };
    expect(await allowed(customer.api.key, OWN)).toEqual([200, OWN]);
    expect(await allowed(customer.api.key, 'https://evil.example')).toEqual([200, null]);
    expect(await allowed('mut_none', OWN)).toEqual([401, '*']);
    for (const path of ['/', '/docs', '/openapi.json', '/v1/terms', '/nothing']) {
      const { headers } = await read(path);
      expect([headers.get('x-request-id')?.length, headers.get('access-control-allow-origin')]).toEqual([36, '*']);
    }
  });
});

describe('the `type` of a problem', () => {
  it('leads to its explanation, for every refusal', async () => {
    const page = await (await read('/docs/problems')).text();
    for (const kind of Object.keys(REFUSALS)) expect(page).toContain(`<tr id="${kind}">`);
    const { type } = (await (await read('/v1/videos')).json()) as { type: string };
    expect(type).toBe('/docs/problems#key_refused');
  });
});
