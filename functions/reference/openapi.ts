/**
 * The OpenAPI 3.1 document of both dialects, made of the contracts: nothing about a route is said here that is not in
 * its contract or in the table of refusals. Pure.
 */

import type { RefusalKind } from '../catalogue/refusal.ts';
import { rolesOf } from '../http/access.ts';
import type { Family, OpenRoute, Route } from '../http/route.ts';
import { FAMILIES, OPEN_ROUTES } from '../routes.ts';
import { envelopes, HEADERS, openAnswers, statuses } from './openapi/answers.ts';
import { contentOf, parametersOf } from './openapi/bodies.ts';
import { ENVELOPES } from './openapi/envelopes.ts';
import { ABOUT, OPEN } from './openapi/introduction.ts';
import type { Method, OpenApi, Operation } from './openapi/model.ts';
import { ANYWHERE } from './openapi/refusals.ts';
import { type Components, schemaOf } from './openapi/schemas.ts';
import { SCHEMES, securityOf } from './openapi/security.ts';
import { shareComponents } from './openapi/share-components.ts';

const DIALECTS: Readonly<Record<Family['dialect'], string>> = {
  pixverse: 'PixVerse dialect',
  videos: 'Videos dialect',
  platform: 'Platform',
};

/** The document as it is served below `baseUrl`, such as `https://api.example.com/live`: what operations share is said once. */
export function openApiDocument(baseUrl: string): OpenApi {
  return shareComponents(describeApi(baseUrl));
}

/** The same with every operation whole, for readers that show one at a time. */
export function describeApi(baseUrl: string): OpenApi {
  const components: Components = new Map();
  const paths: Record<string, Partial<Record<Method, Operation>>> = {};
  const add = ({ method, path }: Route | OpenRoute, operation: Operation): void => {
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation };
  };
  for (const family of FAMILIES) {
    for (const [name, route] of Object.entries(family.routes)) add(route, operationOf(name, route, family, components));
  }
  for (const [name, route] of Object.entries(OPEN_ROUTES)) add(route, openOperation(name, route, components));
  const tags = FAMILIES.map(family => ({ name: family.name, description: family.about }));
  const groups = Object.entries(DIALECTS).map(([dialect, name]) => ({
    name,
    tags: FAMILIES.filter(family => family.dialect === dialect).map(family => family.name),
  }));
  const terms = `${baseUrl}/v1/terms`;
  return {
    openapi: '3.1.0',
    info: {
      title: 'Mutoscope',
      version: '2026-11-01',
      description: ABOUT,
      termsOfService: terms,
      license: { name: 'Proprietary: use is under the terms of use', url: terms },
    },
    servers: [{ url: baseUrl, description: 'This platform' }],
    externalDocs: { url: `${baseUrl}/docs`, description: 'The same for readers' },
    tags: [...tags, OPEN],
    'x-tagGroups': [...groups, { name: 'For everybody', tags: [OPEN.name] }],
    paths,
    components: {
      schemas: { ...Object.fromEntries(components), ...ENVELOPES },
      parameters: {},
      responses: {},
      headers: HEADERS,
      securitySchemes: SCHEMES,
    },
  };
}

/** What the operations of a family may refuse. */
export function refusalsOf({ refuses }: Family): readonly RefusalKind[] {
  return [...new Set([...ANYWHERE, ...refuses])];
}

function operationOf(name: string, route: Route, family: Family, components: Components): Operation {
  const { example = {} } = route;
  const input = schemaOf(route.input, 'input', components);
  const isEmpty = route.output._zod.def.type === 'undefined';
  const output = isEmpty ? {} : schemaOf(route.output, 'output', components);
  const refusals = refusalsOf(family);
  const content = contentOf(route, input, example);
  return {
    operationId: name,
    summary: route.summary,
    description: callersOf(route),
    tags: [family.name],
    parameters: parametersOf(route, input, { ...family.headers, ...route.headers }, example, components),
    ...(content && { requestBody: { ...((input.required ?? []).length > 0 && { required: true }), content } }),
    responses:
      family.dialect === 'pixverse'
        ? envelopes(output, refusals, example.answer)
        : statuses(route, output, refusals, example.answer),
    security: securityOf(route),
  };
}

function openOperation(name: string, route: OpenRoute, components: Components): Operation {
  const { signature, input: source, example } = route;
  const input = schemaOf(source, 'input', components);
  const content = contentOf(route, input, example);
  return {
    operationId: name,
    summary: route.summary,
    description: signature ? `For who signs in \`${signature}\`.` : 'For everybody.',
    tags: [OPEN.name],
    parameters: parametersOf(route, input, {}, example, components),
    ...(content && { requestBody: { required: true, content } }),
    responses: openAnswers(route, output => schemaOf(output, 'output', components)),
    security: signature ? [{ signature: [] }] : [],
  };
}

/** Who may call, in words for a reader. */
function callersOf(route: Route): string {
  const key = route.permission && `a key with \`${route.permission}\``;
  const people = rolesOf(route).map(role => `\`${role}\``);
  const person = people.length > 0 && `a person who is ${people.join(' or ')}`;
  return `For ${[key, person].filter(Boolean).join(' or ')}.`;
}
