/** How the app is cut into stacks: what each may hold, and what binds one to another. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { afterAll, describe, expect, test } from 'vitest';
import { makeApp } from '../../lib/app.ts';
import { assembly, flat, resources } from './synthesised.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('a stack', () => {
  test.each(assembly.stacks.map(stack => [stack.name, stack] as const))(
    '%s is far from what CloudFormation takes: 500 resources, and a template of a million bytes',
    (name, { template }) => {
      expect(Object.keys(template.Resources).length).toBeLessThan(400);
      const file = join(synthesised({}).outdir, `${name}.template.json`);
      expect(readFileSync(file).length).toBeLessThan(700_000);
    },
  );

  /**
   * An export cannot change while another stack imports it, so what is exported cannot be renamed or removed in one
   * deployment. That is right for what holds data, work in hand or identities, and wrong for a function.
   */
  test('exports what must not be lost while others use it, and no function', () => {
    const exported = assembly.stacks.flatMap(({ name, template }) =>
      Object.values(template.Outputs ?? {})
        .filter(output => output.Export)
        .map(({ Value }) => {
          const [, logicalId = ''] = /^<(\w+)/.exec(String(flat(Value))) ?? [];
          return `${name.replace('Mutoscope-dev-', '')}: ${template.Resources[logicalId]?.Type}`;
        }),
    );
    expect([...new Set(exported)].sort()).toEqual([
      'Data: AWS::DynamoDB::GlobalTable',
      'Data: AWS::KMS::Key',
      'Data: AWS::S3::Bucket',
      'Data: AWS::SecretsManager::Secret',
      // Work in hand: the queue where jobs wait, and the machine whose executions are stopped by its name.
      'Generation: AWS::SQS::Queue',
      'Generation: AWS::StepFunctions::StateMachine',
      // Who signs in, and where the authorizer and the page to sign in at learn it.
      'Identity: AWS::Cognito::UserPool',
      'Identity: AWS::Cognito::UserPoolClient',
      'Identity: AWS::Cognito::UserPoolDomain',
    ]);
  });

  test('of what follows events is deployed after the API, and refers to nothing of it', () => {
    const manifest = JSON.parse(readFileSync(join(synthesised({}).outdir, 'manifest.json'), 'utf8'));
    const { dependencies } = manifest.artifacts['Mutoscope-dev-Platform'];
    expect(dependencies).toContain('Mutoscope-dev-Api');
    const platform = assembly.stacks.find(({ name }) => name === 'Mutoscope-dev-Platform');
    expect(JSON.stringify(platform?.template)).not.toContain('Mutoscope-dev-Api:');
  });
});

test('the API, its stage and its plans are the same resources for ever: a new one has another address, and no key in it', () => {
  const ids = ['RestApi', 'Stage', 'UsagePlan'].flatMap(type => resources(`AWS::ApiGateway::${type}`));
  expect(ids.map(({ logicalId }) => logicalId).sort()).toEqual([
    'Gateway43CB3636',
    'GatewayDeploymentStagelive3656414D',
    'GatewayEnterprisePlan5CE27354',
    'GatewayEssentialPlan7403F23C',
    'GatewayScalePlanF62CFD37',
    'GatewayTrialPlanC2BB574D',
  ]);
});

describe('the deployment of the API', () => {
  const deploymentOf = (environment: Record<string, string>): string => {
    const { stacks } = synthesised(environment).app.synth();
    const { template } = stacks.find(({ stackName }) => stackName.endsWith('-Api')) ?? expect.fail();
    const [logicalId, ...others] = Object.entries<{ Type: string }>(template.Resources)
      .filter(([, { Type }]) => Type === 'AWS::ApiGateway::Deployment')
      .map(([id]) => id);
    expect(others).toEqual([]);
    return logicalId ?? expect.fail();
  };
  const [now] = resources('AWS::ApiGateway::Deployment');

  test('stays the same where the definition does, whatever else changes', () => {
    expect(deploymentOf({})).toBe(now?.logicalId);
    expect(deploymentOf({ MUTOSCOPE_LOG_LEVEL: 'DEBUG' })).toBe(now?.logicalId);
  });

  test('is another one where the definition changes', () => {
    expect(deploymentOf({ MUTOSCOPE_STAGE: 'dev-2' })).not.toBe(now?.logicalId);
  });
});

const made = new Map<string, { app: App; outdir: string }>();

function synthesised(environment: Record<string, string>): { app: App; outdir: string } {
  const key = JSON.stringify(environment);
  const known = made.get(key);
  if (known) return known;
  const outdir = mkdtempSync(join(tmpdir(), 'stacks-'));
  folders.push(outdir);
  const app = makeApp(environment, { outdir });
  app.synth();
  made.set(key, { app, outdir });
  return { app, outdir };
}
