/** Reads what a function answered to a proxy event. Anything but AWS's shape is a bad gateway, as it is there. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isBinary } from './binary-media.ts';
import { type Exchange, headerOf } from './exchange.ts';
import { Refusal } from './gateway-response.ts';
import type { Reply } from './reply.ts';

/** The gateway speaks HTTP itself: these of the function go to the client under another name, or not at all. */
const REMAPPED = new Set(['content-length', 'date', 'server', 'www-authenticate', 'user-agent', 'host']);
const DROPPED = new Set(['connection', 'transfer-encoding', 'keep-alive', 'upgrade', 'trailer', 'te']);

/** `why` is for the log: the client is told nothing but "Internal server error". */
export class MalformedResponse extends Refusal {
  readonly why: string;

  constructor(why: string) {
    super('INTEGRATION_FAILURE');
    this.why = why;
  }
}

/** Throws MalformedResponse. `payload` is JSON text. */
export function proxyReply(exchange: Exchange, payload: string): Reply {
  const answer: unknown = JSON.parse(payload);
  if (!isRecord(answer)) throw new MalformedResponse('the answer is not an object');
  const status = Number(answer.statusCode);
  if (answer.statusCode === undefined || !Number.isInteger(status) || status < 200 || status > 599) {
    throw new MalformedResponse(`statusCode is ${JSON.stringify(answer.statusCode)}`);
  }
  const body = answer.body ?? '';
  if (typeof body !== 'string') throw new MalformedResponse('body is not text');
  const headers = headersOf(answer);
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type')) {
    headers.push(['Content-Type', 'application/json']);
  }
  return { status, headers, body: decode(exchange, body, answer.isBase64Encoded === true) };
}

/** Text marked as base64 is decoded where the API's binary media types have what the client asks for first. */
function decode(exchange: Exchange, body: string, base64: boolean): Buffer {
  const wanted = headerOf(exchange, 'accept')?.split(',')[0];
  const decoded = base64 && isBinary(wanted, exchange.api.binaryMediaTypes);
  return Buffer.from(body, decoded ? 'base64' : 'utf8');
}

function headersOf(answer: Readonly<Record<string, unknown>>): [string, string][] {
  const single = readHeaders(answer.headers, 'headers', value => [value]);
  const multiple = readHeaders(answer.multiValueHeaders, 'multiValueHeaders', value => {
    if (!Array.isArray(value)) throw new MalformedResponse('multiValueHeaders has a value that is not a list');
    return value;
  });
  const named = new Set(multiple.map(([name]) => name.toLowerCase()));
  return [...single.filter(([name]) => !named.has(name.toLowerCase())), ...multiple]
    .filter(([name]) => !DROPPED.has(name.toLowerCase()))
    .map(([name, value]) => [REMAPPED.has(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name, value]);
}

function readHeaders(
  headers: unknown,
  member: string,
  valuesOf: (value: unknown) => readonly unknown[],
): [string, string][] {
  if (headers === undefined || headers === null) return [];
  if (!isRecord(headers)) throw new MalformedResponse(`${member} is not an object`);
  return Object.entries(headers).flatMap(([name, value]) =>
    valuesOf(value).map((each): [string, string] => {
      if (typeof each === 'object' || each === undefined) throw new MalformedResponse(`the header ${name} is not text`);
      const text = String(each);
      refuseUnsendable(name, text);
      return [name, text];
    }),
  );
}

function refuseUnsendable(name: string, value: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    throw new MalformedResponse(`the header ${name} has characters that HTTP does not carry`);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
