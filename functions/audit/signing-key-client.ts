/** The key that signs heads of the audit trail, made of the stage's secret. */
import * as z from 'zod';
import { secretReader } from '../runtime/secret.ts';
import { type SigningKey, signingKeyOf } from './anchor.ts';

/** How to read it; throws where the secret does not hold a seed. */
export function signingKeyReader(secretArn: string): () => Promise<SigningKey> {
  const read = secretReader(secretArn, z.object({ seed: z.string().min(32) }));
  return async () => {
    const secret = await read();
    if (!secret) throw new Error('AUDIT_KEY_ARN must name a secret with a seed of 32 characters or more');
    return signingKeyOf(secret.seed);
  };
}
