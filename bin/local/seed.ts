/** The developer's account that a local start has ready: opened by the product's own operator function, once. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type LocalCloud, REGION } from '../../lib/local/cloud.ts';
import { type LocalPeople, seedPeople } from './people.ts';

export interface Developer {
  readonly accountId: string;
  readonly apiKey: string;
}

/** What is written for tools and people, in `local.json` of the data directory. */
export interface LocalJson extends Developer {
  readonly apiUrl: string;
  readonly awsEndpoints: Readonly<Record<string, string>>;
  /** Who can sign in, by role. */
  readonly people: LocalPeople;
  readonly region: string;
  /** What the stacks name, such as an operator's functions, by the name of the output. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
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

/** The developer of an earlier start where its key still opens the API, else a new one. Writes `local.json`. */
export async function seed(cloud: LocalCloud, dataDir: string): Promise<LocalJson> {
  const file = join(dataDir, 'local.json');
  const earlier = await known(file, cloud.apiUrl);
  const people = earlier?.people ?? (await seedPeople(cloud));
  const { accountId, apiKey } = earlier ?? (await openAccount(cloud, { ...SEED, owner: people.developer }));
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
  // Readable by its owner alone: it holds a key and credentials.
  writeFileSync(file, `${JSON.stringify(local, null, 2)}\n`, { mode: 0o600 });
  return local;
}

async function known(file: string, apiUrl: string): Promise<LocalJson | undefined> {
  let earlier: LocalJson;
  try {
    earlier = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
  const answer = await fetch(`${apiUrl}/openapi/v2/account/balance`, { headers: { 'API-KEY': earlier.apiKey } });
  return answer.ok ? earlier : undefined;
}

/** Opens an account as an operator does, by invoking the function that the stack's output names. */
export async function openAccount(
  cloud: LocalCloud,
  wanted: { name: string; plan: string; credits: number; owner?: { subject: string; email: string } },
): Promise<Developer & { keyId: string }> {
  return invoke(cloud, 'OpenAccountFunction', wanted);
}

/** Invokes the function that an output of the stacks names, and answers its result. */
export async function invoke<Result>(cloud: LocalCloud, output: string, event: unknown): Promise<Result> {
  const [, name] = Object.entries(cloud.provisioned.outputs).find(([key]) => key.endsWith(`.${output}`)) ?? [];
  if (!name) throw new Error(`no stack has the output ${output}`);
  const client = new LambdaClient(cloud.client);
  const { Payload, FunctionError } = await client.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
  );
  const answer = Buffer.from(Payload ?? []).toString('utf8');
  client.destroy();
  if (FunctionError) throw new Error(`${output} failed: ${answer}`);
  return JSON.parse(answer) as Result;
}

/** Outputs that somebody named; the others are what stacks tell each other. */
function namedOutputs({ provisioned }: LocalCloud): Record<string, string> {
  const short = Object.entries(provisioned.outputs).map(([name, value]) => [
    name.slice(name.lastIndexOf('.') + 1),
    value,
  ]);
  return Object.fromEntries(short.filter(([name]) => !name?.startsWith('ExportsOutput')));
}
