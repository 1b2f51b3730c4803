/** The operations of KMS by their names, with AWS's words for what they refuse. */
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { operationsOn } from '../protocols/operation.ts';
import { AwsError } from '../service.ts';
import { signDigest, verifiesDigest } from './ecdsa.ts';
import { allowed, allowedOnBoth, type KmsCall, keyOf, noAlias, notPending, usable } from './key-access.ts';
import {
  type Alias,
  KEY_SPEC_NAMES,
  KEY_SPECS,
  type Key,
  type KeyState,
  type KeyStore,
  statementsOf,
} from './key-store.ts';

const operation = operationsOn<KeyStore>();
const KEY = { KeyId: z.string().min(1).max(2048) };
const ALIAS = {
  AliasName: z
    .string()
    .min(1)
    .max(256)
    .regex(/^[a-zA-Z0-9:/_-]+$/, 'Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$'),
};
const ALGORITHMS = [
  'RSASSA_PSS_SHA_256',
  'RSASSA_PSS_SHA_384',
  'RSASSA_PSS_SHA_512',
  'RSASSA_PKCS1_V1_5_SHA_256',
  'RSASSA_PKCS1_V1_5_SHA_384',
  'RSASSA_PKCS1_V1_5_SHA_512',
  'ECDSA_SHA_256',
  'ECDSA_SHA_384',
  'ECDSA_SHA_512',
  'SM2DSA',
  'ML_DSA_SHAKE_256',
  'ED25519_SHA_512',
  'ED25519_PH_SHA_512',
] as const;
const SIGNED = {
  ...KEY,
  Message: z.string(),
  MessageType: z.enum(['RAW', 'DIGEST']).default('RAW'),
  SigningAlgorithm: z.enum(ALGORITHMS),
};
const LARGEST_MESSAGE = 4096;
const LARGEST_SIGNATURE = 6144;
const DAY_MS = 86_400_000;

export const OPERATIONS = {
  CreateKey: operation(
    {
      KeySpec: z.enum([...KEY_SPEC_NAMES, 'SYMMETRIC_DEFAULT']).default('SYMMETRIC_DEFAULT'),
      KeyUsage: z.enum(['SIGN_VERIFY', 'ENCRYPT_DECRYPT']).optional(),
      Description: z.string().max(8192).default(''),
      Policy: z.string().min(1).max(131_072).optional(),
      Origin: z.enum(['AWS_KMS']).optional(),
      MultiRegion: z.literal(false).optional(),
    },
    '*',
    ({ KeySpec, KeyUsage, Description, Policy }, { state: store }) => {
      if (KeySpec === 'SYMMETRIC_DEFAULT') {
        invalid(`The local cloud has keys of ${KEY_SPEC_NAMES.join(', ')}, and none of KeySpec ${KeySpec}.`);
      }
      if (KeyUsage === undefined)
        invalid('You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.');
      if (KeyUsage !== 'SIGN_VERIFY') invalid(`KeyUsage ${KeyUsage} is not compatible with KeySpec ${KeySpec}`);
      if (Policy !== undefined && !statementsOf(Policy))
        throw new AwsError('MalformedPolicyDocumentException', 'The new key policy is not valid.');
      const made = store.create(KeySpec, { description: Description, enabled: true, policy: Policy });
      return { KeyMetadata: metadata(store, made) };
    },
  ),

  DescribeKey: operation(KEY, 'itself', (input, call) => ({
    KeyMetadata: metadata(call.state, allowed(call, 'DescribeKey', input)),
  })),

  ListKeys: operation({}, '*', (_, { state: store }) => ({
    Keys: store.keys().map(({ id }) => ({ KeyId: id, KeyArn: store.arnOf(id) })),
    Truncated: false,
  })),

  GetKeyPolicy: operation({ ...KEY, PolicyName: z.literal('default').optional() }, 'itself', (input, call) => ({
    Policy: allowed(call, 'GetKeyPolicy', input).policy,
    PolicyName: 'default',
  })),

  GetPublicKey: operation(KEY, 'itself', (input, call) => {
    const key = usable(call.state, allowed(call, 'GetPublicKey', input));
    const spki = createPublicKey(createPrivateKey(key.material)).export({ type: 'spki', format: 'der' });
    const { KeySpec, CustomerMasterKeySpec, KeyUsage, SigningAlgorithms } = specified(key);
    const described = { KeySpec, CustomerMasterKeySpec, KeyUsage, SigningAlgorithms };
    return { KeyId: call.state.arnOf(key.id), PublicKey: spki.toString('base64'), ...described };
  }),

  Sign: operation({ ...SIGNED, DryRun: z.boolean().optional() }, 'itself', (input, call) => {
    const { key, digest } = digestOf('Sign', input, call);
    if (input.DryRun) throw dryRun();
    const signature = signDigest(KEY_SPECS[key.spec].curve, secretOf(key), digest);
    const { SigningAlgorithm } = input;
    return { KeyId: call.state.arnOf(key.id), Signature: signature.toString('base64'), SigningAlgorithm };
  }),

  Verify: operation({ ...SIGNED, Signature: z.string(), DryRun: z.boolean().optional() }, 'itself', (input, call) => {
    const signature = bytesOf('signature', input.Signature, LARGEST_SIGNATURE);
    const { key, digest } = digestOf('Verify', input, call);
    if (input.DryRun) throw dryRun();
    if (!verifiesDigest(KEY_SPECS[key.spec].curve, secretOf(key), { digest, signature })) {
      throw new AwsError('KMSInvalidSignatureException', '');
    }
    const { SigningAlgorithm } = input;
    return { KeyId: call.state.arnOf(key.id), SignatureValid: true, SigningAlgorithm };
  }),

  EnableKey: operation(KEY, 'itself', (input, call) => {
    call.state.setState(notPending(call.state, allowed(call, 'EnableKey', input)), 'Enabled');
    return {};
  }),

  DisableKey: operation(KEY, 'itself', (input, call) => {
    call.state.setState(notPending(call.state, allowed(call, 'DisableKey', input)), 'Disabled');
    return {};
  }),

  ScheduleKeyDeletion: operation(
    { ...KEY, PendingWindowInDays: z.int().min(7).max(30).default(30) },
    'itself',
    (input, call) => {
      const { state: store } = call;
      const key = notPending(store, allowed(call, 'ScheduleKeyDeletion', input));
      const { PendingWindowInDays } = input;
      const deletedAt = store.now + PendingWindowInDays * DAY_MS;
      store.setState(key, 'PendingDeletion', deletedAt);
      const KeyState: KeyState = 'PendingDeletion';
      return { KeyId: store.arnOf(key.id), KeyState, DeletionDate: deletedAt / 1000, PendingWindowInDays };
    },
  ),

  CancelKeyDeletion: operation(KEY, 'itself', (input, call) => {
    const key = allowed(call, 'CancelKeyDeletion', input);
    const arn = call.state.arnOf(key.id);
    if (key.state !== 'PendingDeletion')
      throw new AwsError('KMSInvalidStateException', `${arn} is not pending deletion.`);
    call.state.setState(key, 'Disabled');
    return { KeyId: arn };
  }),

  CreateAlias: operation({ ...ALIAS, TargetKeyId: KEY.KeyId }, 'itself', (input, call) => {
    const { AliasName, TargetKeyId } = input;
    checkAliasName(AliasName);
    const key = allowedOnBoth(call, 'CreateAlias', AliasName, { KeyId: TargetKeyId });
    if (call.state.alias(AliasName)) {
      throw new AwsError(
        'AlreadyExistsException',
        `An alias with the name ${call.state.aliasArn(AliasName)} already exists`,
      );
    }
    call.state.putAlias(AliasName, notPending(call.state, key).id);
    return {};
  }),

  UpdateAlias: operation({ ...ALIAS, TargetKeyId: KEY.KeyId }, 'itself', (input, call) => {
    const { AliasName, TargetKeyId } = input;
    const key = allowedOnBoth(call, 'UpdateAlias', AliasName, { KeyId: TargetKeyId });
    if (!call.state.alias(AliasName)) throw noAlias(call.state, AliasName);
    call.state.putAlias(AliasName, notPending(call.state, key).id);
    return {};
  }),

  DeleteAlias: operation(ALIAS, 'itself', ({ AliasName }, call) => {
    const alias = call.state.alias(AliasName);
    if (!alias) throw noAlias(call.state, AliasName);
    allowedOnBoth(call, 'DeleteAlias', AliasName, { KeyId: alias.key_id });
    call.state.removeAlias(AliasName);
    return {};
  }),

  ListAliases: operation(
    {
      KeyId: KEY.KeyId.optional(),
      Limit: z.int().min(1).max(1000).default(50),
      Marker: z.string().min(1).max(1024).optional(),
    },
    '*',
    ({ KeyId, Limit, Marker = '' }, { state: store }) => {
      const key = KeyId === undefined ? undefined : keyOf(store, KeyId);
      const found = store.aliases().filter(({ name, key_id }) => name > Marker && (!key || key_id === key.id));
      const page = found.slice(0, Limit);
      const Truncated = found.length > page.length;
      return {
        Aliases: page.map(alias => listed(store, alias)),
        Truncated,
        ...(Truncated && { NextMarker: page.at(-1)?.name }),
      };
    },
  ),
};

function listed(store: KeyStore, { name, key_id, created_at, changed_at }: Alias) {
  const dates = { CreationDate: created_at / 1000, LastUpdatedDate: changed_at / 1000 };
  return { AliasName: name, AliasArn: store.aliasArn(name), TargetKeyId: key_id, ...dates };
}

/** The key and the digest that are signed or verified; throws what KMS refuses of them, the message's form first. */
function digestOf(
  action: 'Sign' | 'Verify',
  input: { KeyId: string; Message: string; MessageType: 'RAW' | 'DIGEST'; SigningAlgorithm: string },
  call: KmsCall,
): { readonly key: Key; readonly digest: Uint8Array } {
  const { MessageType, SigningAlgorithm } = input;
  const message = bytesOf('message', input.Message, LARGEST_MESSAGE);
  const conditions = { 'kms:SigningAlgorithm': SigningAlgorithm, 'kms:MessageType': MessageType };
  const key = usable(call.state, allowed(call, action, input, conditions));
  const { algorithm, hash, digestBytes } = KEY_SPECS[key.spec];
  if (SigningAlgorithm !== algorithm) {
    const why = `Algorithm ${SigningAlgorithm} is incompatible with key spec ${key.spec}.`;
    throw new AwsError('InvalidKeyUsageException', why);
  }
  if (MessageType === 'RAW') return { key, digest: createHash(hash).update(message).digest() };
  if (message.length !== digestBytes) invalid(`Digest is invalid length for algorithm ${SigningAlgorithm}.`);
  return { key, digest: message };
}

function secretOf({ material }: Key): Uint8Array {
  const { d = '' } = createPrivateKey(material).export({ format: 'jwk' });
  return Buffer.from(d, 'base64url');
}

/** The bytes of a member in base64; throws what KMS says of those that are none, or too many. */
function bytesOf(name: string, text: string, largest: number): Buffer {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) throw new AwsError('SerializationException', '');
  const bytes = Buffer.from(text, 'base64');
  const bound = bytes.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${largest}`;
  if (bytes.length < 1 || bytes.length > largest) {
    invalid(
      `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must have length ${bound}`,
    );
  }
  return bytes;
}

function checkAliasName(name: string): void {
  if (!/^alias\/[a-zA-Z0-9/_-]+$/.test(name)) {
    const why =
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html';
    throw new AwsError('InvalidAliasNameException', name.startsWith('alias/') ? `Invalid alias name ${name}` : why);
  }
  if (name.startsWith('alias/aws/')) throw new AwsError('NotAuthorizedException', '');
}

function specified({ spec }: Pick<Key, 'spec'>) {
  const SigningAlgorithms = [KEY_SPECS[spec].algorithm];
  return { KeySpec: spec, CustomerMasterKeySpec: spec, KeyUsage: 'SIGN_VERIFY', SigningAlgorithms };
}

function metadata(store: KeyStore, key: Key) {
  const { id, description, state, created_at, deleted_at } = key;
  return {
    AWSAccountId: store.account,
    KeyId: id,
    Arn: store.arnOf(id),
    CreationDate: created_at / 1000,
    Enabled: state === 'Enabled',
    Description: description,
    KeyState: state,
    ...(deleted_at !== null && { DeletionDate: deleted_at / 1000 }),
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    MultiRegion: false,
    ...specified(key),
  };
}

function dryRun(): AwsError {
  return new AwsError(
    'DryRunOperationException',
    'The request would have succeeded, but the DryRun option is set.',
    412,
  );
}

function invalid(why: string): never {
  throw new AwsError('ValidationException', why);
}
