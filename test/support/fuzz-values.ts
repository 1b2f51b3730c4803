/** What strangers put into members, headers and bodies: mostly nearly right, sometimes anything at all. */
import * as fc from 'fast-check';

/** Text that has broken something somewhere before. */
const NASTY = [
  ...['', ' ', '0', '-1', '1e309', 'NaN', 'null', 'undefined', 'true', '[object Object]', '__proto__', 'constructor'],
  ...[
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
  ],
  ...[
    '{{7*7}}',
    '#{jndi:x}',
    "' OR 1=1 --",
    '<script>',
    '\r\nx: y',
    '2026-11-23 04:13:57',
    'video_1',
    '9007199254740993',
  ],
];

/** Addresses that are refused without asking the network: no test of ours calls a stranger. */
export const ADDRESSES = [
  ...['http://127.0.0.1/', 'http://[::1]:80/a.png', 'http://169.254.169.254/latest/', 'https://10.0.0.1/x.mp4'],
  ...['http://0/', 'http://127.1:1/', 'http://user:pass@192.168.0.1/', 'ftp://127.0.0.1/', 'file:///etc/passwd'],
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

/** A body like `example` with nothing, one or several things changed: left out, replaced, added. */
export function nearly(example: Readonly<Record<string, unknown>>): fc.Arbitrary<Record<string, unknown>> {
  const names = fc.oneof(
    { weight: 6, arbitrary: Object.keys(example).length > 0 ? fc.constantFrom(...Object.keys(example)) : text },
    { weight: 1, arbitrary: text },
  );
  const change = fc.oneof(
    { weight: 1, arbitrary: fc.tuple(fc.constant('drop' as const), names, fc.constant(null)) },
    { weight: 3, arbitrary: fc.tuple(fc.constant('put' as const), names, value) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('wrap' as const), names, fc.constant(null)) },
  );
  return fc.array(change, { maxLength: 3 }).map(changes => {
    const body: Record<string, unknown> = { ...example };
    for (const [what, name, replacement] of changes) {
      if (what === 'drop') delete body[name];
      else define(body, name, what === 'wrap' ? [body[name]] : replacement);
    }
    return body;
  });
}

/** As an own member whatever it is called. */
function define(target: object, name: string, replacement: unknown): void {
  Object.defineProperty(target, name, { value: replacement, enumerable: true, configurable: true, writable: true });
}

const BOUNDARIES = ['', 'x', '"unclosed', 'x'.repeat(200)];
const TYPES = [
  ...['application/json', 'application/json; charset=utf-16', 'text/plain', 'application/x-www-form-urlencoded'],
  ...['multipart/form-data', 'multipart/mixed; boundary=x', 'image/png', 'application/octet-stream', '', ';;;', '*/*'],
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
