import { createHash } from 'node:crypto';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { termsPage } from '../accounts/terms.ts';
import { withSupport } from '../catalogue/support.ts';
import { headerOf } from '../http/caller.ts';
import { answerPreflight, readOrigins } from '../http/cross-origin.ts';
import { ROUTES } from '../routes.ts';
import { now, setting } from '../runtime/runtime.ts';
import { describeApi, openApiDocument } from './openapi.ts';
import { referencePage } from './page/page.ts';
import { problemsPage } from './page/problems-page.ts';
import { STYLE } from './page/style.ts';

/** Nothing but the page's own style and icon: no script, no request to anywhere. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'cache-control': 'public, max-age=300',
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000',
  // What is for everybody is for every page too.
  'access-control-allow-origin': '*',
};
const ORIGINS = readOrigins(setting('CORS_ORIGINS'));
const SUPPORT_ADDRESS = setting('SUPPORT');

interface Page {
  readonly contentType: string;
  readonly text: (baseUrl: string) => string;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const HTML = 'text/html; charset=utf-8';
const PAGES: Readonly<Record<string, Page>> = {
  '/openapi.json': {
    contentType: JSON_TYPE,
    text: baseUrl => withSupport(JSON.stringify(openApiDocument(baseUrl)), SUPPORT_ADDRESS),
  },
  '/docs': { contentType: HTML, text: baseUrl => withSupport(referencePage(describeApi(baseUrl)), SUPPORT_ADDRESS) },
  '/v1/terms': { contentType: JSON_TYPE, text: () => JSON.stringify(termsPage(now())) },
  '/docs/problems': { contentType: HTML, text: () => withSupport(problemsPage(), SUPPORT_ADDRESS) },
};

interface Made {
  readonly body: string;
  readonly etag: string;
}

/** By page and address: the address is the only thing in them that a request decides. */
const made = new Map<string, Made>();
/** More addresses than a deployment has are not remembered. */
const MOST_MADE = 20;

/**
 * What anybody may read without a key: the OpenAPI document, the reference made of it, and the page of refusals; and what
 * browsers ask before they call any path from a page of another origin.
 */
export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  if (event.httpMethod === 'OPTIONS') return answerPreflight(ORIGINS, event, methodsOf(event.resource));
  const baseUrl = baseUrlOf(event);
  const page = PAGES[event.resource];
  const shared = { ...HEADERS, 'x-request-id': event.requestContext.requestId };
  if (!page) {
    const headers = { ...shared, 'content-type': 'text/plain', location: `${baseUrl}/docs` };
    return { statusCode: 302, headers, body: '' };
  }
  const { body, etag } = make(event.resource, page, baseUrl);
  const headers = { ...shared, etag, 'content-type': page.contentType };
  const known = (headerOf(event, 'if-none-match') ?? '').split(',').map(tag => tag.trim().replace(/^W\//, ''));
  if (known.includes(etag) || known.includes('*')) return { statusCode: 304, headers, body: '' };
  return { statusCode: 200, headers, body };
}

function methodsOf(resource: string): string[] {
  const methods = Object.values(ROUTES).filter(({ path }) => path === resource);
  return methods.length > 0 ? methods.map(({ method }) => method) : ['GET'];
}

function make(resource: string, page: Page, baseUrl: string): Made {
  const key = `${resource} ${baseUrl}`;
  const known = made.get(key);
  if (known) return known;
  const body = page.text(baseUrl);
  const fresh = { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
  if (made.size < MOST_MADE) made.set(key, fresh);
  return fresh;
}

/** The API's address as the caller used it: with the stage, or the base path of a domain of one's own. */
function baseUrlOf(event: APIGatewayProxyEvent): string {
  const { domainName = 'localhost', path } = event.requestContext;
  const resource = event.resource === '/' ? '' : event.resource;
  const below = path.replace(/\/$/, '');
  const prefix = below.endsWith(resource) ? below.slice(0, below.length - resource.length) : '';
  return `${headerOf(event, 'x-forwarded-proto') ?? 'https'}://${domainName}${prefix}`;
}
