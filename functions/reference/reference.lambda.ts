import { createHash } from 'node:crypto';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { termsPage } from '../accounts/terms.ts';
import { withSupport } from '../catalogue/support.ts';
import { baseUrlOf } from '../http/base-url.ts';
import { headerOf } from '../http/caller.ts';
import { answerPreflight, readOrigins } from '../http/cross-origin.ts';
import { STATEMENT } from '../retention/statement.ts';
import { OPEN_ROUTES, ROUTES } from '../routes.ts';
import { now, setting } from '../runtime/runtime.ts';
import { PAGES } from './contract.ts';
import type { OpenApi } from './openapi/model.ts';
import { describeApi, openApiDocument } from './openapi.ts';
import { homePage, pageNames, pageOf, searchPage, unknownPage } from './page/pages.ts';
import { privacyPage } from './page/privacy.ts';
import { SCRIPT } from './page/script.ts';
import { readSignIns, SIGN_IN_STYLE, signInPage } from './page/sign-in.ts';
import { SIGN_IN_SCRIPT } from './page/sign-in-script.ts';
import { type Site, siteOf } from './page/site.ts';
import { STYLE } from './page/style.ts';

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing but the pages' own style, script and icon: no request to anywhere, but for the search of the reference itself. */
const POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(STYLE)}`,
  `script-src ${hashOf(SCRIPT)}`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'self'",
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
const SIGN_INS = readSignIns(setting('SIGN_INS'));
const SIGN_IN_CALLBACKS = setting('SIGN_IN_CALLBACKS').split(',');

/** The page to sign in at asks the token endpoints of its user pools too, and the API itself whose account it is. */
const SIGN_IN_HEADERS = {
  ...HEADERS,
  // An answer of the sign-in pages is in its address.
  'cache-control': 'no-store',
  'content-security-policy': [
    "default-src 'none'",
    `style-src ${hashOf(SIGN_IN_STYLE)}`,
    `script-src ${hashOf(SIGN_IN_SCRIPT)}`,
    `connect-src 'self' ${SIGN_INS.flatMap(({ url }) => [`${url}/oauth2/token`, `${url}/oauth2/revoke`]).join(' ')}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
};
const ORIGINS = readOrigins(setting('CORS_ORIGINS'));
const SUPPORT_ADDRESS = setting('SUPPORT');

/** Where the API is for the caller: the address, and the path below which it is there. */
interface Place {
  readonly baseUrl: string;
  readonly root: string;
}

interface Page {
  readonly body: string;
  readonly contentType: string;
  readonly statusCode?: number;
}

interface Made extends Page {
  readonly etag: string;
}

const json = (value: object): Page => ({ body: JSON.stringify(value), contentType: 'application/json; charset=utf-8' });
const html = (body: string): Page => ({ body, contentType: 'text/html; charset=utf-8' });

/** By what is on the page and its address: nothing else of a request decides it. */
const made = new Map<string, Made>();
/** More than the pages at a few addresses are not remembered. */
const MOST_MADE = 100;
let described: OpenApi | undefined;
const sites = new Map<string, Site>();
const MOST_SITES = 5;

/**
 * What anybody may read without a key: the OpenAPI document, the reference made of it, the terms, the privacy statement, and
 * the page to sign in at; and what browsers ask before they call any path from a page of another origin.
 */
export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  if (event.httpMethod === 'OPTIONS') return answerPreflight(ORIGINS, event, methodsOf(event.resource));
  const place = placeOf(event);
  const own = event.resource === PAGES.showSignIn.path ? SIGN_IN_HEADERS : HEADERS;
  const shared = { ...own, 'x-request-id': event.requestContext.requestId };
  const page = pageFor(event, place);
  if (!page) {
    const headers = { ...shared, 'content-type': 'text/plain', location: `${place.baseUrl}/docs` };
    return { statusCode: 302, headers, body: '' };
  }
  const { body, etag, contentType, statusCode = 200 } = page;
  const headers = { ...shared, etag, 'content-type': contentType };
  const known = (headerOf(event, 'if-none-match') ?? '').split(',').map(tag => tag.trim().replace(/^W\//, ''));
  if (statusCode === 200 && (known.includes(etag) || known.includes('*')))
    return { statusCode: 304, headers, body: '' };
  return { statusCode, headers, body };
}

function pageFor(event: APIGatewayProxyEvent, place: Place): Made | undefined {
  const { baseUrl } = place;
  switch (event.resource) {
    case PAGES.readOpenApi.path:
      return remember('openapi', baseUrl, () => json(openApiDocument(baseUrl)));
    case PAGES.readTerms.path:
      return tagged(json(termsPage(now())));
    case PAGES.readPrivacy.path:
      return remember('privacy data', baseUrl, () => json(STATEMENT));
    case PAGES.showPrivacy.path:
      return remember('privacy', baseUrl, () => html(privacyPage(siteAt(place))));
    case PAGES.readReference.path: {
      const query = event.queryStringParameters?.q;
      // As many pages as there are words: none is remembered.
      if (query !== undefined) return tagged(html(searchPage(siteAt(place), query)));
      return remember('docs', baseUrl, () => html(homePage(siteAt(place))));
    }
    case PAGES.readReferencePage.path: {
      const name = event.pathParameters?.page ?? '';
      const site = siteAt(place);
      if (!pageNames(site).includes(name)) return tagged({ ...html(unknownPage(site, name)), statusCode: 404 });
      return remember(`docs/${name}`, baseUrl, () => html(pageOf(site, name)));
    }
    case PAGES.showSignIn.path:
      return tagged(html(signInPage(place.root, SIGN_INS, SIGN_IN_CALLBACKS)));
    default:
      return undefined;
  }
}

function methodsOf(resource: string): string[] {
  const methods = Object.values({ ...ROUTES, ...OPEN_ROUTES }).filter(({ path }) => path === resource);
  return methods.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}

function remember(name: string, baseUrl: string, make: () => Page): Made {
  const key = `${name} ${baseUrl}`;
  const known = made.get(key) ?? tagged(make());
  if (made.size < MOST_MADE) made.set(key, known);
  return known;
}

function tagged(page: Page): Made {
  const body = withSupport(page.body, SUPPORT_ADDRESS);
  return { ...page, body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}

function siteAt({ baseUrl, root }: Place): Site {
  // The pages have addresses from their links alone, so that one description is enough for all.
  described ??= describeApi('');
  const site = sites.get(baseUrl) ?? siteOf(described, baseUrl, root);
  if (sites.size < MOST_SITES) sites.set(baseUrl, site);
  return site;
}

function placeOf(event: APIGatewayProxyEvent): Place {
  const { domainName = 'localhost' } = event.requestContext;
  const baseUrl = baseUrlOf(event);
  return { baseUrl, root: baseUrl.slice(baseUrl.indexOf('://') + 3 + domainName.length) };
}
