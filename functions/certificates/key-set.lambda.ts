import { createHash } from 'node:crypto';
import { headerOf } from '../http/caller.ts';
import { openHandler } from '../http/open-handler.ts';
import { setting } from '../runtime/runtime.ts';
import { thumbprint } from './signature.ts';
import { publicJwkOf } from './signing-client.ts';

const KEYS = setting('CERTIFICATE_KEYS').split(',');

/** Longer than a verifier's run, shorter than anybody waits for a new key to be known. */
const CACHED = 'public, max-age=3600';

let keySet: Promise<string> | undefined;

/** Called by anybody: the public keys of certificates, the one that signs before those that did. They never change. */
export const handler = openHandler(async event => {
  keySet ??= readKeys();
  keySet.catch(() => {
    keySet = undefined;
  });
  const body = await keySet;
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const headers = { etag, 'cache-control': CACHED };
  const known = (headerOf(event, 'if-none-match') ?? '').split(',').map(tag => tag.trim().replace(/^W\//, ''));
  if (known.includes(etag) || known.includes('*')) return { statusCode: 304, headers, body: '' };
  return { statusCode: 200, headers: { ...headers, 'content-type': 'application/json; charset=utf-8' }, body };
});

async function readKeys(): Promise<string> {
  const keys = await Promise.all(KEYS.map(publicJwkOf));
  return JSON.stringify({ keys: keys.map(jwk => ({ ...jwk, kid: thumbprint(jwk), alg: 'ES256', use: 'sig' })) });
}
