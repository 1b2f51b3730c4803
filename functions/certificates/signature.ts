/** The signature of a certificate: JWS (RFC 7515) with ES256 in compact serialisation, and keys as JWK with their thumbprint (RFC 7638). Pure. */
import { createHash, createPublicKey, verify } from 'node:crypto';
import * as z from 'zod';
import { derIntegers } from './der.ts';

/** A public key on the curve P-256. */
export const publicJwk = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.base64url().length(43),
  y: z.base64url().length(43),
});
export type PublicJwk = z.output<typeof publicJwk>;

export const keySet = z.object({ keys: z.array(z.looseObject({ kid: z.string().optional() })) });

/** Of a key as KMS hands it out: SubjectPublicKeyInfo in DER. */
export function jwkOf(spki: Uint8Array): PublicJwk {
  return publicJwk.parse(
    createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }).export({ format: 'jwk' }),
  );
}

/** The id of a key, made of nothing but the key: RFC 7638, 3. */
export function thumbprint({ crv, kty, x, y }: PublicJwk): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}

const TYPE = 'deletion-certificate+jwt';
const headerForm = z.strictObject({ alg: z.literal('ES256'), kid: z.string(), typ: z.literal(TYPE) });

/** What is signed: header and payload as the JWS writes them. What is signed by the same key and is no certificate has a type of its own. */
export function signingInput(payload: string, kid: string, typ: string = TYPE): string {
  const header = JSON.stringify({ alg: 'ES256', kid, typ });
  return `${encoded(header)}.${encoded(payload)}`;
}

/** The JWS, of a signature in DER as KMS makes it. */
export function compactJws(input: string, derSignature: Uint8Array): string {
  return `${input}.${joseSignature(derSignature).toString('base64url')}`;
}

const HALF = 32;

/** r and s, each of 32 bytes (RFC 7518, 3.4), of an ECDSA-Sig-Value (RFC 3279, 2.2.3). */
export function joseSignature(derSignature: Uint8Array): Buffer {
  const numbers = derIntegers(derSignature);
  if (numbers.length !== 2) throw new Error('a signature of ECDSA has two numbers');
  return Buffer.concat(
    numbers.map(number => {
      const digits = number.toString(16).padStart(2 * HALF, '0');
      if (number < 0n || digits.length > 2 * HALF) throw new Error('a number of the signature is not one of P-256');
      return Buffer.from(digits, 'hex');
    }),
  );
}

export function payloadOf(jws: string): unknown {
  return JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString());
}

export type Verified =
  | { readonly kind: 'valid'; readonly kid: string; readonly payload: unknown }
  | { readonly kind: 'invalid'; readonly why: string };

/** Whether one of the keys signed it; and that its three parts are written in the only way that there is. */
export function verifyJws(jws: string, keys: readonly unknown[]): Verified {
  const [head = '', payload = '', signature = '', ...more] = jws.split('.');
  if (more.length > 0 || [head, payload, signature].some(part => !part || !isCanonical(part))) {
    return { kind: 'invalid', why: 'the JWS is not three parts in base64url' };
  }
  const header = headerForm.safeParse(parsed(head));
  if (!header.success)
    return { kind: 'invalid', why: 'the header of the JWS is not that of a certificate of deletion' };
  const { kid } = header.data;
  const key = keys.flatMap(candidate => publicJwk.safeParse(candidate).data ?? []).find(one => thumbprint(one) === kid);
  if (!key) return { kind: 'invalid', why: `no key of the set has the id ${kid}` };
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${payload}`),
    { key: createPublicKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned) return { kind: 'invalid', why: 'the signature is not of this content' };
  return { kind: 'valid', kid, payload: parsed(payload) };
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function isCanonical(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

function parsed(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}
