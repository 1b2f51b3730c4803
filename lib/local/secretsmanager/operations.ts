/** The operations that this engine answers; another operation or parameter is refused by name. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError, type AwsRequest } from '../service.ts';
import { CURRENT, type Secret, type SecretStore, type SecretValue, type Version } from './secret-store.ts';

interface Call {
  readonly store: SecretStore;
  readonly input: unknown;
  readonly authorize: AwsRequest['authorize'];
}

const SecretId = z.string().min(1).max(2048);
const token = z.string().min(32).max(64);
const LARGEST_VALUE_BYTES = 65_536;

const value = {
  ClientRequestToken: token.optional(),
  SecretString: z.string().min(1).optional(),
  SecretBinary: z.base64().min(1).optional(),
};
const getInput = z.strictObject({
  SecretId,
  VersionId: token.optional(),
  VersionStage: z.string().min(1).max(256).optional(),
});
const labels = z.array(z.string().min(1).max(256)).min(1).max(20);
const putInput = z.strictObject({ SecretId, ...value, VersionStages: labels.default([CURRENT]) });
const updateInput = z.strictObject({ SecretId, ...value, Description: z.string().max(2048).optional() });
const describeInput = z.strictObject({ SecretId });
const listInput = z.strictObject({
  MaxResults: z.int().min(1).max(100).default(100),
  NextToken: z.string().optional(),
  SortOrder: z.enum(['asc', 'desc']).default('asc'),
  Filters: z.array(z.strictObject({ Key: z.literal('name'), Values: z.array(z.string()).min(1) })).default([]),
});

function getSecretValue(call: Call): object {
  const input = read(getInput, call.input);
  const context = { 'secretsmanager:VersionStage': input.VersionStage ?? CURRENT };
  const secret = open(call, 'GetSecretValue', input.SecretId, context);
  const version = versionFor(call.store, secret, input);
  call.store.touch(secret);
  return {
    ...named(secret),
    VersionId: version.id,
    ...(version.text !== null && { SecretString: version.text }),
    ...(version.bytes !== null && { SecretBinary: version.bytes }),
    VersionStages: call.store.labels(secret)[version.id] ?? [],
    CreatedDate: version.created_at / 1000,
  };
}

function versionFor(store: SecretStore, secret: Secret, input: z.infer<typeof getInput>): Version {
  const { VersionId: id, VersionStage: label } = input;
  const found = id === undefined ? store.versionAt(secret, label ?? CURRENT) : store.version(secret, id);
  if (id === undefined && !found) throw notFound(`secret value for staging label: ${label ?? CURRENT}.`);
  if (!found) throw notFound(`secret value for VersionId: ${id}.`);
  if (id !== undefined && label !== undefined && !store.labels(secret)[id]?.includes(label)) {
    throw new AwsError('InvalidRequestException', `The version ${id} does not have the staging label ${label}.`);
  }
  return found;
}

function putSecretValue(call: Call): object {
  const input = read(putInput, call.input);
  const secret = open(call, 'PutSecretValue', input.SecretId);
  const given = valueIn(input) ?? invalid('You must provide either SecretString or SecretBinary.');
  const id = addVersion(call.store, secret, given, input.ClientRequestToken, input.VersionStages);
  return { ...named(secret), VersionId: id, VersionStages: call.store.labels(secret)[id] ?? [] };
}

function updateSecret(call: Call): object {
  const input = read(updateInput, call.input);
  const secret = open(call, 'UpdateSecret', input.SecretId);
  const given = valueIn(input);
  if (input.Description !== undefined) call.store.setDescription(secret, input.Description);
  if (!given) return named(secret);
  return { ...named(secret), VersionId: addVersion(call.store, secret, given, input.ClientRequestToken, [CURRENT]) };
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
}: Partial<z.infer<typeof putInput>>): SecretValue | undefined {
  if (text !== undefined && bytes !== undefined) invalid('You can provide SecretString or SecretBinary, not both.');
  if (text === undefined && bytes === undefined) return undefined;
  const size = Buffer.byteLength(text ?? bytes ?? '', text === undefined ? 'base64' : 'utf8');
  if (size > LARGEST_VALUE_BYTES) invalid(`The secret value is larger than ${LARGEST_VALUE_BYTES} bytes.`);
  return { text: text ?? null, bytes: bytes ?? null };
}

function describeSecret(call: Call): object {
  const secret = open(call, 'DescribeSecret', read(describeInput, call.input).SecretId);
  return { ...described(secret), VersionIdsToStages: call.store.labels(secret) };
}

function listSecrets(call: Call): object {
  const { MaxResults, NextToken, SortOrder, Filters } = read(listInput, call.input);
  call.authorize('secretsmanager:ListSecrets', '*');
  const wanted = ({ name }: Secret): boolean =>
    Filters.every(({ Values }) => Values.some(prefix => name.toLowerCase().startsWith(prefix.toLowerCase())));
  const found = call.store.all().filter(wanted);
  const ordered = SortOrder === 'asc' ? found : found.toReversed();
  const begin = Number(NextToken ?? 0);
  if (!Number.isInteger(begin)) throw new AwsError('InvalidNextTokenException', 'Invalid NextToken.');
  const end = begin + MaxResults;
  return {
    SecretList: ordered
      .slice(begin, end)
      .map(secret => ({ ...described(secret), SecretVersionsToStages: call.store.labels(secret) })),
    ...(ordered.length > end && { NextToken: String(end) }),
  };
}

export const OPERATIONS: Readonly<Record<string, (call: Call) => object>> = {
  GetSecretValue: getSecretValue,
  PutSecretValue: putSecretValue,
  UpdateSecret: updateSecret,
  DescribeSecret: describeSecret,
  ListSecrets: listSecrets,
};

/** The secret, once the caller may do `action` to it. One that is not there is authorized too, on its partial ARN. */
function open({ store, authorize }: Call, action: string, id: string, context: Record<string, string> = {}): Secret {
  const secret = store.find(id);
  const arn = secret?.arn ?? (id.startsWith('arn:') ? id : store.partialArnOf(id));
  authorize(`secretsmanager:${action}`, arn, { ...context, 'secretsmanager:SecretId': arn });
  if (!secret) throw notFound('secret.');
  return secret;
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

function read<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  return invalid(result.error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; '));
}

function invalid(message: string): never {
  throw new AwsError('InvalidParameterException', message);
}

function notFound(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified ${what}`);
}
