/** What anybody may read: the OpenAPI document, the reference made of it, and where problems lead. */
import { createHash } from 'node:crypto';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { REFUSALS } from '../../functions/catalogue/refusal.ts';
import { withSupport } from '../../functions/catalogue/support.ts';
import { describeApi, openApiDocument } from '../../functions/reference/openapi.ts';
import { OPEN_ROUTES, ROUTES } from '../../functions/routes.ts';
import { Documented } from '../support/documented.ts';
import { Issuer } from '../support/issued-certificate.ts';
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

  it('the document has every route that the API has, and no other', async () => {
    const { paths } = (await (await read('/openapi.json')).json()) as ReturnType<typeof openApiDocument>;
    const said = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map(method => `${method.toUpperCase()} ${path}`),
    );
    const called = platform.cloud.routes.filter(({ method }) => !['OPTIONS', 'HEAD'].includes(method));
    expect(said.sort()).toEqual(called.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it('what each open route answers is as the document says', async () => {
    await keepCertificate();
    const documented = new Documented(describeApi(url));
    for (const [name, { method, path, example, signature, answers }] of Object.entries(OPEN_ROUTES)) {
      const target = path.replace(/\{(\w+)\}/, (_, part: string) => example.path?.[part] ?? expect.fail(name));
      const body = signature === undefined ? null : JSON.stringify(example.body);
      const answer = await fetch(url + target, { method, body, redirect: 'manual' });
      const [status, contentType, text] = [
        answer.status,
        answer.headers.get('content-type') ?? '',
        await answer.text(),
      ];
      // Here are no keys of Stripe yet, with which to verify what it signs.
      expect(status, name).toBe(signature ? 503 : Number(Object.keys(answers)[0]));
      if (path === '/openapi.json') continue;
      expect(documented.wrong(method, path, { status, contentType, text }), name).toBeUndefined();
    }
  });

  it('the root leads to the reference', async () => {
    const answer = await read('/');
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `${url}/docs`]);
  });

  it('nothing else is', async () => {
    for (const path of ['/v1/videos', '/openapi/v2/account/balance']) expect((await read(path)).status).toBe(401);
    for (const path of ['/docs/keys/other', '/openapi', '/v1']) expect((await read(path)).status).toBe(404);
  });
});

/** The certificate that the examples name. */
async function keepCertificate(): Promise<void> {
  const issuer = new Issuer();
  await issuer.issue();
  const s3 = new S3Client(platform.cloud.client);
  const Bucket = platform.output('CertificatesBucket');
  for (const [name, Body] of issuer.store.files) {
    await s3.send(new PutObjectCommand({ Bucket, Key: `certificates/${name}`, Body }));
  }
}

describe('the reference', () => {
  it('shows every operation on its first page, where the whole of each is, and what is found of words', async () => {
    const page = await (await read('/docs')).text();
    for (const name of Object.keys(ROUTES)) {
      expect(page).toMatch(new RegExp(`<li id="${name}"><a href="/docs/[a-z-]+#${name}">`));
    }
    expect(await (await read('/docs/keys')).text()).toContain('<article id="rotateKey">');
    const found = await (await read('/docs?q=rotate+key')).text();
    expect(found).toContain('<a href="/docs/keys#rotateKey">');
    expect(found).not.toContain('#createVideo"><span');
    // Where it says that one writes to support, the stage's address stands.
    const problems = await (await read('/docs/problems')).text();
    expect(problems).toContain('support@mutoscope.example');
    for (const text of [page, problems]) expect(text).not.toContain('{support}');
  });

  it('has no page that it does not name, and says so in its own manner', async () => {
    for (const name of ['other', '%3Cscript%3E', 'keys%2F..']) {
      const answer = await read(`/docs/${name}`);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
      expect(await answer.text()).toContain('<h1>There is no such page</h1>');
    }
  });

  it.each(['/docs', '/docs/keys', '/docs?q=key', '/docs/other'])(
    'at %s asks for nothing from elsewhere, runs nothing but its own script, and may not',
    async path => {
      const answer = await read(path);
      const page = await answer.text();
      expect(page).not.toMatch(/<link rel="stylesheet|@import|url\(|<img|<iframe| on\w+=| style=| src=/i);
      const policy = answer.headers.get('content-security-policy')?.split('; ');
      for (const name of ['style', 'script']) {
        const [[, text = ''] = [], ...more] = [
          ...page.matchAll(new RegExp(`<${name}[^>]*>([^<]*(?:<(?!/)[^<]*)*)</`, 'g')),
        ];
        expect(more).toEqual([]);
        expect(policy).toContain(`${name}-src 'sha256-${createHash('sha256').update(text).digest('base64')}'`);
      }
      expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "base-uri 'none'", "form-action 'self'"]));
      expect(policy?.join()).not.toMatch(/unsafe|\*/);
    },
  );

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
    expect(page.match(/<script/g)).toHaveLength(1);
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
    expect((await ask('/v1/videos', OWN)).headers['access-control-allow-methods']).toBe('POST, GET, HEAD, OPTIONS');
    expect((await ask('/v1/webhooks/stripe', OWN)).headers.allow).toBe('POST, OPTIONS');
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

describe('HEAD', () => {
  const head = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await send(url, { method: 'HEAD', path, headers });
    expect(answer.text).toBe('');
    return answer;
  };

  it('of a page says what GET would, without the page', async () => {
    for (const path of ['/docs', '/openapi.json', '/v1/terms']) {
      const [{ status, headers }, whole] = [await head(path), await read(path)];
      const named = ['content-type', 'content-length', 'etag', 'cache-control'];
      const said = named.map(name => whole.headers.get(name));
      expect([status, ...named.map(name => headers[name])]).toEqual([200, ...said]);
    }
  });

  it('of a route wants the key that GET wants, and is not there where GET is not', async () => {
    const { api } = await platform.customer({ credits: 0 });
    const authorization = `Bearer ${api.key}`;
    expect((await head('/v1/models', { authorization })).status).toBe(200);
    const { status, headers } = await head('/v1/videos/video_5', { authorization });
    expect([status, headers['content-type']]).toEqual([404, 'application/problem+json']);
    expect((await head('/v1/models')).status).toBe(401);
    expect((await head('/openapi/v2/video/text/generate', { authorization })).status).toBe(404);
  });
});

describe('the `type` of a problem', () => {
  it('leads to its explanation, for every refusal', async () => {
    const page = await (await read('/docs/problems')).text();
    for (const kind of Object.keys(REFUSALS)) expect(page).toContain(`<div id="${kind}">`);
    // Of the gateway itself, without a key and without a route; and of a function behind it.
    const { api } = await platform.customer();
    const headers = { authorization: `Bearer ${api.key}` };
    for (const [path, code, sent] of [
      ['/v1/videos', 'key_refused', {}],
      ['/v1/nothing', 'not_found', {}],
      ['/v1/videos/video_5', 'not_found', headers],
    ] as const) {
      const { type } = (await (await read(path, sent)).json()) as { type: string };
      expect(type).toBe(`${url}/docs/problems#${code}`);
      expect((await fetch(type)).status).toBe(200);
      expect(page).toContain(`<div id="${code}">`);
    }
  });
});
