/**
 * The developer's account that a local start has ready: opened by the product's own operator function, once. Whatever an
 * earlier start, a kill or the developer has left is gone on with: a key that is not accepted is replaced, and where
 * that cannot be, the platform starts all the same and says what to do.
 */
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { personKey } from '../../functions/data/item-keys.ts';
import { type LocalCloud, REGION } from '../../lib/local/cloud.ts';
import { type Developer, type LocalJson, type LocalPerson, remembered, writeLocalJson } from './local-json.ts';
import { seedPeople } from './people.ts';

export interface Seeded {
  readonly local: LocalJson;
  /** Why the developer's key is not accepted, and what helps; undefined where it is. */
  readonly trouble: string | undefined;
}

export const SEED = { name: 'Local developer', plan: 'scale', credits: 1_000_000 };
const SERVICES = [
  'apigateway',
  'dynamodb',
  's3',
  'sqs',
  'stepfunctions',
  'lambda',
  'scheduler',
  'cognito-idp',
  'sesv2',
  'secretsmanager',
  'athena',
  'logs',
  'sts',
];

/** Writes `local.json`, too. */
export async function seed(cloud: LocalCloud, dataDir: string): Promise<Seeded> {
  const earlier = remembered(dataDir);
  const people = await seedPeople(cloud, earlier.people);
  const { accountId, apiKey, trouble } = await seedDeveloper(cloud, earlier.developer, people.developer);
  const awsEndpoints = Object.fromEntries(SERVICES.map(service => [service, cloud.awsUrl]));
  const local: LocalJson = {
    apiUrl: cloud.apiUrl,
    apiKey,
    accountId,
    awsEndpoints,
    people,
    outputs: namedOutputs(cloud),
    region: REGION,
    credentials: cloud.credentials,
  };
  writeLocalJson(dataDir, local);
  return { local, trouble };
}

async function seedDeveloper(
  cloud: LocalCloud,
  earlier: Developer | undefined,
  owner: LocalPerson,
): Promise<Developer & { trouble: string | undefined }> {
  const refused = earlier && (await refusalOf(cloud.apiUrl, earlier.apiKey));
  if (earlier && refused === undefined) return { ...earlier, trouble: undefined };
  const accountId = await accountOf(cloud, owner);
  if (accountId === undefined) return { ...(await openAccount(cloud, { ...SEED, owner })), trouble: undefined };
  const issued = await issueKey(cloud, accountId);
  const trouble = issued.trouble && (refused ?? issued.trouble);
  return { accountId, apiKey: issued.apiKey ?? earlier?.apiKey ?? '', trouble };
}

/** The words with which the API refuses the key; undefined where it accepts it, or could not tell, being busy. */
async function refusalOf(apiUrl: string, apiKey: string): Promise<string | undefined> {
  const answer = await fetch(`${apiUrl}/openapi/v2/account/balance`, { headers: { 'API-KEY': apiKey } });
  if (answer.status !== 401) return undefined;
  const { ErrMsg = 'the key is not accepted' } = (await answer.json()) as { ErrMsg?: string };
  return ErrMsg;
}

/** The account that the developer acts for: there is one from the moment that it was opened, even where its key was lost. */
async function accountOf(cloud: LocalCloud, { subject }: LocalPerson): Promise<string | undefined> {
  const client = new DynamoDBClient(cloud.client);
  const Key = marshall(personKey(`user_${subject}`));
  const { Item } = await client.send(new GetItemCommand({ TableName: outputOf(cloud, 'CoreTable'), Key }));
  client.destroy();
  return Item && String(unmarshall(Item).accountId);
}

/** Another key for the account; what keeps it from having or using one is said. */
async function issueKey(cloud: LocalCloud, accountId: string): Promise<{ apiKey?: string; trouble?: string }> {
  try {
    const { apiKey } = await invoke<{ apiKey: string }>(cloud, 'IssueKeyFunction', { accountId, name: 'npm start' });
    const refused = await refusalOf(cloud.apiUrl, apiKey);
    return { apiKey, ...(refused !== undefined && { trouble: refused }) };
  } catch (error) {
    if (error instanceof FunctionFailure) return { trouble: error.words };
    throw error;
  }
}

/** Opens an account as an operator does, by invoking the function that the stack's output names. */
export async function openAccount(
  cloud: LocalCloud,
  wanted: { name: string; plan: string; credits: number; owner?: { subject: string; email: string } },
): Promise<Developer & { keyId: string }> {
  return invoke(cloud, 'OpenAccountFunction', wanted);
}

/** A function of the product has thrown; `words` are those of its error. */
class FunctionFailure extends Error {
  readonly words: string;

  constructor(output: string, answer: string) {
    super(`${output} failed: ${answer}`);
    this.words = String((JSON.parse(answer) as { errorMessage?: unknown }).errorMessage ?? answer);
  }
}

/** Invokes the function that an output of the stacks names, and answers its result. */
export async function invoke<Result>(cloud: LocalCloud, output: string, event: unknown): Promise<Result> {
  const client = new LambdaClient(cloud.client);
  const { Payload, FunctionError } = await client.send(
    new InvokeCommand({ FunctionName: outputOf(cloud, output), Payload: JSON.stringify(event) }),
  );
  const answer = Buffer.from(Payload ?? []).toString('utf8');
  client.destroy();
  if (FunctionError) throw new FunctionFailure(output, answer);
  return JSON.parse(answer) as Result;
}

function outputOf({ provisioned }: LocalCloud, output: string): string {
  const [, value] = Object.entries(provisioned.outputs).find(([key]) => key.endsWith(`.${output}`)) ?? [];
  if (!value) throw new Error(`no stack has the output ${output}`);
  return value;
}

/** Outputs that somebody named; the others are what stacks tell each other. */
function namedOutputs({ provisioned }: LocalCloud): Record<string, string> {
  const short = Object.entries(provisioned.outputs).map(([name, value]) => [
    name.slice(name.lastIndexOf('.') + 1),
    value,
  ]);
  return Object.fromEntries(short.filter(([name]) => !name?.startsWith('ExportsOutput')));
}
