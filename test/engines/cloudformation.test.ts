import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LocalCloud } from '../../lib/local/cloud.ts';
import { call, type Resources, Stacks } from '../support/stacks.ts';
import { callJson } from '../support/wire-call.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'stacks-'));
let cloud: LocalCloud;
let stacks: Stacks;

async function start(): Promise<void> {
  cloud = await LocalCloud.start({ dataDir, port: 0 });
  stacks = new Stacks(cloud);
}

beforeAll(start);
afterAll(async () => {
  await cloud?.dispose();
  rmSync(dataDir, { recursive: true, force: true });
});

const made = (type: string, word: string): readonly string[] =>
  (cloud.inventory()[type] ?? []).filter(name => name.toLowerCase().includes(word.toLowerCase()));

const queue = (seconds: number): Resources[string] => ({
  Type: 'AWS::SQS::Queue',
  Properties: { VisibilityTimeout: seconds },
});
const group = (name: string, more = {}): Resources[string] => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: { LogGroupName: name },
  ...more,
});
const table = (key: string, more = {}): Resources[string] => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
    KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
    ...more,
  },
});
const bucket: Resources[string] = { Type: 'AWS::S3::Bucket', Properties: {} };

describe('a stack', () => {
  test('has its outputs, is changed in place, and gives up what is no longer in the template', async () => {
    const outputs = { Outputs: { Url: { Value: { Ref: 'Jobs' } } } };
    expect(await stacks.deploy('Plain', { Jobs: queue(10), Other: queue(20) }, outputs)).toBe('CREATE_COMPLETE');
    const before = await stacks.outputs('Plain');
    expect(before.Url).toMatch(/\/Plain-Jobs-[0-9A-Z]{12}$/);
    expect(await stacks.deploy('Plain', { Jobs: queue(11) }, outputs)).toBe('UPDATE_COMPLETE');
    expect(await stacks.outputs('Plain')).toEqual(before);
    expect(made('AWS::SQS::Queue', 'Plain-')).toHaveLength(1);
    await expect(stacks.deploy('Plain', { Jobs: queue(11) }, outputs)).rejects.toThrow(
      'No updates are to be performed.',
    );
    expect(await stacks.remove('Plain')).toBe('DELETE_COMPLETE');
    expect(made('AWS::SQS::Queue', 'Plain-')).toEqual([]);
    await expect(stacks.status('Plain')).rejects.toThrow('Stack with id Plain does not exist');
  });

  test('gets another resource where a property cannot change, and then gives up the first', async () => {
    await stacks.deploy('Replaced', { Items: table('id') });
    const [before] = made('AWS::DynamoDB::Table', 'Replaced-');
    expect(await stacks.deploy('Replaced', { Items: table('name') })).toBe('UPDATE_COMPLETE');
    const after = made('AWS::DynamoDB::Table', 'Replaced-');
    expect(after).toHaveLength(1);
    expect(after).not.toEqual([before]);
    const named = (key: string) => ({ Items: table(key, { TableName: 'replaced-fixed' }) });
    await stacks.deploy('Replaced', named('id'));
    expect(await stacks.deploy('Replaced', named('other'))).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await stacks.events('Replaced')).join('\n')).toContain(
      'cannot update a stack when a custom-named resource requires replacing. Rename replaced-fixed',
    );
    expect(made('AWS::DynamoDB::Table', 'replaced-')).toEqual(['replaced-fixed']);
    await stacks.remove('Replaced');
  });

  test('that fails is taken back, but for what is retained, and a name that is taken is refused', async () => {
    const resources: Resources = {
      Kept: group('/failed/kept', { DeletionPolicy: 'Retain' }),
      Gone: group('/failed/gone'),
      Wrong: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true }, DependsOn: ['Kept', 'Gone'] },
    };
    expect(await stacks.deploy('Failed', resources)).toBe('ROLLBACK_COMPLETE');
    expect(made('AWS::Logs::LogGroup', '/failed/')).toEqual(['/failed/kept']);
    await expect(stacks.deploy('Failed', resources)).rejects.toThrow(
      'is in ROLLBACK_COMPLETE state and can not be updated',
    );
    await stacks.remove('Failed');
    expect(await stacks.deploy('Failed', { Kept: group('/failed/kept') })).toBe('ROLLBACK_COMPLETE');
    expect((await stacks.events('Failed')).join('\n')).toContain("with identifier '/failed/kept' already exists");
    // What it did not make is not its own to take back.
    expect(made('AWS::Logs::LogGroup', '/failed/')).toEqual(['/failed/kept']);
    await stacks.remove('Failed');
  });

  test('is what it was after an update that fails: changed, made, replaced and removed', async () => {
    const before = { Jobs: queue(10), Items: table('id'), Old: group('/update/old') };
    await stacks.deploy('Update', before);
    const there = cloud.inventory();
    const broken = {
      Jobs: queue(20),
      Items: table('other'),
      New: group('/update/new'),
      Taken: group('/failed/kept', { DependsOn: ['Jobs', 'Items', 'New'] }),
    };
    expect(await stacks.deploy('Update', broken)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(cloud.inventory()).toEqual(there);
    const [QueueUrl] = made('AWS::SQS::Queue', 'Update-');
    const { Attributes } = await new SQSClient(cloud.client).send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] }),
    );
    expect(Attributes).toEqual({ VisibilityTimeout: '10' });
    expect(await stacks.deploy('Update', { ...before, Jobs: queue(30) })).toBe('UPDATE_COMPLETE');
    await stacks.remove('Update');
  });

  test('keeps an export that another reads', async () => {
    const Outputs = { Url: { Value: { Ref: 'Jobs' }, Export: { Name: 'shared-url' } } };
    await stacks.deploy('Maker', { Jobs: queue(10) }, { Outputs });
    const reading = {
      Function: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Type: 'String', Value: { 'Fn::ImportValue': 'shared-url' } },
      },
    };
    expect(await stacks.deploy('Reader', reading)).toBe('CREATE_COMPLETE');
    expect(await stacks.deploy('Maker', { Jobs: queue(10) })).toBe('UPDATE_ROLLBACK_COMPLETE');
    const refusal = 'Export shared-url cannot be deleted as it is in use by Reader';
    expect((await stacks.events('Maker')).join('\n')).toContain(refusal);
    expect(await stacks.remove('Maker')).toBe('DELETE_FAILED');
    await stacks.remove('Reader');
    expect(await stacks.remove('Maker')).toBe('DELETE_COMPLETE');
  });

  test('does not lose what AWS does not remove: a full bucket, a protected table', async () => {
    const Items = table('id', { DeletionProtectionEnabled: true });
    await stacks.deploy('Full', { Files: bucket, Items, Jobs: queue(10) });
    const [Bucket] = made('AWS::S3::Bucket', 'full-');
    const s3 = new S3Client({ ...cloud.client, forcePathStyle: true });
    await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'b' }));
    expect(await stacks.remove('Full')).toBe('DELETE_FAILED');
    const events = (await stacks.events('Full')).join('\n');
    expect(events).toContain(
      'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
    );
    expect(events).toContain('Resource cannot be deleted as it is currently protected against deletion.');
    expect(made('AWS::SQS::Queue', 'Full-')).toEqual([]);
    expect(await stacks.remove('Full', ['Files', 'Items'])).toBe('DELETE_COMPLETE');
    expect(made('AWS::S3::Bucket', 'full-')).toEqual([Bucket]);
  });

  test('tells the function of a custom resource of its end too, and is held to the answer', async () => {
    const code = `exports.handler = async ({ RequestType, ResponseURL, StackId, RequestId, LogicalResourceId, ResourceProperties }) => {
      const stays = RequestType === 'Delete' && ResourceProperties.Stays === 'yes';
      const Status = stays ? 'FAILED' : 'SUCCESS';
      const told = { Status, Reason: 'it stays', StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'thing', Data: { Asked: RequestType } };
      await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify(told) });
    };`;
    const resources = (Stays: string): Resources => ({
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } },
      Answers: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Code: { ZipFile: code },
        },
      },
      Thing: { Type: 'Custom::Thing', Properties: { ServiceToken: { 'Fn::GetAtt': ['Answers', 'Arn'] }, Stays } },
    });
    const more = { Outputs: { Asked: { Value: { 'Fn::GetAtt': ['Thing', 'Asked'] } } } };
    await stacks.deploy('Custom', resources('no'), more);
    expect(await stacks.outputs('Custom')).toEqual({ Asked: 'Create' });
    await stacks.deploy('Custom', resources('yes'), more);
    expect(await stacks.outputs('Custom')).toEqual({ Asked: 'Update' });
    expect(await stacks.remove('Custom')).toBe('DELETE_FAILED');
    expect(await stacks.events('Custom')).toContain('Thing DELETE_FAILED it stays');
    // The function stays as well: it is what the resource stands on.
    expect(made('AWS::Lambda::Function', 'Custom-')).toHaveLength(1);
    expect(await stacks.remove('Custom', ['Thing'])).toBe('DELETE_COMPLETE');
    expect(made('AWS::Lambda::Function', 'Custom-')).toEqual([]);
  });

  test('is held to the limits and the words of CloudFormation before anything is made', async () => {
    const many = Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`Q${i}`, queue(1)]));
    const refused: [Resources, string][] = [
      [many, 'Number of resources, 501, is greater than maximum allowed, 500'],
      [{ Odd: { Type: 'AWS::Odd::Thing' } }, 'Unrecognized resource types: [AWS::Odd::Thing]'],
      [
        { A: { ...queue(1), DependsOn: 'B' }, B: { ...queue(1), DependsOn: 'A' } },
        'Circular dependency between resources: [A, B]',
      ],
      [{ A: { ...queue(1), DependsOn: 'C' } }, 'Unresolved resource dependencies [C] in the Resources block'],
      [{ A: { ...queue(1), Metadata: { filler: 'x'.repeat(52_000) } } }, 'length less than or equal to 51200'],
    ];
    for (const [resources, words] of refused) await expect(stacks.deploy('Refused', resources)).rejects.toThrow(words);
    const role = { Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } } };
    const TemplateBody = JSON.stringify({ Resources: role });
    await expect(call(cloud.client, 'CreateStack', { StackName: 'Refused', TemplateBody })).rejects.toThrow(
      'Requires capabilities : [CAPABILITY_IAM]',
    );
    await expect(stacks.status('Refused')).rejects.toThrow('does not exist');
  });

  test('is not removed while it is protected', async () => {
    await stacks.deploy('Protected', { Jobs: queue(10) });
    const protect = (on: boolean) =>
      call(cloud.client, 'UpdateTerminationProtection', { StackName: 'Protected', EnableTerminationProtection: on });
    await protect(true);
    await expect(stacks.remove('Protected')).rejects.toThrow(
      'cannot be deleted while TerminationProtection is enabled',
    );
    await protect(false);
    expect(await stacks.remove('Protected')).toBe('DELETE_COMPLETE');
  });
});

describe('a change set', () => {
  test('makes a stack when it is executed, and has nothing to say of the same template', async () => {
    const TemplateBody = JSON.stringify({ Resources: { Jobs: queue(10) } });
    const named = { StackName: 'Changed', ChangeSetName: 'first' };
    await call(cloud.client, 'CreateChangeSet', { ...named, ChangeSetType: 'CREATE', TemplateBody });
    expect(await stacks.status('Changed')).toBe('REVIEW_IN_PROGRESS');
    await call(cloud.client, 'ExecuteChangeSet', named);
    expect(await stacks.settled('Changed')).toBe('CREATE_COMPLETE');
    await call(cloud.client, 'CreateChangeSet', { ...named, TemplateBody });
    const described = await call(cloud.client, 'DescribeChangeSet', named);
    const text = (name: string) => described.children.find(child => child.name === name)?.text;
    expect([text('Status'), text('ExecutionStatus')]).toEqual(['FAILED', 'UNAVAILABLE']);
    expect(text('StatusReason')).toMatch(/^The submitted information didn't contain changes/);
    await stacks.remove('Changed');
  });
});

describe('a new start', () => {
  const never = `exports.handler = () => new Promise(() => setInterval(() => {}, 1000))`;

  test('has the stacks of the last one, and takes back what that did not finish', async () => {
    // A role is in memory alone.
    const Role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } };
    await stacks.deploy('Lasting', { Jobs: queue(10), Role }, { Outputs: { Url: { Value: { Ref: 'Jobs' } } } });
    const roles = made('AWS::IAM::Role', 'Lasting-');
    expect(roles).toHaveLength(1);
    const waiting: Resources = {
      Group: group('/waiting/group'),
      Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Statement: [] } } },
      Never: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Code: { ZipFile: never },
        },
      },
      Waits: {
        Type: 'Custom::Waits',
        Properties: { ServiceToken: { 'Fn::GetAtt': ['Never', 'Arn'] } },
        DependsOn: 'Group',
      },
    };
    const TemplateBody = JSON.stringify({ Resources: waiting });
    const Capabilities = ['CAPABILITY_IAM'];
    await call(cloud.client, 'CreateStack', { StackName: 'Waiting', TemplateBody, Capabilities });
    await expect.poll(async () => (await stacks.events('Waiting')).join('\n')).toContain('Waits CREATE_IN_PROGRESS');
    expect(made('AWS::Logs::LogGroup', '/waiting/')).toHaveLength(1);
    await cloud.dispose();
    await start();
    expect(await stacks.settled('Waiting')).toBe('ROLLBACK_COMPLETE');
    expect(made('AWS::Logs::LogGroup', '/waiting/')).toEqual([]);
    expect(made('AWS::Lambda::Function', 'Waiting-')).toEqual([]);
    expect(await stacks.status('Lasting')).toBe('CREATE_COMPLETE');
    expect(made('AWS::IAM::Role', 'Lasting-')).toEqual(roles);
    expect((await stacks.outputs('Lasting')).Url).toContain(cloud.awsUrl);
    expect(await stacks.deploy('Lasting', { Jobs: queue(20) })).toBe('UPDATE_COMPLETE');
    await stacks.remove('Lasting');
    await stacks.remove('Waiting');
  });
});

describe('what the bootstrap needs', () => {
  test('a role is taken by whom it trusts alone', async () => {
    const trusting = (Principal: object) => ({
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }] },
      },
    });
    const resources = {
      Ours: trusting({ AWS: '000000000000' }),
      Theirs: trusting({ Service: 'lambda.amazonaws.com' }),
    };
    await stacks.deploy('Roles', resources);
    const assume = (word: string) => {
      const [name] = made('AWS::IAM::Role', word);
      const RoleArn = `arn:aws:iam::000000000000:role/${name}`;
      const sts = { service: 'sts', version: '2011-06-15' };
      return call(cloud.client, 'AssumeRole', { RoleArn, RoleSessionName: 'test' }, sts);
    };
    const { children } = await assume('Roles-Ours');
    expect(children.map(({ name }) => name)).toEqual(['Credentials', 'AssumedRoleUser']);
    await expect(assume('Roles-Theirs')).rejects.toThrow('is not authorized to perform: sts:AssumeRole');
    await stacks.remove('Roles');
  });

  test('parameters and images are known once they are there', async () => {
    const ssm = (Name: string) =>
      callJson(cloud.client, { service: 'ssm', target: 'AmazonSSM.GetParameter' }, { Name });
    await expect(ssm('/version')).rejects.toThrow('Parameter /version not found');
    const parameter = (Value: string) => ({
      V: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/version', Type: 'String', Value } },
    });
    await stacks.deploy('Version', parameter('1'));
    await stacks.deploy('Version', parameter('2'));
    expect(await ssm('/version')).toMatchObject({ Parameter: { Value: '2', Version: 2 } });
    await stacks.remove('Version');

    const repositoryName = 'images';
    await stacks.deploy('Images', {
      R: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: repositoryName } },
    });
    const ecr = (name: string, input: object) =>
      callJson(
        cloud.client,
        { service: 'ecr', target: `AmazonEC2ContainerRegistry_V20150921.${name}` },
        { repositoryName, ...input },
      );
    const imageIds = [{ imageTag: 'one' }];
    await expect(ecr('DescribeImages', { imageIds })).rejects.toThrow("imageTag:'one'} does not exist");
    await ecr('PutImage', { imageTag: 'one', imageManifest: '{}' });
    expect(await ecr('DescribeImages', { imageIds })).toMatchObject({ imageDetails: [{ imageTags: ['one'] }] });
    expect(await stacks.remove('Images')).toBe('DELETE_FAILED');
  });
});
