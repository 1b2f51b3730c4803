/** Ids such as Cognito gives, which are the same at every start for the same physical name. */
import { createHash } from 'node:crypto';

const MIXED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** `us-east-1_Ab12Cd34e`. */
export function poolId(region: string, name: string): string {
  return `${region}_${digits(`pool ${name}`, MIXED, 9)}`;
}

/** 26 lower-case letters and digits. */
export function clientId(name: string): string {
  return digits(`client ${name}`, LOWER, 26);
}

function digits(name: string, alphabet: string, length: number): string {
  let rest = BigInt(`0x${createHash('sha256').update(name).digest('hex')}`);
  let text = '';
  const base = BigInt(alphabet.length);
  for (; text.length < length; rest /= base) text += alphabet[Number(rest % base)];
  return text;
}
