/** Custom resources: a function is told what to make, and puts its answer where it is told to. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CUSTOM_RESOURCE, createCustomResources } from '../../lib/local/cloudformation/custom-resource.ts';
import { createLambda } from '../../lib/local/lambda/lambda.ts';
import type { Resource } from '../../lib/local/service.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';
import { makeFunction } from '../support/function-asset.ts';

/** Answers what it was asked; `How` is in the properties. */
const SOURCE = `export const handler = async event => {
  const { RequestType, ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId, ResourceProperties, OldResourceProperties } = event;
  const { How = 'well' } = ResourceProperties;
  if (How === 'silently') return;
  if (How === 'thrown') throw new Error('out of order');
  const told = { StackId, RequestId: How === 'wrong' ? 'other' : RequestId, LogicalResourceId, PhysicalResourceId: PhysicalResourceId ?? 'made-1' };
  const Data = { Asked: RequestType, Before: OldResourceProperties?.Size ?? 'none', Size: ResourceProperties.Size, Known: String(PhysicalResourceId) };
  const body = JSON.stringify(How === 'failed' ? { Status: 'FAILED', Reason: 'the domain is not yours', ...told } : { Status: 'SUCCESS', ...told, Data });
  await fetch(ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
};`;

let cloud: EngineCloud;
let ServiceToken: string;
beforeAll(async () => {
  cloud = await startEngines([createCustomResources, createLambda]);
  await answering();
});
afterAll(() => cloud.stop());

async function answering(): Promise<void> {
  ServiceToken = (await makeFunction(cloud, 'Answering', SOURCE)).attributes.Arn ?? '';
}

const make = (logicalId: string, properties: object): Promise<Resource> =>
  cloud.make(CUSTOM_RESOURCE, logicalId, { ServiceToken, ServiceTimeout: '20', ...properties });

describe('a custom resource', () => {
  test('has the attributes that its function answers', async () => {
    const { attributes } = await make('One', { Size: 'small' });
    expect(attributes).toEqual({ Asked: 'Create', Before: 'none', Size: 'small', Known: 'undefined' });
  });

  test('is asked for once, also after a restart, and again where the template says something else', async () => {
    expect((await make('Twice', { Size: 'small' })).attributes.Asked).toBe('Create');
    cloud = await cloud.restart();
    await answering();
    expect((await make('Twice', { Size: 'small' })).attributes).toMatchObject({ Asked: 'Create', Size: 'small' });
    const { attributes } = await make('Twice', { Size: 'large' });
    expect(attributes).toEqual({ Asked: 'Update', Before: 'small', Size: 'large', Known: 'made-1' });
  });

  test.each([
    ['failed', 'Test/Bad (AWS::CloudFormation::CustomResource): the domain is not yours'],
    ['thrown', 'out of order'],
    ['silently', 'the function did not answer in 1 s'],
    ['wrong', 'the function did not answer in 1 s'],
  ])('that is answered %s stops the boot and says why, and is asked for again', async (How, why) => {
    const ServiceTimeout = why.includes('1 s') ? '1' : '20';
    await expect(make('Bad', { How, ServiceTimeout })).rejects.toThrow(why);
    expect((await make('Bad', {})).attributes.Asked).toBe('Create');
    cloud.context.database.exec("DELETE FROM cloudformation_resources WHERE logical_id = 'Bad'");
  });

  test('takes no answer that nobody waits for', async () => {
    const { status } = await fetch(`${cloud.context.awsUrl}/_cloudformation/0`, { method: 'PUT', body: '{}' });
    expect(status).toBe(403);
  });
});
