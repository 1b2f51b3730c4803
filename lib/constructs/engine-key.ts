import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stage.ts';
import { secret, type Uses } from './use.ts';

/**
 * The engine's key, where the stage names a secret for it. A key is drawn: start the engine with it, or put the engine's own
 * in its place (`aws secretsmanager put-secret-value`). A worker reads it as it starts.
 */
export function engineKey(scope: Construct, stage: Stage): Uses {
  if (stage.engineSecret === '') return {};
  const key = new Secret(scope, 'EngineKey', {
    secretName: stage.engineSecret,
    description: 'The key that workers send to the engine, as plain text',
    generateSecretString: { excludePunctuation: true, passwordLength: 40 },
    removalPolicy: stage.removal,
  });
  acknowledge(key, {
    'AwsSolutions-SMG4':
      'The engine knows one key, which it is started with: who changes it changes it in both places.',
  });
  return { ENGINE_SECRET: secret(key) };
}
