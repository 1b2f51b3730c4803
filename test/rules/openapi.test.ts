import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { PERMISSIONS, ROLES } from '../../functions/catalogue/permissions.ts';
import { priceOf } from '../../functions/catalogue/prices.ts';
import { REFUSALS } from '../../functions/catalogue/refusal.ts';
import type { BodyParser, ResolvedInputs } from '../../functions/generation/pixverse/body-parser.ts';
import {
  avatarParser,
  imageParser,
  imageTemplateParser,
  textParser,
} from '../../functions/generation/pixverse/create-parsers.ts';
import {
  fusionParser,
  multiTransitionParser,
  transitionParser,
} from '../../functions/generation/pixverse/image-parsers.ts';
import { EXAMPLE_IDS } from '../../functions/generation/pixverse/members-contract.ts';
import * as videoParsers from '../../functions/generation/pixverse/video-parsers.ts';
import { maskSelectionParser, modifyParser, swapParser } from '../../functions/generation/pixverse/video-parsers.ts';
import { refuseCaller } from '../../functions/http/access.ts';
import type { Operation, Schema } from '../../functions/reference/openapi/model.ts';
import { EXPLAINED } from '../../functions/reference/openapi/refusals.ts';
import { describeApi, openApiDocument } from '../../functions/reference/openapi.ts';
import { FAMILIES, OPEN_ROUTES, ROUTES } from '../../functions/routes.ts';
import { Documented } from '../support/documented.ts';

const BASE_URL = 'https://api.example.com/live';
/** As it is served, and the same with every operation whole. */
const document = openApiDocument(BASE_URL);
const whole = describeApi(BASE_URL);
const documented = new Documented(whole);
const operations = Object.entries(whole.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation: operation as Operation })),
);
const each = operations.map(({ operation, ...place }) => [operation.operationId, { operation, ...place }] as const);

/** Every object within a value, itself included. */
function* within(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const item of Object.values(value)) yield* within(item);
}

describe('the document', () => {
  it('has one operation for each route, of callers and open ones, and no other', () => {
    const said = operations.map(({ path, method, operation }) => `${operation.operationId} ${method} ${path}`);
    const wanted = [...Object.entries(ROUTES), ...Object.entries(OPEN_ROUTES)].map(
      ([name, { method, path }]) => `${name} ${method.toLowerCase()} ${path}`,
    );
    expect(said.sort()).toEqual(wanted.sort());
    expect(said.length).toBeGreaterThan(40);
  });

  it('refers only to what it has, and has nothing that nobody refers to', () => {
    const refs = [...within(document)].flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []));
    const { securitySchemes: _, ...components } = document.components;
    const had = Object.entries(components).flatMap(([kind, named]) =>
      Object.keys(named).map(name => `#/components/${kind}/${name}`),
    );
    expect([...new Set(refs)].sort()).toEqual(had.sort());
  });

  it('says once what operations share, and the same as every operation whole', () => {
    /** References to what is shared, in place of it; those of zod's own components stand in both. */
    const unshared = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(unshared);
      if (typeof value !== 'object' || value === null) return value;
      const [, kind = '', name = ''] = /^#\/components\/(\w+)\/(\w+)$/.exec(String(Object(value).$ref)) ?? [];
      const shared = (document.components as unknown as Record<string, Record<string, unknown>>)[kind]?.[name];
      const known = (whole.components as unknown as Record<string, Record<string, unknown>>)[kind]?.[name];
      if (shared !== undefined && known === undefined) return unshared(shared);
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unshared(item)]));
    };
    expect(unshared(document.paths)).toEqual(JSON.parse(JSON.stringify(whole.paths)));
  });

  it('is short: 2,970 bytes for an operation, all that they share included', () => {
    expect(Buffer.byteLength(JSON.stringify(document))).toBeLessThanOrEqual(2_970 * operations.length);
  });

  it('says under which terms it may be used, and where it is for readers', () => {
    expect(document.info).toMatchObject({
      termsOfService: `${BASE_URL}/v1/terms`,
      license: { name: expect.stringContaining('terms of use'), url: `${BASE_URL}/v1/terms` },
    });
    expect(document.servers.map(({ url }) => url)).toEqual([BASE_URL]);
    expect(document.externalDocs.url).toBe(`${BASE_URL}/docs`);
  });

  it('has no reference but within itself, and nothing of zod', () => {
    expect(JSON.stringify(document)).not.toMatch(/\$defs|\$schema|9007199254740991|-9007199254740991/);
  });

  it('has only tags that it explains, in groups that name each once', () => {
    const names = [...FAMILIES.map(({ name }) => name), 'Without a key'];
    expect(document.tags.map(({ name }) => name)).toEqual(names);
    expect(document['x-tagGroups'].flatMap(({ tags }) => tags)).toEqual(names);
    expect(new Set(operations.map(({ operation }) => operation.tags[0]))).toEqual(new Set(names));
  });

  it('names the security schemes that it has, every one, and nothing for all operations at once', () => {
    const schemes = Object.keys(document.components.securitySchemes);
    const named = operations.flatMap(({ operation }) => operation.security.flatMap(Object.keys));
    expect([...new Set(named)].sort()).toEqual(schemes.sort());
    expect(document).not.toHaveProperty('security');
  });

  it('has no members but those of OpenAPI 3.1, with those that must be there', () => {
    expect(strangers(document)).toEqual([]);
  });

  it('is JSON Schema 2020-12 throughout', () => {
    const ajv = new Ajv2020({ strict: false, validateSchema: true });
    const schemas = [...within(document)].flatMap(({ schema }) => (schema ? [schema as object] : []));
    expect(schemas.length).toBeGreaterThan(200);
    for (const schema of [...schemas, ...Object.values(document.components.schemas)]) {
      expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
    }
  });
});

/** By kind of object: the members that must be there, and those that may. Source: OpenAPI 3.1.0, "Schema". */
const OBJECTS = {
  document: ['openapi info paths components', 'servers tags externalDocs x-tagGroups'],
  info: ['title version', 'description termsOfService license'],
  license: ['name', 'url'],
  server: ['url', 'description'],
  externalDocs: ['url', 'description'],
  tag: ['name', 'description'],
  components: ['', 'schemas parameters responses headers securitySchemes'],
  pathItem: ['', 'get post put patch delete'],
  operation: ['operationId responses security tags', 'summary description parameters requestBody'],
  parameter: ['name in schema', 'required description example style explode'],
  requestBody: ['content', 'required'],
  mediaType: ['', 'schema example'],
  response: ['description', 'headers content'],
  header: ['', 'description schema'],
} as const satisfies Record<string, readonly [string, string]>;

/** Members that a kind of object has not, or lacks, by where that is. References have no other member. */
function strangers(api: typeof document): string[] {
  const found: string[] = [];
  const check = (kind: keyof typeof OBJECTS, where: string, value: object | undefined): void => {
    if (!value || ('$ref' in value && Object.keys(value).length === 1)) return;
    const [must, may] = OBJECTS[kind].map(names => names.split(' ').filter(Boolean)) as [string[], string[]];
    const has = Object.keys(value);
    found.push(...has.filter(name => ![...must, ...may].includes(name)).map(name => `${where} has ${name}`));
    found.push(...must.filter(name => !has.includes(name)).map(name => `${where} lacks ${name}`));
  };
  const checkAll = (kind: keyof typeof OBJECTS, where: string, values: object = {}): void => {
    for (const [name, value] of Object.entries(values)) check(kind, `${where} ${name}`, value);
  };
  const checkResponses = (where: string, responses: Operation['responses']): void => {
    checkAll('response', where, responses);
    for (const { headers, content } of Object.values(responses)) {
      checkAll('header', where, headers);
      checkAll('mediaType', where, content);
    }
  };
  check('document', 'document', api);
  check('info', 'info', api.info);
  check('license', 'license', api.info.license);
  check('externalDocs', 'externalDocs', api.externalDocs);
  checkAll('server', 'servers', api.servers);
  checkAll('tag', 'tags', api.tags);
  check('components', 'components', api.components);
  checkAll('parameter', 'components', api.components.parameters);
  checkAll('header', 'components', api.components.headers);
  checkResponses('components', api.components.responses);
  for (const [path, item] of Object.entries(api.paths)) {
    check('pathItem', path, item);
    for (const operation of Object.values(item)) {
      const where = operation.operationId;
      check('operation', where, operation);
      checkAll('parameter', where, operation.parameters);
      check('requestBody', where, operation.requestBody);
      checkAll('mediaType', where, operation.requestBody?.content);
      checkResponses(where, operation.responses);
    }
  }
  return found;
}

/** Whether a caller may call, by what the document says and nothing else. */
function isAllowed({ security }: Operation, scheme: string, held: readonly string[]): boolean {
  return security.some(requirement => {
    const [[name, needed] = ['', []]] = Object.entries(requirement);
    return name === scheme && needed.every(each => held.includes(each));
  });
}

describe('the security of an operation', () => {
  it.each(each.filter(([name]) => name in ROUTES))('%s lets in whom its route lets in', (name, { operation }) => {
    const route = ROUTES[name] ?? expect.fail(name);
    for (const permission of PERMISSIONS) {
      const key = { kind: 'key', status: 'active', permissions: [permission] } as const;
      const wanted = refuseCaller({ ...route, capability: 'read' }, key) === undefined;
      for (const scheme of ['apiKey', 'bearer']) {
        expect(isAllowed(operation, scheme, [permission]), `${scheme} with ${permission}`).toBe(wanted);
      }
    }
    for (const role of ROLES) {
      const person = { kind: 'person', accountId: 'acc', status: 'active', roles: [role] } as const;
      const wanted = refuseCaller({ ...route, capability: 'read' }, person) === undefined;
      expect(isAllowed(operation, 'person', [role]), role).toBe(wanted);
    }
  });

  it('is none where anybody may call, and a signature where the sender signs', () => {
    for (const [name, { signature }] of Object.entries(OPEN_ROUTES)) {
      const { operation } = operations.find(found => found.operation.operationId === name) ?? expect.fail(name);
      expect(operation.security).toEqual(signature ? [{ signature: [] }] : []);
    }
    const { signature } = document.components.securitySchemes;
    expect(signature).toMatchObject({ in: 'header', name: OPEN_ROUTES.stripeWebhook?.signature });
  });
});

/** The contract of an operation. */
const contractOf = (name: string) => ROUTES[name] ?? OPEN_ROUTES[name] ?? expect.fail(name);

describe.each(each)('the operation %s', (name, { path, operation }) => {
  it('declares the parameters of its path, each once and required', () => {
    const { parameters } = operation;
    const inPath = parameters.filter(parameter => parameter.in === 'path');
    expect(inPath.map(parameter => `{${parameter.name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
    expect(inPath.every(({ required }) => required)).toBe(true);
    const places = parameters.map(parameter => `${parameter.in} ${parameter.name}`);
    expect(new Set(places).size).toBe(places.length);
  });

  it('says how an object is written in a query', () => {
    const objects = operation.parameters.filter(
      parameter =>
        parameter.in === 'query' &&
        whole.components.schemas[parameter.schema.$ref?.split('/').at(-1) ?? '']?.type === 'object',
    );
    expect(objects.map(({ style, explode }) => [style, explode])).toEqual(objects.map(() => ['deepObject', true]));
    expect(objects.length).toBe(['listVideos', 'readUsage'].includes(name) ? 1 : 0);
  });

  it('has words at every parameter, member and answer', () => {
    const silent = operation.parameters.filter(({ description }) => !description).map(parameter => parameter.name);
    expect(silent).toEqual([]);
    expect(speechless(operation)).toEqual([]);
    for (const { description } of Object.values(operation.responses)) expect(description).toMatch(/\.$/);
  });

  it('has an example of the call that its schema and its contract take', () => {
    const { path: inPath, query, body } = contractOf(name).example;
    const parsed = contractOf(name).input.safeParse({ ...body, ...query, ...inPath });
    expect(parsed.error?.issues).toBeUndefined();
    for (const parameter of operation.parameters) {
      if (parameter.required) expect(parameter.example, parameter.name).toBeDefined();
    }
    const content = Object.values(operation.requestBody?.content ?? {});
    if (operation.requestBody?.required) expect(content.some(({ example }) => example !== undefined)).toBe(true);
    for (const { schema, example } of content) {
      if (example !== undefined) expect(documented.mismatch(schema ?? {}, example)).toBeUndefined();
    }
  });

  it('has an example of each JSON success that its schema takes', () => {
    for (const [status, { content = {} }] of Object.entries(operation.responses)) {
      const json = content['application/json'];
      if (!/^2/.test(status) || !json?.schema || operation.tags[0] === 'Not offered') continue;
      expect(json.example).toBeDefined();
      expect(documented.mismatch(json.schema, json.example)).toBeUndefined();
    }
  });
});

/** Members without words, their own or those of the component that they are. */
function speechless(value: unknown): string[] {
  const wordsOf = ({ description, $ref = '' }: Schema): string | undefined =>
    description ?? document.components.schemas[$ref.replace('#/components/schemas/', '')]?.description;
  return [...within(value)].flatMap(({ properties }) =>
    Object.entries((properties ?? {}) as Record<string, Schema>)
      .filter(([, member]) => !wordsOf(member))
      .map(([name]) => name),
  );
}

describe('the words', () => {
  it('are at every member of the document as it is served', () => {
    expect(speechless(document)).toEqual([]);
  });

  it('explain every refusal once, with its code and status', () => {
    const wanted = Object.entries(REFUSALS).map(([code, { pixverse, http }]) => [code, [pixverse], http]);
    expect(EXPLAINED.map(({ code, errCodes, status }) => [code, errCodes, status])).toEqual(wanted);
  });
});

describe('an example of a creation', () => {
  const inputs: ResolvedInputs = {
    video: { width: 960, height: 540, durationSeconds: 5, hasAudio: true },
    masks: [{ id: EXAMPLE_IDS.mask, maskId: '1', source: { kind: 'video', id: EXAMPLE_IDS.video }, keyframe: 1 }],
  };
  const { extendParser, lipSyncParser, soundEffectParser, restyleParser, mimicParser, upscaleParser } = videoParsers;

  it.each([
    ['generateFromText', textParser],
    ['generateFromImage', imageParser],
    ['transition', transitionParser],
    ['multiTransition', multiTransitionParser],
    ['fusion', fusionParser],
    ['avatar', avatarParser],
    ['imageTemplate', imageTemplateParser],
    ['extend', extendParser],
    ['lipSync', lipSyncParser],
    ['soundEffect', soundEffectParser],
    ['restyle', restyleParser],
    ['mimic', mimicParser],
    ['upscale', upscaleParser],
    ['maskSelection', maskSelectionParser],
    ['swap', swapParser],
    ['modify', modifyParser],
  ])('%s is allowed by the matrix and has its real price in the response', (name, parser) => {
    const { body, answer } = ROUTES[name]?.example ?? expect.fail();
    const { priceInput } = (parser as BodyParser<object>).parse(ROUTES[name]?.input.parse(body) as object, inputs, 1);
    expect(answer).toMatchObject({ credits: priceOf(priceInput), credit: priceOf(priceInput) });
  });
});
