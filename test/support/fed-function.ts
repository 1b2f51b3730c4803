/** A table, and a function that is fed from its stream and keeps a file of what it got. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDynamoDb } from '../../lib/local/dynamodb/dynamodb.ts';
import { createLambda } from '../../lib/local/lambda/lambda.ts';
import type { Resource } from '../../lib/local/service.ts';
import { createSqs } from '../../lib/local/sqs/sqs.ts';
import { type EngineCloud, startEngines } from './engine-cloud.ts';
import { FUNCTION_ROLE, makeFunction } from './function-asset.ts';

export const startStreams = (dataDir?: string): Promise<EngineCloud> =>
  startEngines([createDynamoDb, createSqs, createLambda], dataDir === undefined ? {} : { dataDir });

export const STREAM_ACTIONS = ['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListStreams'].map(
  name => `dynamodb:${name}`,
);

export interface Fed {
  readonly TableName: string;
  readonly table: Resource;
  readonly mapping: Resource;
  /** The records of each invocation, as the function got them. */
  readonly events: () => Record<string, unknown>[][];
  /** Only their keys. */
  readonly batches: () => string[];
  /** Makes `work` go on: it waits for that, or fails without it, as it likes (`mended()`). */
  readonly mend: () => void;
}

export async function makeTable(cloud: EngineCloud, logicalId: string): Promise<Resource> {
  return cloud.make('AWS::DynamoDB::Table', logicalId, {
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
  });
}

/** Lets the functions' role read the table's stream. */
export function permitStream(cloud: EngineCloud, table: Resource, actions: readonly string[] = STREAM_ACTIONS): void {
  cloud.context.iam.setResourcePolicy(String(table.attributes.StreamArn), 'test', [
    { Effect: 'Allow', Principal: { AWS: FUNCTION_ROLE }, Action: actions },
  ]);
}

/** `work`: the end of the handler's body; `seen` is the text of the keys that it got, `mended()` whether it was mended. */
export async function fedFunction(
  cloud: EngineCloud,
  logicalId: string,
  work = '',
  properties: Record<string, unknown> = {},
): Promise<Fed> {
  const [got, mended] = ['got', 'mended'].map(name => join(cloud.context.dataDir, `${logicalId}.${name}`)) as [
    string,
    string,
  ];
  const source = `import { appendFileSync, existsSync } from 'node:fs';
    const mended = () => existsSync('${mended}');
    export const handler = async event => {
      appendFileSync('${got}', JSON.stringify(event.Records) + '\\n');
      const seen = event.Records.map(record => record.dynamodb.Keys.pk.S).join('');
      ${work}
    };`;
  const table = await makeTable(cloud, logicalId);
  permitStream(cloud, table);
  const made = await makeFunction(cloud, `${logicalId}Function`, source);
  const mapping = await cloud.make('AWS::Lambda::EventSourceMapping', `${logicalId}Mapping`, {
    FunctionName: made.ref,
    EventSourceArn: table.attributes.StreamArn,
    StartingPosition: 'TRIM_HORIZON',
    ...properties,
  });
  const events = (): Record<string, unknown>[][] => {
    const lines = existsSync(got) ? readFileSync(got, 'utf8').split('\n').filter(Boolean) : [];
    return lines.map(line => JSON.parse(line) as Record<string, unknown>[]);
  };
  const keyOf = (record: Record<string, unknown>): string =>
    (record.dynamodb as { Keys: { pk: { S: string } } }).Keys.pk.S;
  return {
    TableName: table.ref,
    table,
    mapping,
    events,
    batches: () => events().map(records => records.map(keyOf).join('')),
    mend: () => appendFileSync(mended, ''),
  };
}
