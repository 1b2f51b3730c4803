/** The DynamoDB engine with one table for the tests of it, as the CDK's TableV2 would make it. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type AttributeValue, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoDb } from '../../lib/local/dynamodb/dynamodb.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';

export interface Dynamo {
  readonly cloud: EngineCloud;
  readonly client: DynamoDBClient;
  readonly document: DynamoDBDocumentClient;
  /** Makes a table, `Test-<logicalId>`, and answers its name. */
  make(logicalId: string, properties?: Record<string, unknown>): Promise<string>;
  stop(): Promise<void>;
}

/** A table of `pk` (S) and `sk` (N) with an index of each projection on `group` (S), ALL's sorted by `rank` (N). */
export const PROPERTIES = {
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'N' },
    { AttributeName: 'group', AttributeType: 'S' },
    { AttributeName: 'rank', AttributeType: 'N' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [
    index('byRank', { ProjectionType: 'ALL' }, 'rank'),
    index('keysOnly', { ProjectionType: 'KEYS_ONLY' }),
    index('withColor', { ProjectionType: 'INCLUDE', NonKeyAttributes: ['color'] }),
  ],
  BillingMode: 'PAY_PER_REQUEST',
  StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
  Replicas: [
    {
      Region: 'us-east-1',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
      Tags: [{ Key: 'owner', Value: 'finance' }],
    },
  ],
};

export function index(name: string, projection: Record<string, unknown>, sort?: string): Record<string, unknown> {
  return {
    IndexName: name,
    KeySchema: [
      { AttributeName: 'group', KeyType: 'HASH' },
      ...(sort ? [{ AttributeName: sort, KeyType: 'RANGE' }] : []),
    ],
    Projection: projection,
  };
}

export async function startDynamo(): Promise<Dynamo> {
  return over(await startEngines([createDynamoDb]));
}

/** The same data behind new engines, as after `kill -9`. */
export async function restart(dynamo: Dynamo): Promise<Dynamo> {
  dynamo.client.destroy();
  return over(await dynamo.cloud.restart());
}

function over(cloud: EngineCloud): Dynamo {
  const client = new DynamoDBClient({ ...cloud.client, maxAttempts: 1 });
  return {
    cloud,
    client,
    document: DynamoDBDocumentClient.from(client),
    async make(logicalId, properties = {}) {
      return (await cloud.make('AWS::DynamoDB::GlobalTable', logicalId, { ...PROPERTIES, ...properties })).ref;
    },
    async stop() {
      client.destroy();
      await cloud.stop();
    },
  };
}

/** Strings, numbers and binary as the plain client takes them. */
export function wire(values: Record<string, unknown>): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]): [string, AttributeValue] => {
      if (typeof value === 'string') return [name, { S: value }];
      return [name, value instanceof Uint8Array ? { B: value } : { N: String(value) }];
    }),
  );
}

/** Sends any body to any operation, through the SDK's client and its errors: for what the SDK has no command for. */
export async function call(client: DynamoDBClient, target: string, body: unknown): Promise<Record<string, unknown>> {
  const command = new ListTablesCommand({});
  let answer: Buffer = Buffer.from('{}');
  command.middlewareStack.add(
    next => args => {
      const request = args.request as { headers: Record<string, string>; body: string };
      request.body = JSON.stringify(body);
      request.headers['x-amz-target'] = target;
      request.headers['content-length'] = String(Buffer.byteLength(request.body));
      return next(args);
    },
    { step: 'build', priority: 'low' },
  );
  command.middlewareStack.add(
    next => async args => {
      const result = await next(args);
      const response = result.response as { body: Readable };
      answer = await buffer(response.body);
      response.body = Readable.from([answer]);
      return result;
    },
    { step: 'deserialize', priority: 'low' },
  );
  await client.send(command);
  return JSON.parse(answer.toString()) as Record<string, unknown>;
}
