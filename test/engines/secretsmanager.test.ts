import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { provision } from '../../lib/local/provision.ts';
import { createSecretsManager } from '../../lib/local/secretsmanager/secretsmanager.ts';
import type { Resource } from '../../lib/local/service.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';

const TYPE = 'AWS::SecretsManager::Secret';
let cloud: EngineCloud;
let secrets: SecretsManagerClient;

const connect = (): void => {
  secrets = new SecretsManagerClient({ ...cloud.client, maxAttempts: 1 });
};
beforeAll(async () => {
  cloud = await startEngines([createSecretsManager]);
  connect();
});
afterAll(() => cloud.stop());

const make = (logicalId: string, properties: Record<string, unknown>): Promise<Resource> =>
  cloud.make(TYPE, logicalId, properties);
const get = (SecretId: string, more = {}) => secrets.send(new GetSecretValueCommand({ SecretId, ...more }));
const put = (SecretId: string, SecretString: string, more = {}) =>
  secrets.send(new PutSecretValueCommand({ SecretId, SecretString, ...more }));
const textOf = async (SecretId: string, more = {}) => (await get(SecretId, more)).SecretString;

describe('a secret of the template', () => {
  test('has the ARN that its name gives it, and is found by name, ARN and partial ARN', async () => {
    const made = await make('Given', { Name: 'app/given', SecretString: 'first', Description: 'of a test' });
    expect(made.ref).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:app\/given-[A-Za-z0-9]{6}$/);
    expect(made.attributes.Id).toBe(made.ref);
    for (const id of ['app/given', made.ref, made.ref.slice(0, -7)]) {
      expect(await get(id)).toMatchObject({
        ARN: made.ref,
        Name: 'app/given',
        SecretString: 'first',
        VersionStages: ['AWSCURRENT'],
        CreatedDate: expect.any(Date),
      });
    }
  });

  test('without a name has one that the CDK can read out of the ARN', async () => {
    const { ref } = await make('Unnamed', { SecretString: 'x' });
    const [, name] = /:secret:(Unnamed-[A-Za-z0-9]{12})-[A-Za-z0-9]{6}$/.exec(ref) ?? [];
    expect(await textOf(name ?? '')).toBe('x');
  });

  test('keeps what was put later over a start, and takes a new value when the template says another', async () => {
    const properties = { Name: 'kept', GenerateSecretString: {} };
    const { ref } = await make('Kept', properties);
    const generated = await textOf('kept');
    await put('kept', 'by hand');
    cloud = await cloud.restart();
    connect();
    expect((await make('Kept', properties)).ref).toBe(ref);
    expect(await textOf('kept')).toBe('by hand');
    expect(await textOf('kept', { VersionStage: 'AWSPREVIOUS' })).toBe(generated);
    await make('Kept', { Name: 'kept', SecretString: 'said anew' });
    expect(await textOf('kept')).toBe('said anew');
  });

  test('that the template gives no value has none until one is put', async () => {
    await make('Empty', { Name: 'empty' });
    await expect(get('empty')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await put('empty', 'now');
    expect(await textOf('empty')).toBe('now');
  });

  test.each([
    [{ KmsKeyId: 'k' }, 'does not know KmsKeyId'],
    [{ Name: { Ref: 'Other' } }, 'Name: should be a literal'],
    [{ SecretString: 'x', GenerateSecretString: {} }, 'not both'],
    [{ GenerateSecretString: { PasswordLength: 5000 } }, 'PasswordLength: should be 1 to 4096'],
    [{ GenerateSecretString: { PasswordLength: 3 } }, 'PasswordLength: is too short'],
    [{ GenerateSecretString: { ExcludeCharacters: '0123456789' } }, 'ExcludeCharacters: leaves no character'],
    [{ GenerateSecretString: { GenerateStringKey: 'k' } }, 'goes together with SecretStringTemplate'],
    [{ GenerateSecretString: { GenerateStringKey: 'k', SecretStringTemplate: '[]' } }, 'should be a JSON object'],
  ])('is refused by name: %j', async (properties, message) => {
    await expect(make('Refused', properties)).rejects.toThrow(message);
  });
});

describe('a generated value', () => {
  const generate = async (id: string, GenerateSecretString: Record<string, unknown>): Promise<string> => {
    const { ref } = await make(id, { GenerateSecretString });
    return String(await textOf(ref));
  };

  test('has 32 characters, some of each type, and another one each time', async () => {
    const [one, other] = [await generate('One', {}), await generate('Other', {})];
    expect(one).toHaveLength(32);
    for (const type of [/[a-z]/, /[A-Z]/, /[0-9]/, /[!-/:-@[-`{-~]/]) expect(one).toMatch(type);
    expect(one).not.toBe(other);
  });

  test('obeys its options, also where CloudFormation writes them as text', async () => {
    const digits = { ExcludeLowercase: true, ExcludeUppercase: 'true', ExcludePunctuation: true };
    expect(await generate('Digits', { ...digits, PasswordLength: '200', ExcludeCharacters: '01' })).toMatch(
      /^[2-9]{200}$/,
    );
    const spaced = { ...digits, PasswordLength: 2, IncludeSpace: true };
    expect([...(await generate('Spaced', spaced))].sort().join('')).toMatch(/^ [0-9]$/);
  });

  test('goes into a template under its key', async () => {
    const options = { SecretStringTemplate: '{"user":"a"}', GenerateStringKey: 'password', PasswordLength: 40 };
    expect(JSON.parse(await generate('Templated', options))).toEqual({
      user: 'a',
      password: expect.stringMatching(/^.{40}$/),
    });
  });
});

describe('a value that is put', () => {
  test('is current, and the one before it is previous; each version stays', async () => {
    await make('Put', { Name: 'put', SecretString: 'one' });
    const one = await get('put');
    const { VersionId, VersionStages } = await put('put', 'two');
    expect(VersionStages).toEqual(['AWSCURRENT']);
    await secrets.send(new UpdateSecretCommand({ SecretId: 'put', SecretString: 'three', Description: 'third' }));
    expect(await textOf('put')).toBe('three');
    expect(await textOf('put', { VersionStage: 'AWSPREVIOUS' })).toBe('two');
    expect(await textOf('put', { VersionId })).toBe('two');
    expect(await get('put', { VersionId: one.VersionId })).toMatchObject({ SecretString: 'one', VersionStages: [] });
    await expect(get('put', { VersionId, VersionStage: 'AWSCURRENT' })).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
    expect(await secrets.send(new DescribeSecretCommand({ SecretId: 'put' }))).toMatchObject({
      Description: 'third',
      VersionIdsToStages: { [String(VersionId)]: ['AWSPREVIOUS'] },
    });
  });

  test('twice under one token is one version, and another value under it is refused', async () => {
    await make('Twice', { Name: 'twice', SecretString: 'one' });
    const ClientRequestToken = 'a-token-of-at-least-32-characters';
    const first = await put('twice', 'two', { ClientRequestToken });
    await put('twice', 'three');
    expect((await put('twice', 'two', { ClientRequestToken })).VersionId).toBe(first.VersionId);
    expect(await textOf('twice')).toBe('three');
    await expect(put('twice', 'four', { ClientRequestToken })).rejects.toMatchObject({
      name: 'ResourceExistsException',
    });
  });

  test('may be bytes, and may wait under a label of its own', async () => {
    await make('Bytes', { Name: 'bytes', SecretString: 'text' });
    const SecretBinary = Uint8Array.of(0, 255, 1);
    const VersionStages = ['AWSPENDING'];
    await secrets.send(new PutSecretValueCommand({ SecretId: 'bytes', SecretBinary, VersionStages }));
    expect(await textOf('bytes')).toBe('text');
    expect((await get('bytes', { VersionStage: 'AWSPENDING' })).SecretBinary).toEqual(SecretBinary);
  });
});

describe('a staging label', () => {
  const stages = async (SecretId: string) =>
    (await secrets.send(new DescribeSecretCommand({ SecretId }))).VersionIdsToStages;
  const move = (SecretId: string, VersionStage: string, more: object) =>
    secrets.send(new UpdateSecretVersionStageCommand({ SecretId, VersionStage, ...more }));
  const add = async (SecretId: string, SecretString: string, ...VersionStages: string[]) =>
    String((await secrets.send(new PutSecretValueCommand({ SecretId, SecretString, VersionStages }))).VersionId);

  test('moves from version to version as in a rotation, and back', async () => {
    await make('Rotated', { Name: 'rotated', SecretString: 'old' });
    const old = String((await get('rotated')).VersionId);
    const pending = await add('rotated', 'new', 'AWSPENDING');
    expect(await stages('rotated')).toEqual({ [old]: ['AWSCURRENT'], [pending]: ['AWSPENDING'] });
    const finish = { MoveToVersionId: pending, RemoveFromVersionId: old };
    expect(await move('rotated', 'AWSCURRENT', finish)).toMatchObject({ Name: 'rotated' });
    expect(await textOf('rotated')).toBe('new');
    expect(await textOf('rotated', { VersionStage: 'AWSPREVIOUS' })).toBe('old');
    await move('rotated', 'AWSPENDING', { RemoveFromVersionId: pending });
    expect(await stages('rotated')).toEqual({ [old]: ['AWSPREVIOUS'], [pending]: ['AWSCURRENT'] });
    await move('rotated', 'AWSCURRENT', { MoveToVersionId: old, RemoveFromVersionId: pending });
    expect(await stages('rotated')).toEqual({ [old]: ['AWSCURRENT'], [pending]: ['AWSPREVIOUS'] });
  });

  test('is moved by those alone who say where it is', async () => {
    await make('Guarded', { Name: 'guarded', SecretString: 'old' });
    const old = String((await get('guarded')).VersionId);
    const other = await add('guarded', 'new', 'BLUE');
    const invalid = { name: 'InvalidParameterException' };
    await expect(move('guarded', 'AWSCURRENT', { MoveToVersionId: other })).rejects.toThrow(
      `currently attached to version ${old}`,
    );
    await expect(move('guarded', 'AWSCURRENT', { RemoveFromVersionId: old })).rejects.toMatchObject(invalid);
    await expect(move('guarded', 'BLUE', { RemoveFromVersionId: old })).rejects.toMatchObject(invalid);
    await expect(move('guarded', 'BLUE', {})).rejects.toMatchObject(invalid);
    const nowhere = { MoveToVersionId: 'x'.repeat(36), RemoveFromVersionId: other };
    await expect(move('guarded', 'BLUE', nowhere)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await stages('guarded')).toEqual({ [old]: ['AWSCURRENT'], [other]: ['BLUE'] });
  });

  test('AWSCURRENT is on the first version whatever that one is labelled', async () => {
    await make('First', { Name: 'first' });
    const id = await add('first', 'one', 'AWSPENDING');
    expect((await stages('first'))?.[id]?.sort()).toEqual(['AWSCURRENT', 'AWSPENDING']);
  });

  test('is listed with its version; a version without one when it is asked for', async () => {
    await make('Listed', { Name: 'listed', SecretString: 'one' });
    const ids = [String((await get('listed')).VersionId)];
    for (const value of ['two', 'three']) ids.push(await add('listed', value, 'AWSCURRENT'));
    const list = (more: object = {}) => secrets.send(new ListSecretVersionIdsCommand({ SecretId: 'listed', ...more }));
    expect((await list()).Versions?.map(({ VersionId }) => VersionId)).toEqual(ids.slice(1));
    const first = await list({ IncludeDeprecated: true, MaxResults: 2 });
    const rest = await list({ IncludeDeprecated: true, MaxResults: 2, NextToken: first.NextToken });
    const all = [...(first.Versions ?? []), ...(rest.Versions ?? [])];
    expect(all.map(({ VersionId, VersionStages }) => [VersionId, VersionStages])).toEqual([
      [ids[0], []],
      [ids[1], ['AWSPREVIOUS']],
      [ids[2], ['AWSCURRENT']],
    ]);
  });
});

describe('a call', () => {
  test('is decided by the policies on the ARN, by whatever name it was made', async () => {
    const [mine, other] = [
      await make('Mine', { Name: 'mine', SecretString: 'm' }),
      await make('NotMine', { Name: 'not-mine', SecretString: 'n' }),
    ];
    const role = 'arn:aws:iam::000000000000:role/reader';
    cloud.context.iam.setResourcePolicy(mine.ref, 'test', [
      { Effect: 'Allow', Principal: { AWS: role }, Action: 'secretsmanager:GetSecretValue' },
    ]);
    const reader = new SecretsManagerClient({ ...cloud.clientAs(role), maxAttempts: 1 });
    const read = (SecretId: string) => reader.send(new GetSecretValueCommand({ SecretId }));
    expect((await read('mine')).SecretString).toBe('m');
    for (const id of ['not-mine', other.ref, 'nothing']) {
      await expect(read(id)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    }
    const change = reader.send(new PutSecretValueCommand({ SecretId: 'mine', SecretString: 'x' }));
    await expect(change).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('for a secret, a version or a label that is not there is refused as AWS does', async () => {
    await make('There', { Name: 'there', SecretString: 'x' });
    for (const call of [get('not-there'), get('there', { VersionStage: 'OTHER' })]) {
      await expect(call).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    }
    const VersionId = 'a-version-of-at-least-32-characters';
    await expect(get('there', { VersionId })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const nothing = secrets.send(new PutSecretValueCommand({ SecretId: 'there' }));
    await expect(nothing).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('lists secrets a page at a time', async () => {
    for (const name of ['list/a', 'list/b', 'list/c']) await make(name.replace('/', ''), { Name: name });
    const names: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const Filters = [{ Key: 'name' as const, Values: ['list/'] }];
      const page = await secrets.send(new ListSecretsCommand({ MaxResults: 2, Filters, NextToken }));
      names.push(...(page.SecretList ?? []).map(({ Name }) => Name));
      NextToken = page.NextToken;
    } while (NextToken);
    expect(names).toEqual(['list/a', 'list/b', 'list/c']);
  });

  test('of an operation that is not there is refused by name', async () => {
    await expect(secrets.send(new CreateSecretCommand({ Name: 'x' }))).rejects.toThrow('does not know CreateSecret');
  });
});

test('a dynamic reference in a template stops the boot by name', async () => {
  const Value = { 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'Known' }, ':SecretString:::}}']] };
  const Resources = { Known: { Type: TYPE }, Holder: { Type: TYPE, Properties: { SecretString: Value } } };
  const assembly = { stacks: [{ name: 'Test', template: { Resources } }], assetFolder: () => undefined };
  const place = { region: 'us-east-1', accountId: '000000000000' };
  await expect(provision(assembly, cloud.engines, place)).rejects.toThrow(
    /Test\/Holder\.SecretString: .* dynamic reference \{\{resolve:secretsmanager:arn:aws:.*give the secret/,
  );
});
