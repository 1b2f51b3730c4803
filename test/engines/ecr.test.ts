import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEcr } from '../../lib/local/ecr/ecr.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';
import { callJson } from '../support/wire-call.ts';

let cloud: EngineCloud;
let registry: ReturnType<typeof createEcr>;
let uri: string;

beforeAll(async () => {
  cloud = await startEngines([
    context => {
      registry = createEcr(context);
      return registry;
    },
  ]);
  const properties = { RepositoryName: 'workers', ImageTagMutability: 'IMMUTABLE' };
  uri = String((await cloud.make('AWS::ECR::Repository', 'Workers', properties)).attributes.RepositoryUri);
});
afterAll(() => cloud?.stop());

const put = (imageTag: string, imageManifest: string) =>
  callJson(
    cloud.client,
    { service: 'ecr', target: 'AmazonEC2ContainerRegistry_V20150921.PutImage' },
    { repositoryName: 'workers', imageTag, imageManifest },
  );

describe('a repository', () => {
  it('has the images that were put into it, by their tags, and no others', async () => {
    expect(registry.hasImage(`${uri}:one`)).toBe(false);
    await put('one', '{"of":1}');
    expect(registry.hasImage(`${uri}:one`)).toBe(true);
    for (const image of [`${uri}:two`, `${uri}s:one`, uri.replace('workers', 'others:one')])
      expect(registry.hasImage(image), image).toBe(false);
  });

  it('whose tags are immutable keeps what a tag says, and is told where nothing is new', async () => {
    await expect(put('one', '{"of":1}')).rejects.toThrow("tag 'one' already exists in the 'workers' repository");
    await expect(put('one', '{"of":2}')).rejects.toThrow('cannot be overwritten because the tag is immutable');
    await put('two', '{"of":2}');
  });
});
