/** A stage with a neural engine: what the worker is told, and what it may reach. */
import { expect, test } from 'vitest';
import { synthesise } from '../../bin/local/synthesis.ts';
import { readAssembly } from '../../lib/local/assembly.ts';
import { flat, ROOT } from './synthesised.ts';

const stage = readAssembly(
  await synthesise(ROOT, {
    ...{ engine: 'vllm-omni', engineUrl: 'http://engine.internal:8091', engineModel: 'Lightricks/LTX-2' },
    ...{ engineSecret: 'engine/key', engineDeadlineSeconds: '900' },
  }),
);
const found = (type: string) =>
  stage.stacks
    .filter(({ name }) => name.includes('Generation'))
    .flatMap(({ template }) => Object.values(template.Resources).filter(({ Type }) => Type === type));
const textOf = (type: string): string => JSON.stringify(found(type).map(({ Properties }) => flat(Properties ?? {})));

test('the worker is told of the secret, and may read that one and no other', () => {
  expect(found('AWS::SecretsManager::Secret')).toMatchObject([{ Properties: { Name: 'engine/key' } }]);
  const [, secret] = /"Name":"ENGINE_SECRET","Value":"(<EngineKey\w+>)"/.exec(textOf('AWS::ECS::TaskDefinition')) ?? [];
  const reads = /\{"Action":"secretsmanager:GetSecretValue","Effect":"Allow","Resource":"([^"]*)"\}/g;
  const readable = [...textOf('AWS::IAM::Policy').matchAll(reads)].map(([, resource]) => resource);
  expect(readable).toEqual([secret]);
});

test('it has the deadlines of the stage, and reaches the port of the engine', () => {
  expect(textOf('AWS::ECS::TaskDefinition')).toContain('{"Name":"ENGINE_DEADLINE_SECONDS","Value":"900"}');
  const ports = [...textOf('AWS::EC2::SecurityGroup').matchAll(/"ToPort":(\d+)/g)].map(([, port]) => Number(port));
  expect(ports.sort((a, b) => a - b)).toEqual([443, 8091]);
});
