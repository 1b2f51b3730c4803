import { CfnOutput } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stage.ts';
import { secret, type Uses } from './use.ts';

/**
 * The engine's key, where the stage says that it asks for one. A key is drawn: start the engine with it, or put the engine's own
 * in its place (`aws secretsmanager put-secret-value`). A worker reads it as it starts.
 */
export function engineKey(scope: Construct, stage: Stage): Uses {
  if (!stage.engineSecret) return {};
  const key = new Secret(scope, 'EngineKey', {
    // Without a name of its own: one that was deleted is kept from others for a week and more.
    description: 'The key that workers send to the engine, as plain text',
    generateSecretString: { excludePunctuation: true, passwordLength: 40 },
    removalPolicy: stage.removal,
  });
  acknowledge(key, {
    'AwsSolutions-SMG4':
      'The engine knows one key, which it is started with: who changes it changes it in both places.',
  });
  new CfnOutput(scope, 'EngineSecretArn', { value: key.secretArn });
  return { ENGINE_SECRET: secret(key) };
}
