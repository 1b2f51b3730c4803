/**
 * Reads secrets of Secrets Manager: they are in no environment and in no log. One that is complete is remembered for
 * minutes, so that a rotated one is noticed; one that is not is read each time, so that it is used as soon as it is there.
 */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { z } from 'zod';
import { logger, now } from './runtime.ts';

const REMEMBERED_MS = 5 * 60_000;

const client = new SecretsManagerClient({});

/** How to read a secret that is a JSON object: undefined where it does not have this `form`. */
export function secretReader<Form extends z.ZodType>(
  secretId: string,
  form: Form,
): () => Promise<z.output<Form> | undefined> {
  let remembered: { readonly value: z.output<Form>; readonly until: number } | undefined;
  return async () => {
    if (remembered && remembered.until > now()) return remembered.value;
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    const { success, data } = form.safeParse(parsed(SecretString));
    // Nothing of the value is logged, not even what is wrong with it.
    if (!success) logger.warn('the secret is not complete', { secretId });
    remembered = success ? { value: data, until: now() + REMEMBERED_MS } : undefined;
    return remembered?.value;
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
