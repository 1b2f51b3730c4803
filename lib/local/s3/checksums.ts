/**
 * The checksums that S3 verifies and keeps: Content-MD5 and x-amz-checksum-*. An object sent without one is kept without
 * one (S3 would add a CRC64NVME, which no SDK needs in order to read).
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { refusal } from './s3-error.ts';

/** Shown bytes piece by piece; then says the checksum. */
interface Summing {
  update(bytes: Buffer): unknown;
  digest(): Buffer;
}

const ALGORITHMS = {
  CRC32: () => summingCrc(crc32),
  CRC32C: () => summingCrc(crc32c),
  SHA1: () => createHash('sha1'),
  SHA256: () => createHash('sha256'),
} as const satisfies Record<string, () => Summing>;

export type ChecksumAlgorithm = keyof typeof ALGORITHMS;

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** base64; of a composite one, followed by `-` and the number of parts. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

const PREFIX = 'x-amz-checksum-';

/** Verifies what the request says of its body; answers the checksum to keep. Throws BadDigest, InvalidDigest, InvalidRequest, NotImplemented. */
export function verifyBody(headers: Readonly<Record<string, string>>, body: Buffer): Checksum | undefined {
  const md5 = headers['content-md5'];
  if (md5 !== undefined) {
    if (Buffer.from(md5, 'base64').length !== 16) throw refusal('InvalidDigest');
    if (md5 !== createHash('md5').update(body).digest('base64')) throw refusal('BadDigest');
  }
  const given = Object.keys(headers).filter(name => name.startsWith(PREFIX) && !NOT_A_VALUE.has(name));
  const [name] = given;
  if (name === undefined) return undefined;
  if (given.length > 1) {
    throw refusal(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const algorithm = algorithmNamed(name.slice(PREFIX.length), name);
  const value = headers[name] ?? '';
  const actual = checksumOf(algorithm, body);
  if (Buffer.from(value, 'base64').length !== Buffer.from(actual, 'base64').length) {
    throw refusal('InvalidRequest', `Value for ${name} header is invalid.`);
  }
  if (value !== actual)
    throw refusal('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  return { algorithm, value, type: 'FULL_OBJECT' };
}
const NOT_A_VALUE = new Set(['algorithm', 'type', 'mode'].map(name => PREFIX + name));

/** The algorithm called `name`, in any case; throws NotImplemented that names `header`. */
export function algorithmNamed(name: string, header: string): ChecksumAlgorithm {
  const algorithm = name.toUpperCase();
  if (!(algorithm in ALGORITHMS)) throw refusal('NotImplemented', undefined, { Header: header, Value: name });
  return algorithm as ChecksumAlgorithm;
}

/** The checksum of `bytes` in base64. */
export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Buffer): string {
  const summing = startChecksum(algorithm);
  summing.update(bytes);
  return summing.digest().toString('base64');
}

export function startChecksum(algorithm: ChecksumAlgorithm): Summing {
  return ALGORITHMS[algorithm]();
}

/** The headers of an answer that say `checksum`. */
export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return { [PREFIX + checksum.algorithm.toLowerCase()]: checksum.value, [`${PREFIX}type`]: checksum.type };
}

/** The elements of a document that say `checksum`. */
export function checksumElements(checksum: Checksum | undefined): readonly (readonly [string, string])[] {
  return checksum
    ? [
        [`Checksum${checksum.algorithm}`, checksum.value],
        ['ChecksumType', checksum.type],
      ]
    : [];
}

function summingCrc(sum: (bytes: Buffer, before: number) => number): Summing {
  let value = 0;
  return {
    update(bytes) {
      value = sum(bytes, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    },
  };
}

/** CRC-32C (Castagnoli), reflected polynomial 0x82F63B78; Node's zlib has only the other CRC-32. */
const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

/** The checksum of the bytes whose checksum is `before`, followed by `bytes`. */
function crc32c(bytes: Buffer, before = 0): number {
  let value = ~before;
  for (const byte of bytes) value = (TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return ~value >>> 0;
}
