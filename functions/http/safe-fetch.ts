/**
 * Fetches what a caller points at, without letting the caller point inside. Every address that a name resolves to must
 * be public, the connection goes to the address that was checked (a name that resolves otherwise a moment later gains
 * nothing), redirects are not followed, and bytes and time are capped. Source: OWASP's SSRF prevention cheat sheet.
 */
import { lookup } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

export interface FetchLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** `host` or `host:port` that may be fetched although it is inside or on another port: the organisation's own. */
  readonly allow: readonly string[];
  /** What is wanted, as the `accept` header says it; an image where absent. */
  readonly accept?: string;
  /** All addresses of a host name. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

export interface Fetched {
  readonly bytes: Buffer;
  readonly contentType: string;
}

/** Why a URL was not fetched: `reason` is for the caller. */
export class FetchRefused extends Error {
  readonly kind: 'address' | 'too_large' | 'unavailable';

  constructor(kind: FetchRefused['kind'], reason: string) {
    super(reason);
    this.name = 'FetchRefused';
    this.kind = kind;
  }
}

/** The body behind `url`; throws FetchRefused. */
export async function safeFetch(url: URL, limits: FetchLimits): Promise<Fetched> {
  // The name's look-up counts too: a slow name server is a slow host.
  const signal = AbortSignal.timeout(limits.timeoutMs);
  const late = new FetchRefused('unavailable', `it did not answer within ${limits.timeoutMs / 1000} s`);
  const expiry = new Promise<never>((_, fail) => signal.addEventListener('abort', () => fail(late), { once: true }));
  const address = await Promise.race([publicAddress(url, limits), expiry]);
  // node:net asks for one address or for all, by what its caller wants.
  const pinned: LookupFunction = (_host, options, answer) => {
    const family = address.includes(':') ? 6 : 4;
    if (options.all) answer(null, [{ address, family }]);
    else answer(null, address, family);
  };
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((done, fail) => {
    const unavailable = (why: string) => fail(new FetchRefused('unavailable', why));
    const request = send(url, {
      lookup: pinned,
      signal,
      agent: false,
      headers: { accept: limits.accept ?? 'image/*', 'user-agent': 'mutoscope' },
    });
    request.on('error', () => (signal.aborted ? fail(late) : unavailable('it could not be reached')));
    request.on('response', response => {
      const { statusCode = 0, headers } = response;
      if (statusCode !== 200) {
        request.destroy();
        return unavailable(
          statusCode >= 300 && statusCode < 400
            ? 'it redirects, and redirects are not followed'
            : `it answered ${statusCode}`,
        );
      }
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size <= limits.maxBytes) return;
        fail(new FetchRefused('too_large', `it is larger than ${limits.maxBytes} bytes`));
        request.destroy();
      });
      response.on('aborted', () => unavailable('it broke off'));
      response.on('end', () => done({ bytes: Buffer.concat(chunks), contentType: headers['content-type'] ?? '' }));
    });
    request.end();
  });
}

/** The address to connect to; throws unless every address of the host is public or the host is allowed by name. */
async function publicAddress(url: URL, { allow, resolve = resolveHost }: FetchLimits): Promise<string> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new FetchRefused('address', 'only http and https are taken');
  if (url.username || url.password) throw new FetchRefused('address', 'a URL with a user name is not taken');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const trusted = allow.includes(url.host) || allow.includes(host);
  if (url.port !== '' && !trusted)
    throw new FetchRefused(
      'address',
      `port ${url.port} is not taken: use the usual port of ${url.protocol.slice(0, -1)}`,
    );
  const addresses = ipaddr.isValid(host) ? [host] : await resolve(host).catch(() => []);
  const [first] = addresses;
  if (first === undefined) throw new FetchRefused('address', `the host ${host} has no address`);
  if (!trusted && !addresses.every(isPublic))
    throw new FetchRefused('address', 'it points to an address that is not public');
  return first;
}

async function resolveHost(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** All of IPv6 that IANA gives out as public; elsewhere hide older clothes of IPv4, such as ::7f00:1 for loopback. */
const GIVEN_OUT = ipaddr.IPv6.parseCIDR('2000::/3');

/** `process` maps an IPv4 address in IPv6 clothes to what it is, so loopback cannot hide as ::ffff:127.0.0.1. */
export function isPublic(address: string): boolean {
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(GIVEN_OUT));
}
