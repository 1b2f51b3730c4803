/** What strangers put into members, headers and bodies: mostly nearly right, sometimes anything at all. */
import * as fc from 'fast-check';

/** Text that has broken something somewhere before. */
const NASTY = [
  '',
  ' ',
  '0',
  '-1',
  '1e309',
  'NaN',
  'null',
  'undefined',
  'true',
  '[object Object]',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '%00',
  '%',
  '\u0000',
  '\ud800',
  '💥'.repeat(50),
  'ﷺ',
  '\u202e',
  'a'.repeat(6000),
  '$context.error',
  '{{7*7}}',
  '#{jndi:x}',
  "' OR 1=1 --",
  '<script>',
  '\r\nx: y',
  '2026-11-23 04:13:57',
  'video_1',
  '9007199254740993',
];

/** Addresses that are refused without asking the network: no test of ours calls a stranger. */
export const ADDRESSES = [
  'http://127.0.0.1/',
  'http://[::1]:80/a.png',
  'http://169.254.169.254/latest/',
  'https://10.0.0.1/x.mp4',
  'http://0/',
  'http://127.1:1/',
  'http://user:pass@192.168.0.1/',
  'ftp://127.0.0.1/',
  'file:///etc/passwd',
  ...[
    'http://',
    'data:image/png;base64,AAAA',
    'data:image/png;base64,',
    'data:,',
    'javascript:alert(1)',
    'http://[',
    '//',
  ],
];

const NUMBERS = [0, -0, -1, 1, 2, 5, 1.5, 2 ** 31, 2 ** 53 - 1, 2 ** 53, -(2 ** 63), 1e308, Number.MIN_VALUE];

export const text: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(...ADDRESSES),
);

export const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], ...NUMBERS) },
  { weight: 3, arbitrary: text },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: 1, max: 2 ** 48 }), { maxLength: 30 }) },
);

type Path = readonly string[];

/** A body like `example` with up to three things changed at any depth: left out, replaced, put into a list, added. */
export function nearly(example: Readonly<Record<string, unknown>>): fc.Arbitrary<Record<string, unknown>> {
  const paths = pathsOf(example);
  const added = text.map((name): Path => [name]);
  const path = fc.oneof(
    { weight: 7, arbitrary: paths.length > 0 ? fc.constantFrom(...paths) : added },
    { weight: 1, arbitrary: added },
  );
  const how = fc.oneof(
    { weight: 1, arbitrary: fc.constant('drop' as const) },
    { weight: 1, arbitrary: fc.constant('wrap' as const) },
    { weight: 3, arbitrary: value.map(replacement => ({ replacement })) },
  );
  return fc.array(fc.tuple(path, how), { maxLength: 3 }).map(changes => {
    const body = structuredClone(example) as Record<string, unknown>;
    for (const [at, change] of changes) {
      const name = at.at(-1) ?? '';
      const holder = holderOf(body, at.slice(0, -1));
      if (!holder) continue;
      if (change === 'drop') delete holder[name];
      else define(holder, name, change === 'wrap' ? [holder[name]] : change.replacement);
    }
    return body;
  });
}

/** The way to every member, at any depth. */
function pathsOf(held: unknown): Path[] {
  if (typeof held !== 'object' || held === null) return [];
  return Object.entries(held).flatMap(([name, inner]) => [[name], ...pathsOf(inner).map(path => [name, ...path])]);
}

/** The object or list at the end of the way; undefined where an earlier change has taken it away. */
function holderOf(body: unknown, [name, ...rest]: Path): Record<string, unknown> | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  return name === undefined
    ? (body as Record<string, unknown>)
    : holderOf(Object.entries(body).find(([key]) => key === name)?.[1], rest);
}

/** As an own member whatever it is called. */
function define(target: object, name: string, replacement: unknown): void {
  // A list's length is no member of it.
  if (Array.isArray(target) && name === 'length') return;
  Object.defineProperty(target, name, { value: replacement, enumerable: true, configurable: true, writable: true });
}

const BOUNDARIES = ['', 'x', '"unclosed', 'x'.repeat(200)];
const TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/mixed; boundary=x',
  'image/png',
  'application/octet-stream',
  '',
  ';;;',
  '*/*',
  ...BOUNDARIES.map(boundary => `multipart/form-data; boundary=${boundary}`),
];

export interface Body {
  readonly contentType: string;
  readonly body: Buffer | string;
}

export const contentType: fc.Arbitrary<string> = fc.constantFrom(...TYPES);

/** Bytes under any content type, whole JSON and parts of it. */
export function garbage(example: object): fc.Arbitrary<Body> {
  const json = JSON.stringify(example);
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes)),
    fc.nat(json.length).map(at => json.slice(0, at)),
    fc.json(),
    text,
    fc.constant('['.repeat(5000)),
    fc.constant('--x\r\ncontent-disposition: form-data; name="a"\r\n\r\nb'),
  );
  return fc.record({ contentType, body });
}
