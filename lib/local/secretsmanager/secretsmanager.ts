/**
 * Secrets Manager. What always holds:
 * - A secret's ARN is made of its name, so it is the same at every start; its values are versions that nothing overwrites.
 * - The template gives a secret its first value, and another only when what the template says has changed: what was put
 *   since stays over every start.
 * - Every call is decided by the policies on the secret's ARN, by whatever name it was called.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { jsonService } from '../protocols/json.ts';
import { operationsOn } from '../protocols/operation.ts';
import { AwsError, type CloudContext, type Engine } from '../service.ts';
import { secretType } from './secret-resource.ts';
import { CURRENT, type Secret, SecretStore, type SecretValue, type Version } from './secret-store.ts';

const operation = operationsOn<SecretStore>();
const token = z.string().min(32).max(64);
const label = z.string().min(1).max(256);
const SECRET = { SecretId: z.string().min(1).max(2048) };
const VALUE = {
  ClientRequestToken: token.optional(),
  SecretString: z.string().min(1).optional(),
  SecretBinary: z.base64().min(1).optional(),
};
const LARGEST_VALUE_BYTES = 65_536;

const OPERATIONS = {
  GetSecretValue: operation(
    { ...SECRET, VersionId: token.optional(), VersionStage: label.optional() },
    {
      resource: arnOf,
      conditions: ({ VersionStage = CURRENT }, arn) => ({
        ...idCondition({}, arn),
        'secretsmanager:VersionStage': VersionStage,
      }),
    },
    (input, { state: store }) => {
      const secret = secretOf(store, input);
      const version = versionOf(store, secret, input);
      store.touch(secret);
      return {
        ...named(secret),
        VersionId: version.id,
        ...(version.text !== null && { SecretString: version.text }),
        ...(version.bytes !== null && { SecretBinary: version.bytes }),
        VersionStages: store.labels(secret)[version.id] ?? [],
        CreatedDate: version.created_at / 1000,
      };
    },
  ),

  PutSecretValue: operation(
    { ...SECRET, ...VALUE, VersionStages: z.array(label).min(1).max(20).default([CURRENT]) },
    { resource: arnOf, conditions: idCondition },
    (input, { state: store }) => {
      const secret = secretOf(store, input);
      const value = valueIn(input) ?? invalid('You must provide either SecretString or SecretBinary.');
      const id = addVersion(store, secret, value, input.ClientRequestToken, input.VersionStages);
      return { ...named(secret), VersionId: id, VersionStages: store.labels(secret)[id] ?? [] };
    },
  ),

  UpdateSecret: operation(
    { ...SECRET, ...VALUE, Description: z.string().max(2048).optional() },
    { resource: arnOf, conditions: idCondition },
    (input, { state: store }) => {
      const secret = secretOf(store, input);
      const value = valueIn(input);
      if (input.Description !== undefined) store.setDescription(secret, input.Description);
      if (!value) return named(secret);
      return { ...named(secret), VersionId: addVersion(store, secret, value, input.ClientRequestToken, [CURRENT]) };
    },
  ),

  DescribeSecret: operation(SECRET, { resource: arnOf, conditions: idCondition }, (input, { state: store }) => {
    const secret = secretOf(store, input);
    return { ...described(secret), VersionIdsToStages: store.labels(secret) };
  }),

  ListSecretVersionIds: operation(
    {
      ...SECRET,
      MaxResults: z.int().min(1).max(100).default(100),
      NextToken: z.string().optional(),
      IncludeDeprecated: z.boolean().default(false),
    },
    { resource: arnOf, conditions: idCondition },
    (input, { state: store }) => {
      const secret = secretOf(store, input);
      const labels = store.labels(secret);
      const versions = store.versions(secret).filter(({ id }) => input.IncludeDeprecated || labels[id] !== undefined);
      const { page, next } = pageOf(versions, input);
      return {
        ...named(secret),
        Versions: page.map(({ id, created_at }) => ({
          VersionId: id,
          VersionStages: labels[id] ?? [],
          CreatedDate: created_at / 1000,
          KmsKeyIds: ['DefaultEncryptionKey'],
        })),
        ...next,
      };
    },
  ),

  UpdateSecretVersionStage: operation(
    { ...SECRET, VersionStage: label, RemoveFromVersionId: token.optional(), MoveToVersionId: token.optional() },
    {
      resource: arnOf,
      conditions: ({ VersionStage }, arn) => ({
        ...idCondition({}, arn),
        'secretsmanager:VersionStage': VersionStage,
      }),
    },
    (input, { state: store }) => {
      const secret = secretOf(store, input);
      const { VersionStage: stage, RemoveFromVersionId: from, MoveToVersionId: to } = input;
      if (from === undefined && to === undefined) {
        invalid('You must provide RemoveFromVersionId, MoveToVersionId, or both.');
      }
      for (const id of [from, to]) {
        if (id !== undefined && !store.version(secret, id)) throw notFound(`secret version: ${id}.`);
      }
      const holder = store.versionAt(secret, stage)?.id;
      if (from !== undefined && holder !== from) {
        invalid(`The staging label ${stage} is not attached to version ${from}.`);
      }
      if (from === undefined && holder !== undefined && holder !== to) {
        const remedy = 'so you must explicitly reference that version in RemoveFromVersionId';
        invalid(
          `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder}, ${remedy}.`,
        );
      }
      if (to === undefined && stage === CURRENT) {
        invalid(`You can't remove the staging label ${CURRENT} from a version; move it to another one.`);
      }
      if (holder !== to) store.moveLabel(secret, stage, to);
      return named(secret);
    },
  ),

  ListSecrets: operation(
    {
      MaxResults: z.int().min(1).max(100).default(100),
      NextToken: z.string().optional(),
      SortOrder: z.enum(['asc', 'desc']).default('asc'),
      Filters: z.array(z.strictObject({ Key: z.literal('name'), Values: z.array(z.string()).min(1) })).default([]),
    },
    '*',
    ({ SortOrder, Filters, ...span }, { state: store }) => {
      const wanted = ({ name }: Secret): boolean =>
        Filters.every(({ Values }) => Values.some(prefix => name.toLowerCase().startsWith(prefix.toLowerCase())));
      const found = store.all().filter(wanted);
      const ordered = SortOrder === 'asc' ? found : found.toReversed();
      const { page, next } = pageOf(ordered, span);
      return {
        SecretList: page.map(secret => ({ ...described(secret), SecretVersionsToStages: store.labels(secret) })),
        ...next,
      };
    },
  ),
};

export function createSecretsManager(context: CloudContext): Engine {
  const store = new SecretStore(context);
  const service = jsonService({
    signingName: 'secretsmanager',
    version: '1.1',
    targets: { secretsmanager: OPERATIONS },
    state: store,
    invalidInput: 'InvalidParameterException',
    messageMember: 'Message',
  });
  return { services: [service], resources: { 'AWS::SecretsManager::Secret': secretType(store, randomInt) } };
}

/** The page of a list that the token begins, and the token of the next. */
function pageOf<T>(
  all: readonly T[],
  { MaxResults, NextToken }: { MaxResults: number; NextToken?: string | undefined },
): { page: readonly T[]; next: { NextToken?: string } } {
  const begin = Number(NextToken ?? 0);
  if (!Number.isInteger(begin)) throw new AwsError('InvalidNextTokenException', 'Invalid NextToken.');
  const end = begin + MaxResults;
  return { page: all.slice(begin, end), next: all.length > end ? { NextToken: String(end) } : {} };
}

interface SecretId {
  readonly SecretId: string;
}

/** A secret that is not there is authorized too, on its partial ARN. */
function arnOf({ SecretId: id }: SecretId, { state: store }: { state: SecretStore }): string {
  return store.find(id)?.arn ?? (id.startsWith('arn:') ? id : store.partialArnOf(id));
}

function idCondition(_input: unknown, arn: string): Record<string, string> {
  return { 'secretsmanager:SecretId': arn };
}

function secretOf(store: SecretStore, { SecretId }: SecretId): Secret {
  const secret = store.find(SecretId);
  if (!secret) throw notFound('secret.');
  return secret;
}

function versionOf(
  store: SecretStore,
  secret: Secret,
  input: { VersionId?: string | undefined; VersionStage?: string | undefined },
): Version {
  const { VersionId: id, VersionStage: label } = input;
  const found = id === undefined ? store.versionAt(secret, label ?? CURRENT) : store.version(secret, id);
  if (id === undefined && !found) throw notFound(`secret value for staging label: ${label ?? CURRENT}.`);
  if (!found) throw notFound(`secret value for VersionId: ${id}.`);
  if (id !== undefined && label !== undefined && !store.labels(secret)[id]?.includes(label)) {
    throw new AwsError('InvalidRequestException', `The version ${id} does not have the staging label ${label}.`);
  }
  return found;
}

/** The same token with the same value is the same version; with another value it is refused. */
function addVersion(
  store: SecretStore,
  secret: Secret,
  given: SecretValue,
  id: string = randomUUID(),
  stages: readonly string[] = [],
): string {
  const before = store.version(secret, id);
  if (before && (before.text !== given.text || before.bytes !== given.bytes)) {
    const message = `You can't use ClientRequestToken ${id} because that value is already in use for a version of secret ${secret.arn}.`;
    throw new AwsError('ResourceExistsException', message);
  }
  if (!before) store.add(secret, id, given, stages);
  return id;
}

function valueIn({
  SecretString: text,
  SecretBinary: bytes,
}: {
  SecretString?: string | undefined;
  SecretBinary?: string | undefined;
}): SecretValue | undefined {
  if (text !== undefined && bytes !== undefined) invalid('You can provide SecretString or SecretBinary, not both.');
  if (text === undefined && bytes === undefined) return undefined;
  const size = Buffer.byteLength(text ?? bytes ?? '', text === undefined ? 'base64' : 'utf8');
  if (size > LARGEST_VALUE_BYTES) invalid(`The secret value is larger than ${LARGEST_VALUE_BYTES} bytes.`);
  return { text: text ?? null, bytes: bytes ?? null };
}

function named({ arn, name }: Secret): object {
  return { ARN: arn, Name: name };
}

function described(secret: Secret): object {
  return {
    ...named(secret),
    ...(secret.description !== null && { Description: secret.description }),
    CreatedDate: secret.created_at / 1000,
    LastChangedDate: secret.changed_at / 1000,
    // AWS tells the day alone.
    ...(secret.accessed_at !== null && { LastAccessedDate: Math.floor(secret.accessed_at / 86_400_000) * 86_400 }),
    Tags: JSON.parse(secret.tags),
  };
}

function invalid(message: string): never {
  throw new AwsError('InvalidParameterException', message);
}

function notFound(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified ${what}`);
}
