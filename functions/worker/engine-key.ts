/** The engine's key, read once as the worker starts: a new one is taken by starting the worker anew. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** Undefined where no secret is named. Throws an Error that names the secret and what would be right. */
export async function readEngineKey(secretId: string | undefined): Promise<string | undefined> {
  if (!secretId) return undefined;
  const secrets = new SecretsManagerClient({});
  try {
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: secretId }));
    const key = SecretString?.trim();
    if (!key || /\s/.test(key)) throw new Error("it must hold the engine's key as plain text, one word");
    return key;
  } catch (cause) {
    throw new Error(`ENGINE_SECRET names the secret ${secretId}, which cannot be used: ${(cause as Error).message}`, {
      cause,
    });
  } finally {
    secrets.destroy();
  }
}
