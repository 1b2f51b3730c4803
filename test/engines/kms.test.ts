import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetKeyPolicyCommand,
  GetPublicKeyCommand,
  KMSClient,
  ListAliasesCommand,
  ListKeysCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  UpdateAliasCommand,
  VerifyCommand,
} from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIam, LocalIam } from '../../lib/local/iam.ts';
import { createKms } from '../../lib/local/kms/kms.ts';
import type { CloudContext, PolicyStatement } from '../../lib/local/service.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';

const ACCOUNT = '000000000000';
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const SPEC = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' } as const;
const ECDSA = { SigningAlgorithm: 'ECDSA_SHA_256' } as const;
const UNKNOWN = '12345678-1234-4234-8234-123456789012';

let cloud: EngineCloud;
let kms: KMSClient;
let KeyId: string;

const iamEngine = (context: CloudContext) => {
  if (!(context.iam instanceof LocalIam)) throw new Error('not the IAM of the local cloud');
  return createIam(context.iam, ACCOUNT);
};
const connect = (): void => {
  kms = new KMSClient({ ...cloud.client, maxAttempts: 1 });
};
beforeAll(async () => {
  cloud = await startEngines([createKms, iamEngine]);
  connect();
  KeyId = await created();
});
afterAll(() => cloud.stop());

const created = async (more = {}): Promise<string> => {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ ...SPEC, ...more }));
  return KeyMetadata?.KeyId ?? '';
};
const policy = (...Statement: PolicyStatement[]): string => JSON.stringify({ Version: '2012-10-17', Statement });
const publicKeyOf = async (key: string) => {
  const { PublicKey = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId: key }));
  return createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
};
const signed = async (Message: Uint8Array, more = {}): Promise<Uint8Array> => {
  const { Signature = new Uint8Array() } = await kms.send(new SignCommand({ KeyId, Message, ...ECDSA, ...more }));
  return Signature;
};
/** Credentials of a role whose own policy this is. */
const asRole = async (name: string, statement: object): Promise<KMSClient> => {
  await cloud.make('AWS::IAM::Role', name, {
    RoleName: name,
    AssumeRolePolicyDocument: { Statement: [] },
    Policies: [
      { PolicyName: 'own', PolicyDocument: { Statement: [{ Effect: 'Allow', Resource: '*', ...statement }] } },
    ],
  });
  return new KMSClient({ ...cloud.clientAs(`arn:aws:iam::${ACCOUNT}:role/${name}`), maxAttempts: 1 });
};

describe('a key', () => {
  test('is described with its curve, its use and its algorithm', async () => {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toMatchObject({
      AWSAccountId: ACCOUNT,
      KeyId,
      Arn: `arn:aws:kms:us-east-1:${ACCOUNT}:key/${KeyId}`,
      CreationDate: expect.any(Date),
      Enabled: true,
      KeyState: 'Enabled',
      KeyManager: 'CUSTOMER',
      Origin: 'AWS_KMS',
      MultiRegion: false,
      ...SPEC,
      SigningAlgorithms: ['ECDSA_SHA_256'],
    });
  });

  test('signs what OpenSSL verifies with its public key, a message and a digest alike', async () => {
    const key = await publicKeyOf(KeyId);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 4096 }), async message => {
        const digest = createHash('sha256').update(message).digest();
        for (const signature of [await signed(message), await signed(digest, { MessageType: 'DIGEST' })]) {
          expect(verify('sha256', message, key, signature)).toBe(true);
          expect(verify('sha256', Buffer.concat([message, Buffer.of(0)]), key, signature)).toBe(false);
        }
      }),
      { numRuns: 10 },
    );
  });

  test.each([
    ['ECC_NIST_P384', 'ECDSA_SHA_384', 'sha384'],
    ['ECC_NIST_P521', 'ECDSA_SHA_512', 'sha512'],
  ] as const)('of %s signs with %s', async (KeySpec, SigningAlgorithm, hash) => {
    const other = await created({ KeySpec });
    const key = await publicKeyOf(other);
    const Message = Buffer.from('a message');
    const by = { KeyId: other, SigningAlgorithm };
    const Signature = await signed(Message, by);
    expect(verify(hash, Message, key, Signature)).toBe(true);
    const digest = createHash(hash).update(Message).digest();
    expect(verify(hash, Message, key, await signed(digest, { ...by, MessageType: 'DIGEST' }))).toBe(true);
    expect(await kms.send(new VerifyCommand({ ...by, Message, Signature }))).toMatchObject({ SignatureValid: true });
  });

  test('verifies what it signed, and refuses a signature with any byte changed', async () => {
    const Message = Buffer.from('what was signed');
    const Signature = Buffer.from(await signed(Message));
    expect(await kms.send(new VerifyCommand({ KeyId, Message, Signature, ...ECDSA }))).toMatchObject({
      KeyId: `arn:aws:kms:us-east-1:${ACCOUNT}:key/${KeyId}`,
      SignatureValid: true,
      ...ECDSA,
    });
    for (const at of Signature.keys()) {
      const changed = Buffer.from(Signature);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const verifying = kms.send(new VerifyCommand({ KeyId, Message, Signature: changed, ...ECDSA }));
      await expect(verifying).rejects.toMatchObject({ name: 'KMSInvalidSignatureException' });
    }
    const foreign = sign('sha256', Message, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
    await expect(kms.send(new VerifyCommand({ KeyId, Message, Signature: foreign, ...ECDSA }))).rejects.toMatchObject({
      name: 'KMSInvalidSignatureException',
    });
  });

  test('is the same after a start, and its material is in files of its owner alone', async () => {
    const before = (await publicKeyOf(KeyId)).export({ type: 'spki', format: 'pem' });
    const { dataDir } = cloud.context;
    const others = readdirSync(dataDir).filter(name => (statSync(join(dataDir, name)).mode & 0o077) !== 0);
    expect(others).toEqual([]);
    cloud = await cloud.restart();
    connect();
    expect((await publicKeyOf(KeyId)).export({ type: 'spki', format: 'pem' })).toBe(before);
  });

  test('that is disabled or pending deletion signs nothing, until that is taken back', async () => {
    const key = await created();
    const Message = Buffer.from('x');
    await kms.send(new DisableKeyCommand({ KeyId: key }));
    await expect(signed(Message, { KeyId: key })).rejects.toMatchObject({ name: 'DisabledException' });
    await kms.send(new EnableKeyCommand({ KeyId: key }));
    await signed(Message, { KeyId: key });
    const scheduled = await kms.send(new ScheduleKeyDeletionCommand({ KeyId: key, PendingWindowInDays: 7 }));
    expect(scheduled).toMatchObject({ KeyState: 'PendingDeletion', PendingWindowInDays: 7 });
    await expect(signed(Message, { KeyId: key })).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
    await kms.send(new CancelKeyDeletionCommand({ KeyId: key }));
    await expect(signed(Message, { KeyId: key })).rejects.toMatchObject({ name: 'DisabledException' });
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId: key, PendingWindowInDays: 7 }));
    cloud.clock.advance(7 * 86_400_000);
    await expect(kms.send(new DescribeKeyCommand({ KeyId: key }))).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});

describe('wrong input', () => {
  const message = Buffer.from('x');
  test.each([
    [
      'a message of 4097 bytes',
      { Message: Buffer.alloc(4097) },
      'ValidationException',
      /'message'.*less than or equal to 4096/,
    ],
    ['an empty message', { Message: Buffer.alloc(0) }, 'ValidationException', /'message'.*greater than or equal to 1/],
    [
      'a digest of another length',
      { MessageType: 'DIGEST' },
      'ValidationException',
      /Digest is invalid length for algorithm ECDSA_SHA_256/,
    ],
    [
      'an algorithm of another curve',
      { SigningAlgorithm: 'ECDSA_SHA_384' },
      'InvalidKeyUsageException',
      /incompatible with key spec ECC_NIST_P256/,
    ],
    [
      'an algorithm that there is not',
      { SigningAlgorithm: 'MD5' },
      'ValidationException',
      /'signingAlgorithm' failed to satisfy constraint: Member must satisfy enum/,
    ],
    [
      'a key that there is not',
      { KeyId: UNKNOWN },
      'NotFoundException',
      /Key 'arn:aws:kms:us-east-1:000000000000:key\/.*' does not exist/,
    ],
    ['what is no id of a key', { KeyId: 'key' }, 'NotFoundException', /Invalid keyId 'key'/],
    [
      'an alias that there is not',
      { KeyId: 'alias/none' },
      'NotFoundException',
      /Alias arn:aws:kms:us-east-1:000000000000:alias\/none is not found/,
    ],
    ['a dry run', { DryRun: true }, 'DryRunOperationException', /would have succeeded/],
  ] as const)('%s is refused as AWS refuses it', async (_, input, name, words) => {
    const refused = await signed(message, input).catch(error => error);
    expect(refused).toMatchObject({ name, message: expect.stringMatching(words) });
  });

  test.each([
    ['no key usage', { KeyUsage: undefined }, 'ValidationException'],
    ['a key that encrypts', { KeyUsage: 'ENCRYPT_DECRYPT' }, 'ValidationException'],
    ['a symmetric key', { KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: undefined }, 'ValidationException'],
    ['a policy that is none', { Policy: '{}' }, 'MalformedPolicyDocumentException'],
  ])('%s makes no key', async (_, more, name) => {
    const before = (await kms.send(new ListKeysCommand({}))).Keys?.length;
    await expect(created(more)).rejects.toMatchObject({ name });
    expect((await kms.send(new ListKeysCommand({}))).Keys).toHaveLength(before ?? 0);
  });
});

describe('an alias', () => {
  test('stands for its key in every call, is listed, is moved to another and taken away', async () => {
    const AliasName = 'alias/of-a-test/one';
    const other = await created();
    await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }));
    const idOf = async (key: string) => (await kms.send(new DescribeKeyCommand({ KeyId: key }))).KeyMetadata?.KeyId;
    expect(await idOf(AliasName)).toBe(KeyId);
    expect(await idOf(`arn:aws:kms:us-east-1:${ACCOUNT}:${AliasName}`)).toBe(KeyId);
    await expect(kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: other }))).rejects.toMatchObject({
      name: 'AlreadyExistsException',
    });
    await kms.send(new UpdateAliasCommand({ AliasName, TargetKeyId: other }));
    expect(await idOf(AliasName)).toBe(other);
    const { Aliases } = await kms.send(new ListAliasesCommand({ KeyId: other }));
    expect(Aliases).toMatchObject([{ AliasName, TargetKeyId: other, AliasArn: expect.stringContaining(AliasName) }]);
    await kms.send(new DeleteAliasCommand({ AliasName }));
    await expect(idOf(AliasName)).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  test('is listed page by page', async () => {
    const names = ['a', 'b', 'c'].map(letter => `alias/page-${letter}`);
    for (const AliasName of names) await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }));
    const found: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page = await kms.send(new ListAliasesCommand({ KeyId, Limit: 1, ...(Marker && { Marker }) }));
      found.push(...(page.Aliases ?? []).map(({ AliasName }) => AliasName));
      Marker = page.NextMarker;
    } while (Marker);
    expect(found).toEqual(names);
  });

  test.each([
    ['other', 'InvalidAliasNameException'],
    ['alias/aws/s3', 'NotAuthorizedException'],
    ['alias/with space', 'ValidationException'],
  ])('%s is refused with %s', async (AliasName, name) => {
    await expect(kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }))).rejects.toMatchObject({ name });
  });
});

describe('who may use a key', () => {
  const Message = Buffer.from('x');
  const signAs = (client: KMSClient, key: string) => client.send(new SignCommand({ KeyId: key, Message, ...ECDSA }));
  const denied = { name: 'AccessDeniedException' };

  test('is whom a policy of their own lets, where the key leaves it to the account', async () => {
    const signer = await asRole('signer', {
      Action: 'kms:Sign',
      Resource: `arn:aws:kms:us-east-1:${ACCOUNT}:key/${KeyId}`,
    });
    await signAs(signer, KeyId);
    await expect(signer.send(new GetPublicKeyCommand({ KeyId }))).rejects.toMatchObject(denied);
    await expect(signAs(signer, await created())).rejects.toMatchObject(denied);
    await expect(signAs(await asRole('other', { Action: 's3:*' }), KeyId)).rejects.toMatchObject(denied);
  });

  test('is nobody whom the key does not name, where it does not leave it to the account', async () => {
    const named = `arn:aws:iam::${ACCOUNT}:role/named`;
    const key = await created({
      Policy: policy(
        { Effect: 'Allow', Principal: { AWS: named }, Action: 'kms:Sign', Resource: '*' },
        { Effect: 'Allow', Principal: { AWS: ROOT }, Action: ['kms:Describe*', 'kms:Put*'], Resource: '*' },
      ),
    });
    const everything = await asRole('everything', { Action: 'kms:*' });
    await expect(signAs(everything, key)).rejects.toMatchObject(denied);
    await everything.send(new DescribeKeyCommand({ KeyId: key }));
    await signAs(new KMSClient({ ...cloud.clientAs(named), maxAttempts: 1 }), key);
  });

  test('is nobody whom the key denies, whatever else lets them, also after a start', async () => {
    const key = await created({
      Policy: policy(
        { Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:*', Resource: '*' },
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 'kms:Sign',
          Resource: '*',
          Condition: { StringEquals: { 'kms:MessageType': 'RAW' } },
        },
      ),
    });
    const digest = createHash('sha256').update(Message).digest();
    const both = async () => {
      await expect(signAs(kms, key)).rejects.toMatchObject(denied);
      await signed(digest, { KeyId: key, MessageType: 'DIGEST' });
    };
    await both();
    cloud = await cloud.restart();
    connect();
    await both();
  });
});

describe('of a template', () => {
  const KeyPolicy = { Statement: [{ Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:*', Resource: '*' }] };

  test('a key with its alias is made once: its id and its material stay over every start', async () => {
    const make = () => cloud.make('AWS::KMS::Key', 'Signing', { ...SPEC, KeyPolicy, Description: 'of a test' });
    const { ref, attributes } = await make();
    expect(attributes.Arn).toBe(`arn:aws:kms:us-east-1:${ACCOUNT}:key/${ref}`);
    await cloud.make('AWS::KMS::Alias', 'Name', { AliasName: 'alias/signing', TargetKeyId: attributes.Arn });
    const before = (await publicKeyOf('alias/signing')).export({ type: 'spki', format: 'pem' });
    cloud = await cloud.restart();
    connect();
    expect((await make()).ref).toBe(ref);
    expect((await publicKeyOf('alias/signing')).export({ type: 'spki', format: 'pem' })).toBe(before);
    const { Policy = '' } = await kms.send(new GetKeyPolicyCommand({ KeyId: ref }));
    expect(JSON.parse(Policy)).toEqual(KeyPolicy);
  });

  test('a key is disabled and enabled by it', async () => {
    const make = (Enabled: boolean) => cloud.make('AWS::KMS::Key', 'Switched', { ...SPEC, KeyPolicy, Enabled });
    const { ref } = await make(false);
    await expect(signed(Buffer.from('x'), { KeyId: ref })).rejects.toMatchObject({ name: 'DisabledException' });
    await make(true);
    await signed(Buffer.from('x'), { KeyId: ref });
  });

  test.each([
    [{ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }, 'KeySpec: the local cloud knows ECC_NIST_P256'],
    [{ KeySpec: 'ECC_NIST_P256' }, 'KeyUsage: the local cloud knows SIGN_VERIFY'],
    [{ ...SPEC, EnableKeyRotation: true }, 'EnableKeyRotation: is not for a key that signs'],
    [{ ...SPEC, KeyPolicy: 'none' }, 'KeyPolicy: should be a policy document'],
    [{ ...SPEC, Grants: [] }, 'does not know Grants'],
  ])('%j is refused by name', async (properties, message) => {
    await expect(cloud.make('AWS::KMS::Key', 'Refused', properties)).rejects.toThrow(message);
  });
});
