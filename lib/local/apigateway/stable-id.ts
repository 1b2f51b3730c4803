import { createHash } from 'node:crypto';

/** An id such as AWS gives, ten characters of base 36, which is the same at every start for the same name. */
export function stableId(name: string): string {
  const digest = createHash('sha256').update(name).digest('hex');
  return BigInt(`0x${digest}`).toString(36).slice(-10);
}
