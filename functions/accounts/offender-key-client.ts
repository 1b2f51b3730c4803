/** The key of the hashes by which terminated offenders are recognised. */
import * as z from 'zod';
import { secretReader } from '../runtime/secret.ts';

/** How to read it; throws where the secret does not hold one. */
export function offenderKeyReader(secretArn: string): () => Promise<string> {
  const read = secretReader(secretArn, z.object({ key: z.string().min(32) }));
  return async () => {
    const secret = await read();
    if (!secret) throw new Error('OFFENDER_KEY_ARN must name a secret with a key of 32 characters or more');
    return secret.key;
  };
}
