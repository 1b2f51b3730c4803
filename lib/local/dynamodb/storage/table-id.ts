import { createHash } from 'node:crypto';

/** A table's id, in the form of a UUID: the same for the same table at every start. */
export function tableIdOf(arn: string): string {
  const hex = createHash('sha256').update(arn).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
