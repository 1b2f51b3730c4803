/** Calls as strangers make them, by a seed: any route, any method, any header, bodies of every kind. */
import * as fc from 'fast-check';
import type { Route } from '../../functions/http/route.ts';
import { takesBody } from '../../functions/reference/openapi/bodies.ts';
import { ROUTES } from '../../functions/routes.ts';
import { type Body, contentType, garbage, nearly, text } from './fuzz-values.ts';
import { multipart, type RawCall } from './raw-call.ts';

/** A call and the route that it reaches, as the document names it. */
export interface FuzzCall {
  readonly method: string;
  readonly path: string;
  readonly call: RawCall;
}

export interface Place {
  readonly key: string;
  /** What the account has, by the ids of the examples: a body that names it is refused late. */
  readonly own: ReadonlyMap<string, string>;
  /** Ids that a call may name in a path. */
  readonly pathIds: readonly string[];
  readonly picture: Buffer;
}

export function fuzzCalls(place: Place, seed: number, runs: number): FuzzCall[] {
  return fc.sample(anyCall(place), { seed, numRuns: runs });
}

function anyCall(place: Place): fc.Arbitrary<FuzzCall> {
  const routes = Object.entries(ROUTES).map(([name, route]) => callOf(place, name, route));
  const nowhere = fc.tuple(
    fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'),
    segment,
    headers(place),
  );
  return fc.oneof(
    { weight: 30, arbitrary: fc.oneof(...routes) },
    { weight: 1, arbitrary: nowhere.map(([method, part, sent]) => at(method, `/nowhere/${part}`, sent)) },
  );
}

function at(method: string, path: string, sent: Readonly<Record<string, string>>): FuzzCall {
  return { method, path, call: { method, path, headers: sent } };
}

/** `arbitrary` so many times of a hundred, else undefined. */
function sometimes<Value>(percent: number, arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ weight: percent, arbitrary }, { weight: 100 - percent, arbitrary: fc.constant(undefined) });
}

/** One part of a path. Not empty, nor one that stands for a route of its own. */
const segment = text.map(words => encodeURIComponent(words.toWellFormed()).slice(0, 300) || '%20');

function callOf(place: Place, name: string, route: Route): fc.Arbitrary<FuzzCall> {
  const example = JSON.parse(owned(JSON.stringify(route.example?.body ?? {}), place)) as Record<string, unknown>;
  const part = fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...place.pathIds) }, { weight: 1, arbitrary: segment });
  // Another method on its path is no route, unless another one has it.
  const method = fc.oneof(
    { weight: 25, arbitrary: fc.constant<string>(route.method) },
    { weight: 1, arbitrary: fc.constant('PUT') },
  );
  const body = sometimes(takesBody(route) ? 95 : 15, bodyOf(place, route, example));
  return fc
    .record({
      method,
      part,
      query: queryOf(name, route),
      sent: headers(place),
      body,
      oddType: sometimes(8, contentType),
    })
    .map(({ method: used, part: id, query, sent, body: said, oddType }) => {
      // Nobody deletes what later calls are to find.
      const named = used === 'DELETE' && place.pathIds.includes(id) ? 'video_1' : id;
      const path = route.path.replace(/\{\w+\}/g, () => named);
      const type = oddType ?? said?.contentType;
      const withType = type === undefined ? sent : { ...sent, 'content-type': type };
      const call = { method: used, path: path + query, headers: withType, ...(said && { body: said.body }) };
      return { method: used, path: route.path, call };
    });
}

/** The example with ids that are the account's own. */
function owned(json: string, { own }: Place): string {
  return [...own].reduce((text, [theirs, ours]) => text.replaceAll(theirs, ours), json);
}

function queryOf(_name: string, route: Route): fc.Arbitrary<string> {
  const { query = {} } = route.example ?? {};
  const names = [...Object.keys(query), 'prompt', 'id', 'limit', 'after', 'dry_run', 'page_num'];
  const pair = fc.tuple(fc.constantFrom(...names), fc.oneof(text, fc.constantFrom('1', 'true', 'asc', 'video')));
  const pairs = fc.array(pair, { maxLength: 3 }).map(all => new URLSearchParams(all.map(wellFormed)).toString());
  return sometimes(40, pairs).map(search => (search ? `?${search}` : ''));
}

function wellFormed([name, said]: readonly [string, string]): [string, string] {
  return [name, said.toWellFormed().slice(0, 200)];
}

function bodyOf({ picture }: Place, route: Route, example: Record<string, unknown>): fc.Arbitrary<Body> {
  const json = nearly(example).map(body => ({ contentType: 'application/json', body: JSON.stringify(body) }));
  const urlencoded = nearly(example).map(body => ({
    contentType: 'application/x-www-form-urlencoded',
    body: new URLSearchParams(Object.entries(body).map(([name, said]) => wellFormed([name, fieldOf(said)]))).toString(),
  }));
  const file = fc.oneof(
    fc.constant(picture),
    fc.nat(picture.length).map(length => picture.subarray(0, length)),
    fc.uint8Array({ maxLength: 400 }).map(bytes => Buffer.from(bytes)),
  );
  const fileName = fc.constantFrom(...Object.keys(route.files ?? {}), 'image', 'file', 'input_reference', '__proto__');
  const form = fc.tuple(nearly(example), sometimes(80, fc.tuple(fileName, file))).map(([body, attached]) => {
    const fields = Object.entries(body).map(([name, said]) => [name.replace(/[\r\n"]/g, '_'), fieldOf(said)] as const);
    return multipart(Object.fromEntries([...fields, ...(attached ? [attached] : [])]));
  });
  return fc.oneof(
    { weight: 8, arbitrary: json },
    { weight: route.bodies ? 6 : 1, arbitrary: form },
    { weight: 1, arbitrary: urlencoded },
    { weight: 2, arbitrary: garbage(example) },
  );
}

function fieldOf(said: unknown): string {
  return typeof said === 'string' ? said : (JSON.stringify(said) ?? '');
}

/** Mostly the account's key, in either way; and what the routes read of headers, and do not. */
function headers({ key }: Place): fc.Arbitrary<Record<string, string>> {
  const door = fc.oneof(
    { weight: 20, arbitrary: fc.constant({ 'api-key': key }) },
    { weight: 10, arbitrary: fc.constant({ authorization: `Bearer ${key}` }) },
    { weight: 1, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: headerValue.map(words => ({ 'api-key': words })) },
    { weight: 1, arbitrary: headerValue.map(words => ({ authorization: words })) },
  );
  const others = fc.dictionary(fc.constantFrom(...READ), fc.oneof(headerValue, fc.constantFrom(...USUAL)), {
    maxKeys: 3,
  });
  return fc.tuple(door, others).map(([opens, more]) => ({ ...more, ...opens }));
}

const READ = [
  'ai-trace-id',
  'idempotency-key',
  'prefer',
  'cancel-after',
  'last-event-id',
  'accept',
  'x-forwarded-for',
  'x-amzn-trace-id',
  'x-http-method-override',
  'if-none-match',
  'range',
  'cookie',
  'origin',
  'x-api-key',
];
const USUAL = ['dry-run', '60', '60s', '7d4e6f10-0000-4000-8000-000000000001', 'generating.1.50', '*', 'bytes=0-1'];

/** What HTTP carries in a header. */
const headerValue = text.map(words => words.replace(/[^\x20-\x7e\x80-\xff]/g, '').slice(0, 300));
