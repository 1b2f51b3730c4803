import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
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
import type { Operation, Schema } from '../../functions/reference/openapi/model.ts';
import { EXPLAINED } from '../../functions/reference/openapi/refusals.ts';
import { describeApi, openApiDocument } from '../../functions/reference/openapi.ts';
import { FAMILIES, ROUTES } from '../../functions/routes.ts';
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
  it('has one operation for each route and no other', () => {
    const said = operations.map(({ path, method, operation }) => `${operation.operationId} ${method} ${path}`);
    const wanted = Object.entries(ROUTES).map(([name, { method, path }]) => `${name} ${method.toLowerCase()} ${path}`);
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
    expect(JSON.stringify(document).length).toBeLessThan(300_000);
  });

  it('has no reference but within itself, and nothing of zod', () => {
    expect(JSON.stringify(document)).not.toMatch(/\$defs|\$schema|9007199254740991|-9007199254740991/);
  });

  it('has only tags that it explains, in groups that name each once', () => {
    const names = FAMILIES.map(({ name }) => name);
    expect(document.tags.map(({ name }) => name)).toEqual(names);
    expect(document['x-tagGroups'].flatMap(({ tags }) => tags)).toEqual(names);
    expect(new Set(operations.map(({ operation }) => operation.tags[0]))).toEqual(new Set(names));
  });

  it('names security schemes that it has', () => {
    const schemes = Object.keys(document.components.securitySchemes);
    expect(document.security.flatMap(Object.keys).sort()).toEqual(schemes.sort());
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
    const { path: inPath, query, body } = ROUTES[name]?.example ?? expect.fail('there is no example');
    const parsed = ROUTES[name]?.input.safeParse({ ...body, ...query, ...inPath });
    expect(parsed?.error?.issues).toBeUndefined();
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
