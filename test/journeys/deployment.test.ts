/**
 * A rehearsal of the README's section on deployment, with the CDK's own command line, on an embedded cloud that begins
 * empty: a stage is made, changed, rolled back, removed with what it holds, and made again; a second stage stands beside it, functions get
 * other names, and a stage keeps its data. It is not in `npm test`, as it waits for the command line for minutes: `npm run
 * rehearsal`. A platform of its own: nothing may be in the account before.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Draft, type Ended, failures, type Inventory, Rehearsal } from '../support/rehearsal.ts';

const ROOT = join(import.meta.dirname, '../..');
const MINUTES = 60_000;
/** Stacks that do not depend on each other are made at the same time: otherwise as the README has it. */
const DEPLOY = ['deploy', '--require-approval', 'never', '--concurrency', '4'];
const DESTROY = ['destroy', '--all', '--force'];
const STAGE = { retain: 'false', alarmEmail: 'ops@example.com' };

let rehearsal: Rehearsal;
let one: string;
/** Of the commit before, or of the one that REHEARSE_FROM names. */
let before: string | undefined;
let bootstrapped: Inventory;

const succeeded = (ended: Ended): void => expect(ended.status === 0 ? '' : failures(ended)).toBe('');

/**
 * What a stage leaves behind although it keeps nothing: the account's role by which API Gateway writes logs, and the domain
 * that mail comes from, which others in the account may live by; and the keys that the platform itself made in API Gateway,
 * one for each account, which are no stack's.
 */
function leftOf(inventory: Inventory): Inventory {
  const {
    'AWS::SES::EmailIdentity': _,
    'AWS::ApiGateway::ApiKey': __,
    'AWS::IAM::Role': roles = [],
    ...others
  } = inventory;
  return { ...others, 'AWS::IAM::Role': roles.filter(name => !/-GatewayCloudWatchRole/.test(name)) };
}

beforeAll(async () => {
  rehearsal = await Rehearsal.start();
  one = await rehearsal.assembly({ ...STAGE, stage: 'dev-one' });
  before = await rehearsal.assemblyOf(process.env.REHEARSE_FROM ?? 'HEAD~1', { ...STAGE, stage: 'dev-one' });
}, 2 * MINUTES);
afterAll(() => rehearsal?.stop());

describe.sequential('a stage, from an empty account to an empty account', () => {
  test('bootstraps and deploys', { timeout: 6 * MINUTES }, async () => {
    succeeded(await rehearsal.cdk(one, 'bootstrap', 'aws://000000000000/us-east-1'));
    bootstrapped = rehearsal.inventory();
    const first = before ?? one;
    await rehearsal.publishImages(first);
    succeeded(await rehearsal.cdk(first, ...DEPLOY, '--all'));
  });

  test('is updated from the commit before', { timeout: 6 * MINUTES }, async context => {
    if (before === undefined) return context.skip('the history of the repository is not at hand');
    await rehearsal.publishImages(one);
    succeeded(await rehearsal.cdk(one, ...DEPLOY, '--all'));
  });

  test('opens the first account by the function that the outputs name', { timeout: MINUTES }, async () => {
    const functions = rehearsal.inventory()['AWS::Lambda::Function'] ?? [];
    const FunctionName = functions.find(name => name.includes('OpenAccount'));
    const Payload = JSON.stringify({ name: 'First customer', plan: 'essential', credits: 15_000 });
    const lambda = new LambdaClient(rehearsal.cloud.client);
    const { FunctionError, Payload: answer } = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
    expect(FunctionError).toBeUndefined();
    expect(JSON.parse(answer?.transformToString() ?? '')).toHaveProperty('apiKey');
  });

  test('is what it was after an update that fails half-way', { timeout: 3 * MINUTES }, async () => {
    const before = rehearsal.inventory();
    const taken = before['AWS::Logs::LogGroup']?.find(name => name.includes('OpenAccount')) ?? '';
    const broken = rehearsal.changed(one, breakIn('Identity', taken));
    const ended = await rehearsal.cdk(broken, ...DEPLOY, 'Mutoscope-dev-one-Identity', '--exclusively');
    expect(ended.status).not.toBe(0);
    expect(ended.said).toContain(`with identifier '${taken}' already exists`);
    expect(ended.said).toMatch(/CREATE_COMPLETE.*UserPoolGroup.*Another/);
    // Its lines have room for no more of UPDATE_ROLLBACK_COMPLETE.
    expect(ended.said).toContain('UPDATE_ROLLBACK_COMPLET ');
    expect(rehearsal.inventory()).toEqual(before);
  });

  test('has room for a second stage beside it', { timeout: 6 * MINUTES }, async () => {
    const before = ofStage('dev-one');
    const two = await rehearsal.assembly({ ...STAGE, stage: 'dev-two' });
    succeeded(await rehearsal.cdk(two, ...DEPLOY, '--all'));
    expect(ofStage('dev-one')).toEqual(before);
    succeeded(await rehearsal.cdk(two, ...DESTROY));
    expect(ofStage('dev-one')).toEqual(before);
  });

  test('takes functions that other stacks call under other names', { timeout: 6 * MINUTES }, async () => {
    const renamed = rehearsal.changed(one, template => {
      const text = JSON.stringify(template).replaceAll(/\b(Account|Balance)(?=[0-9A-F]{8}\b)/g, 'Renamed$1');
      Object.assign(
        template,
        JSON.parse(text.replaceAll(/(FnGetAtt)(Account|Balance)(?=[0-9A-F]{8}Arn)/g, '$1Renamed$2')),
      );
    });
    succeeded(await rehearsal.cdk(renamed, ...DEPLOY, '--all'));
    const names = rehearsal.inventory()['AWS::Lambda::Function'] ?? [];
    expect(names.filter(name => name.includes('-Renamed'))).toHaveLength(2);
    one = renamed;
  });

  test('goes with full buckets', { timeout: 4 * MINUTES }, async () => {
    const s3 = new S3Client({ ...rehearsal.cloud.client, forcePathStyle: true });
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    const own = Buckets.filter(({ Name }) => Name?.includes('dev-one'));
    expect(own.length).toBeGreaterThan(3);
    for (const { Name: Bucket } of own) {
      for (const Body of ['one', 'another'])
        await s3.send(new PutObjectCommand({ Bucket, Key: 'kept/object', Body, ChecksumAlgorithm: 'CRC32' }));
    }
    succeeded(await rehearsal.cdk(one, ...DESTROY));
    expect(leftOf(rehearsal.inventory())).toEqual(bootstrapped);
  });

  test('deploys again under the same name, and nothing is left when it is gone', { timeout: 8 * MINUTES }, async () => {
    succeeded(await rehearsal.cdk(one, ...DEPLOY, '--all'));
    succeeded(await rehearsal.cdk(one, ...DESTROY));
    expect(leftOf(rehearsal.inventory())).toEqual(bootstrapped);
  });

  test('with the settings of the README, which keep its data, deploys after a failure, and again after it was destroyed', {
    timeout: 15 * MINUTES,
  }, async () => {
    const kept = await rehearsal.assembly(settingsOfReadme());
    await rehearsal.publishImages(kept);
    const broken = rehearsal.changed(kept, breakIn('Generation', 'no such name'));
    const first = await rehearsal.cdk(broken, ...DEPLOY, 'Mutoscope-prod-Generation');
    expect(first.said).toContain('ROLLBACK_COMPLETE');
    succeeded(await rehearsal.cdk(kept, ...DEPLOY, '--all'));
    succeeded(await rehearsal.cdk(kept, ...DESTROY));
    expect(ofStage('mutoscope-prod')).toHaveProperty('AWS::DynamoDB::GlobalTable');
    succeeded(await rehearsal.cdk(kept, ...DEPLOY, '--all'));
  });
});

/** What the README's own command sets. */
function settingsOfReadme(): Record<string, string> {
  const [command = ''] = /npx cdk deploy --all[^`]*/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];
  const settings = [...command.matchAll(/ -c (\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]);
  return Object.fromEntries(settings);
}

/** Adds to the stack a resource that can be made, and after it one that cannot. */
function breakIn(name: string, groupName: string): (template: Draft, stack: string) => void {
  return (template, stack) => {
    if (!stack.endsWith(`-${name}`)) return;
    const [id, pool] =
      Object.entries(template.Resources).find(([, { Type }]) => Type === 'AWS::Cognito::UserPool') ?? [];
    const another =
      id === undefined || pool === undefined
        ? { Type: 'AWS::SNS::Topic' }
        : { Type: 'AWS::Cognito::UserPoolGroup', Properties: { UserPoolId: { Ref: id }, GroupName: 'another' } };
    const all = Object.keys(template.Resources).filter(
      other => template.Resources[other]?.Type === 'AWS::Logs::LogGroup',
    );
    template.Resources.Another = another;
    template.Resources.Taken = {
      Type: 'AWS::Logs::LogGroup',
      Properties: { LogGroupName: groupName },
      DependsOn: ['Another', ...all],
    };
  };
}

/** What has the stage in its name. */
function ofStage(stage: string): Inventory {
  const words = [stage, stage.replace('-', '_')];
  const named = Object.entries(rehearsal.inventory()).map(
    ([type, made]) => [type, made.filter(name => words.some(word => name.toLowerCase().includes(word)))] as const,
  );
  return Object.fromEntries(named.filter(([, made]) => made.length > 0));
}
