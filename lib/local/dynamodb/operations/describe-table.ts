import { type Index, type KeySchema, keyAttributes, type Table } from '../storage/table-definition.ts';
import { tableIdOf } from '../storage/table-id.ts';
import { STREAM_LABEL, streamArnOf } from '../streams/stream-arn.ts';
import type { Stores } from './operation.ts';

/** The TableDescription of a table. Counts are of this moment; on AWS they are up to six hours old. */
export function describeTable(stores: Stores, table: Table): Record<string, unknown> {
  const { count, bytes } = stores.items.totals(table.collection);
  const schemas = [table.keys, ...table.indexes.map(index => index.keys)];
  const kinds = new Map(schemas.flatMap(keyAttributes).map(({ name, kind }) => [name, kind]));
  return {
    TableName: table.name,
    TableArn: table.arn,
    TableId: tableIdOf(table.arn),
    TableStatus: 'ACTIVE',
    CreationDateTime: table.createdAt / 1000,
    AttributeDefinitions: [...kinds].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    KeySchema: schemaOf(table.keys),
    ItemCount: count,
    TableSizeBytes: bytes,
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
    ...(table.billingMode === 'PAY_PER_REQUEST' && { BillingModeSummary: { BillingMode: table.billingMode } }),
    ...(table.indexes.length > 0 && {
      GlobalSecondaryIndexes: table.indexes.map(index => describeIndex(stores, table, index)),
    }),
    ...(table.streamView && {
      StreamSpecification: { StreamEnabled: true, StreamViewType: table.streamView },
      LatestStreamLabel: STREAM_LABEL,
      LatestStreamArn: streamArnOf(table.arn),
    }),
    ...(table.encryption && { SSEDescription: { Status: 'ENABLED', SSEType: table.encryption } }),
    ...(table.tableClass && { TableClassSummary: { TableClass: table.tableClass } }),
    DeletionProtectionEnabled: table.deletionProtection,
  };
}

function describeIndex({ items }: Stores, table: Table, index: Index): Record<string, unknown> {
  const { count, bytes } = items.totals(index.collection);
  return {
    IndexName: index.name,
    IndexArn: `${table.arn}/index/${index.name}`,
    IndexStatus: 'ACTIVE',
    KeySchema: schemaOf(index.keys),
    Projection: {
      ProjectionType: index.projection,
      ...(index.included.length > 0 && { NonKeyAttributes: index.included }),
    },
    ItemCount: count,
    IndexSizeBytes: bytes,
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
  };
}

function schemaOf(keys: KeySchema): readonly Record<string, string>[] {
  return keyAttributes(keys).map(({ name }, i) => ({ AttributeName: name, KeyType: i === 0 ? 'HASH' : 'RANGE' }));
}
