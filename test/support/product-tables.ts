/** The product's own tables on the local engine, and the product's own stores over them: no gateway, no functions, no clock but this. */
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { synthesise } from '../../bin/local/synthesis.ts';
import { readAssembly } from '../../lib/local/assembly.ts';
import { createDynamoDb } from '../../lib/local/dynamodb/dynamodb.ts';
import { call } from '../engines/dynamodb-engine.ts';
import { type EngineCloud, type EngineFactory, startEngines } from './engine-cloud.ts';

export interface ProductTables {
  /** Physical names. */
  readonly tables: Readonly<Record<'core' | 'jobs' | 'ledger' | 'idempotency' | 'audit', string>>;
  put(table: string, item: object): Promise<void>;
  /** All items under a partition key. */
  items<Item>(table: string, pk: string): Promise<Item[]>;
  /** What was inserted into a table with a stream, with its place in the order of all commits of all tables. */
  inserted<Item>(table: string): Promise<{ sequence: bigint; item: Item }[]>;
  readonly cloud: EngineCloud;
  stop(): Promise<void>;
}

/** Points the stores' client at the engine, so that it is to be called before they send anything. `others`: engines beside it. */
export async function startProductTables(others: readonly EngineFactory[] = []): Promise<ProductTables> {
  const cloud = await startEngines([createDynamoDb, ...others]);
  const { endpoint, region, credentials } = cloud.client;
  process.env.AWS_ENDPOINT_URL = endpoint;
  process.env.AWS_REGION = region;
  process.env.AWS_ACCESS_KEY_ID = credentials.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = credentials.secretAccessKey;
  const names = new Map<string, string>();
  for (const [logicalId, properties] of Object.entries(await definitions())) {
    names.set(
      logicalId.replace(/[0-9A-F]{8}$/, '').toLowerCase(),
      (await cloud.make('AWS::DynamoDB::GlobalTable', logicalId, properties)).ref,
    );
  }
  const client = new DynamoDBClient(cloud.client);
  const documents = DynamoDBDocumentClient.from(client);
  const streams = (operation: string, body: unknown) => call(client, `DynamoDBStreams_20120810.${operation}`, body);
  return {
    cloud,
    tables: Object.fromEntries(names) as ProductTables['tables'],
    async put(TableName, Item) {
      await documents.send(new PutCommand({ TableName, Item }));
    },
    async items<Item>(TableName: string, pk: string) {
      const found: Item[] = [];
      const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } };
      for await (const page of paginateQuery({ client: documents }, { TableName, ...query, ConsistentRead: true }))
        found.push(...((page.Items ?? []) as Item[]));
      return found;
    },
    async inserted<Item>(TableName: string) {
      const { Streams } = (await streams('ListStreams', { TableName })) as { Streams: { StreamArn: string }[] };
      const StreamArn = Streams[0]?.StreamArn;
      const described = (await streams('DescribeStream', { StreamArn })) as never as {
        StreamDescription: { Shards: { ShardId: string }[] };
      };
      const { ShardId } = described.StreamDescription.Shards[0] ?? {};
      let { ShardIterator } = await streams('GetShardIterator', {
        StreamArn,
        ShardId,
        ShardIteratorType: 'TRIM_HORIZON',
      });
      const found: { sequence: bigint; item: Item }[] = [];
      for (;;) {
        const page = (await streams('GetRecords', { ShardIterator })) as {
          Records: {
            eventName: string;
            dynamodb: { SequenceNumber: string; NewImage: Parameters<typeof unmarshall>[0] };
          }[];
          NextShardIterator: string;
        };
        for (const { eventName, dynamodb } of page.Records)
          if (eventName === 'INSERT')
            found.push({ sequence: BigInt(dynamodb.SequenceNumber), item: unmarshall(dynamodb.NewImage) as Item });
        if (page.Records.length === 0) return found;
        ShardIterator = page.NextShardIterator;
      }
    },
    async stop() {
      documents.destroy();
      await cloud.stop();
    },
  };
}

/** The tables as the template that `npm start` boots defines them, by logical id. */
async function definitions(): Promise<Record<string, unknown>> {
  const { stacks } = readAssembly(await synthesise(join(import.meta.dirname, '..', '..')));
  const tables = stacks
    .filter(({ name }) => name.endsWith('-Data'))
    .flatMap(({ template }) => Object.entries(template.Resources))
    .filter(([, { Type }]) => Type === 'AWS::DynamoDB::GlobalTable');
  const text = JSON.stringify(Object.fromEntries(tables.map(([id, { Properties }]) => [id, Properties])));
  return JSON.parse(text.replaceAll('{"Ref":"AWS::Region"}', '"us-east-1"'));
}
