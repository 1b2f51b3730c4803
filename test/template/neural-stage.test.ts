/** A stage with a neural engine: what the worker is told, and what it may reach. */
import { expect, test } from 'vitest';
import { synthesise } from '../../bin/local/synthesis.ts';
import { readAssembly } from '../../lib/local/assembly.ts';
import { flat, ROOT } from './synthesised.ts';

const stageAt = async (engineUrl: string) =>
  readAssembly(
    await synthesise(ROOT, {
      engine: 'vllm-omni',
      engineUrl,
      engineModel: 'Lightricks/LTX-2',
      engineSecret: 'true',
      engineDeadlineSeconds: '900',
    }),
  );
const stage = await stageAt('http://engine.internal:8091');
const found = (type: string, { stacks } = stage) =>
  stacks
    .filter(({ name }) => name.includes('Generation'))
    .flatMap(({ template }) => Object.values(template.Resources).filter(({ Type }) => Type === type));
const textOf = (type: string, within = stage): string =>
  JSON.stringify(found(type, within).map(({ Properties }) => flat(Properties ?? {})));
const portsOut = (within = stage): number[] =>
  [...textOf('AWS::EC2::SecurityGroup', within).matchAll(/"ToPort":(\d+)/g)]
    .map(([, port]) => Number(port))
    .sort((a, b) => a - b);

test('the worker is told of the secret, and may read that one and no other', () => {
  // A name of its own would be kept from the next secret for as long as a deleted one can be restored.
  expect(found('AWS::SecretsManager::Secret').map(({ Properties }) => Properties?.Name)).toEqual([undefined]);
  const [, secret] = /"Name":"ENGINE_SECRET","Value":"(<EngineKey\w+>)"/.exec(textOf('AWS::ECS::TaskDefinition')) ?? [];
  const reads = /\{"Action":"secretsmanager:GetSecretValue","Effect":"Allow","Resource":"([^"]*)"\}/g;
  const readable = [...textOf('AWS::IAM::Policy').matchAll(reads)].map(([, resource]) => resource);
  expect(readable).toEqual([secret]);
});

test('it has the deadlines of the stage, and reaches the port of the engine', () => {
  expect(textOf('AWS::ECS::TaskDefinition')).toContain('{"Name":"ENGINE_DEADLINE_SECONDS","Value":"900"}');
  expect(portsOut()).toEqual([443, 8091]);
});

test.each([
  ['http://engine.internal', [80, 443]],
  ['https://engine.internal', [443]],
])("an engine at %s is reached at its protocol's port", async (url, ports) => {
  expect(portsOut(await stageAt(url))).toEqual(ports);
});
