/**
 * ECDSA over a digest that is there already (FIPS 186-5, 6.4), which Node's own functions do not take: they hash what they
 * sign. Points are computed by OpenSSL, numbers here; not in constant time, which a stand-in on loopback can afford.
 */
import { createECDH, randomBytes } from 'node:crypto';

interface Curve {
  /** As OpenSSL names it. */
  readonly name: string;
  readonly bytes: number;
  /** Of the base point. */
  readonly order: bigint;
}

export const CURVES = {
  'P-256': {
    name: 'prime256v1',
    bytes: 32,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  'P-384': {
    name: 'secp384r1',
    bytes: 48,
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
  'P-521': {
    name: 'secp521r1',
    bytes: 66,
    order:
      0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  },
} as const satisfies Record<string, Curve>;
export type CurveName = keyof typeof CURVES;

/** The signature in DER. `secret` is the private number, big-endian. */
export function signDigest(curve: CurveName, secret: Uint8Array, digest: Uint8Array): Buffer {
  const { bytes, order } = CURVES[curve];
  for (;;) {
    // Twice as many random bytes as the order has: each number is as likely as any other.
    const nonce = modulo(numberOf(randomBytes(2 * bytes)), order);
    const r = nonce === 0n ? 0n : pointX(curve, nonce);
    const s = modulo(inverse(nonce, order) * (leftmost(digest, order) + r * numberOf(secret)), order);
    if (r !== 0n && s !== 0n) return derSignature(r, s);
  }
}

/** Whether the signature is of the digest, by the private key: it says where the point of both must be. */
export function verifiesDigest(
  curve: CurveName,
  secret: Uint8Array,
  { digest, signature }: { readonly digest: Uint8Array; readonly signature: Uint8Array },
): boolean {
  const { order } = CURVES[curve];
  const [r, s] = readSignature(signature) ?? [];
  if (r === undefined || s === undefined || r < 1n || r >= order || s < 1n || s >= order) return false;
  const nonce = modulo(inverse(s, order) * (leftmost(digest, order) + r * numberOf(secret)), order);
  return nonce !== 0n && pointX(curve, nonce) === r;
}

/** x, modulo the order, of the base point taken so many times. */
function pointX(curve: CurveName, times: bigint): bigint {
  const { name, bytes, order } = CURVES[curve];
  const point = createECDH(name);
  point.setPrivateKey(times.toString(16).padStart(2 * bytes, '0'), 'hex');
  return modulo(numberOf(point.getPublicKey().subarray(1, 1 + bytes)), order);
}

/** As many bits of the digest as the order has. */
function leftmost(digest: Uint8Array, order: bigint): bigint {
  const surplus = Math.max(0, 8 * digest.length - order.toString(2).length);
  return numberOf(digest) >> BigInt(surplus);
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function modulo(value: bigint, order: bigint): bigint {
  return ((value % order) + order) % order;
}

/** By Euclid. */
function inverse(value: bigint, order: bigint): bigint {
  let [rest, next] = [order, modulo(value, order)];
  let [factor, nextFactor] = [0n, 1n];
  while (next !== 0n) {
    const times = rest / next;
    [rest, next] = [next, rest - times * next];
    [factor, nextFactor] = [nextFactor, factor - times * nextFactor];
  }
  return modulo(factor, order);
}

function derSignature(...numbers: readonly bigint[]): Buffer {
  const content = Buffer.concat(
    numbers.map(number => {
      const hex = number.toString(16);
      const digits = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
      const positive = (digits[0] ?? 0) < 0x80 ? digits : Buffer.concat([Uint8Array.of(0), digits]);
      return Buffer.concat([Uint8Array.of(0x02, positive.length), positive]);
    }),
  );
  const length = content.length < 0x80 ? [content.length] : [0x81, content.length];
  return Buffer.concat([Uint8Array.of(0x30, ...length), content]);
}

/** Its two numbers; undefined where it is written in another way than `derSignature` writes them. */
function readSignature(signature: Uint8Array): readonly bigint[] | undefined {
  const bytes = Buffer.from(signature);
  const start = bytes[1] === 0x81 ? 3 : 2;
  const numbers: bigint[] = [];
  for (let at = start; at < bytes.length; ) {
    const end = at + 2 + (bytes[at + 1] ?? 0);
    const digits = bytes.subarray(at + 2, end);
    if (digits.length === 0) return undefined;
    numbers.push(numberOf(digits));
    at = end;
  }
  return numbers.length === 2 && derSignature(...numbers).equals(bytes) ? numbers : undefined;
}
