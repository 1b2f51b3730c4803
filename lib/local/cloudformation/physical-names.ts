import { randomBytes } from 'node:crypto';

/** IAM's longest name of a role; every other service takes as much, or makes of it what it takes. */
const LONGEST = 64;
const LONGEST_LOGICAL_ID = 24;
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** A physical name that no other resource has had: stack, logical id and twelve characters at random. */
export function newPhysicalName(stack: string, logicalId: string): string {
  const suffix = [...randomBytes(12)].map(byte => ALPHABET[byte % ALPHABET.length]).join('');
  const id = logicalId.slice(0, LONGEST_LOGICAL_ID);
  return `${stack.slice(0, LONGEST - id.length - suffix.length - 2)}-${id}-${suffix}`;
}
