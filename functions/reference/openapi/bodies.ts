/** The members of a route's input where they are sent: in the path, the query, or a body in one of its forms. Pure. */
import type { BodyForm, Example, OpenRoute, Route } from '../../http/route.ts';
import type { MediaType, Parameter, Schema } from './model.ts';
import { BINARY, type Components, isFile } from './schemas.ts';

export const CONTENT_TYPES: Readonly<Record<BodyForm, string>> = {
  json: 'application/json',
  multipart: 'multipart/form-data',
  urlencoded: 'application/x-www-form-urlencoded',
};

export function pathMembers(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

export function parametersOf(
  route: Pick<Route, 'method' | 'path'>,
  input: Schema,
  headers: Route['headers'],
  example: Example,
  components: Components,
): Parameter[] {
  const { properties = {}, required = [] } = input;
  const isObject = ({ $ref = '', type }: Schema) =>
    type === 'object' || components.get($ref.split('/').at(-1) ?? '')?.type === 'object';
  const inPath = pathMembers(route.path);
  const inQuery = takesBody(route) ? [] : Object.keys(properties).filter(name => !inPath.includes(name));
  const member = (place: 'path' | 'query') => (name: string) => {
    const { description, ...schema } = properties[name] ?? {};
    const value = place === 'path' ? example.path?.[name] : example.query?.[name];
    return {
      name,
      in: place,
      ...((place === 'path' || required.includes(name)) && { required: true }),
      ...(description !== undefined && { description }),
      // An object in a query is written member by member: `metadata[customer]=42`.
      ...(place === 'query' && isObject(schema) && { style: 'deepObject', explode: true }),
      schema,
      ...(value !== undefined && { example: value }),
    };
  };
  const said = Object.entries(headers ?? {}).map(([name, description]) => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string' },
  }));
  return [...inPath.map(member('path')), ...inQuery.map(member('query')), ...said] as Parameter[];
}

export function takesBody({ method }: Pick<Route, 'method'>): boolean {
  return method !== 'GET' && method !== 'DELETE';
}

/** By content type; undefined where it takes no body, or has no member for one. */
export function contentOf(
  route: Route | OpenRoute,
  input: Schema,
  example: Example,
): Readonly<Record<string, MediaType>> | undefined {
  const { bodies = ['json'], files = {} }: Pick<Route, 'bodies' | 'files'> = 'entry' in route ? route : {};
  const body = without(input, pathMembers(route.path));
  if (!takesBody(route) || (Object.keys(body.properties ?? {}).length === 0 && pathMembers(route.path).length > 0)) {
    return undefined;
  }
  const sample = (value: object | undefined) => (value ? { example: value } : {});
  const byForm = {
    json: () => ({ schema: mapMembers(body, asJson), ...sample(example.body) }),
    urlencoded: () => ({ schema: mapMembers(body, asText) }),
    multipart: () => ({ schema: withFiles(mapMembers(body, asText), files), ...sample(example.form) }),
  };
  return Object.fromEntries(bodies.map(form => [CONTENT_TYPES[form], byForm[form]()]));
}

function without(schema: Schema, names: readonly string[]): Schema {
  const { properties = {}, required = [], ...rest } = schema;
  const left = required.filter(name => !names.includes(name));
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name))),
    ...(left.length > 0 && { required: left }),
  };
}

/** Members that `map` leaves nothing of are not in that form. */
function mapMembers(schema: Schema, map: (member: Schema) => Schema | undefined): Schema {
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const mapped = map(member);
    return mapped ? [[name, mapped] as const] : [];
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}

/** JSON carries no files. */
function asJson(member: Schema): Schema | undefined {
  return choose(member, choice => !isFile(choice));
}

/** Forms carry text. */
function asText(member: Schema): Schema | undefined {
  return choose(member, choice => !isFile(choice) && choice.type !== 'object' && choice.type !== 'array');
}

function choose(member: Schema, fits: (choice: Schema) => boolean): Schema | undefined {
  const { anyOf, ...rest } = member;
  if (!anyOf) return fits(member) ? member : undefined;
  const left = anyOf.filter(fits);
  if (left.length === 0) return undefined;
  return left.length === 1 ? { ...left[0], ...rest } : { ...rest, anyOf: left };
}

function withFiles(schema: Schema, files: Readonly<Record<string, string>>): Schema {
  const members = Object.entries(files).map(([name, description]) => [name, { ...BINARY, description }] as const);
  return { ...schema, properties: { ...Object.fromEntries(members), ...schema.properties } };
}
