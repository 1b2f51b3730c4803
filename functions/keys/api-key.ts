/**
 * The form of an API key: `mut_`, 30 random base-62 characters (178 bits), 6 characters of CRC-32 over what is
 * before them. The checksum refuses a mistyped key without a look-up and lets secret scanners recognise one; it proves
 * nothing. Only a SHA-256 is stored: a secret of this size needs no slow hash.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { base62, base62Number, type Random } from '../runtime/ids.ts';

const PREFIX = 'mut_';
const FORM = /^mut_[0-9A-Za-z]{36}$/;

/** A new key: shown once, never stored. */
export function mintKey(random: Random): string {
  const body = PREFIX + base62(30, random);
  return body + checksum(body);
}

/** Whether `text` can be a key at all. */
export function isWellFormed(text: string): boolean {
  return FORM.test(text) && checksum(text.slice(0, -6)) === text.slice(-6);
}

/** What is stored of a key: 64 hex digits. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** How a key is shown once its secret is gone. */
export function hintOf(key: string): string {
  return `${key.slice(0, 8)}…${key.slice(-4)}`;
}

function checksum(body: string): string {
  return base62Number(crc32(body), 6);
}
