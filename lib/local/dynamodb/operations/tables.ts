/** The operations on tables themselves. */
import { z } from 'zod';
import { AwsError } from '../../service.ts';
import { listOf, readKeys, readStreamView, readTags, readTimeToLive } from '../storage/read-definition.ts';
import { type Index, type KeySchema, keyAttributes, type Table, tableIdOf } from '../storage/table-definition.ts';
import { STREAM_LABEL, streamArnOf } from '../streams/stream-store.ts';
import { refuse } from '../values/refusal.ts';
import { arnOfTable, map, operation, type Stores, tableName } from './operation.ts';

const TABLE = { TableName: z.string() };

export const TABLES = {
  DescribeTable: operation(TABLE, arnOfTable, (input, { state }) => ({
    Table: describeTable(state, tableIn(state, input)),
  })),

  ListTables: operation(
    { ExclusiveStartTableName: z.string().default(''), Limit: z.int().min(1).max(100).default(100) },
    '*',
    ({ ExclusiveStartTableName: after, Limit: limit }, { state }) => {
      const names = state.catalog
        .all()
        .map(({ name }) => name)
        .filter(name => name > after);
      const page = names.slice(0, limit);
      return { TableNames: page, ...(names.length > limit && { LastEvaluatedTableName: page.at(-1) }) };
    },
  ),

  CreateTable: operation(
    {
      ...TABLE,
      AttributeDefinitions: z.unknown().optional(),
      KeySchema: z.unknown().optional(),
      GlobalSecondaryIndexes: z.unknown().optional(),
      BillingMode: z.enum(['PROVISIONED', 'PAY_PER_REQUEST']).default('PROVISIONED'),
      ProvisionedThroughput: z.unknown().optional(),
      StreamSpecification: z.unknown().optional(),
      DeletionProtectionEnabled: z.boolean().default(false),
      TableClass: z.string().optional(),
      Tags: z.unknown().optional(),
    },
    arnOfTable,
    (input, { state }) => {
      const { TableName: name } = input;
      if (!/^[A-Za-z0-9_.-]{3,255}$/.test(name)) {
        refuse('TableName must be 3 to 255 characters long and only of a-z, A-Z, 0-9, _, - and .');
      }
      if (state.catalog.find(name)) {
        throw new AwsError('ResourceInUseException', `Table already exists: ${name}`);
      }
      refuseThroughputOnDemand(input);
      const table = state.catalog.save({
        name,
        ...readKeys(input),
        timeToLive: undefined,
        streamView: readStreamView(input.StreamSpecification),
        billingMode: input.BillingMode,
        deletionProtection: input.DeletionProtectionEnabled,
        pointInTimeRecovery: false,
        tableClass: input.TableClass,
        encryption: undefined,
        tags: readTags(input.Tags),
      });
      return { TableDescription: describeTable(state, table) };
    },
  ),

  DeleteTable: operation(TABLE, arnOfTable, (input, { state }) => {
    const table = tableIn(state, input);
    if (table.deletionProtection) {
      refuse(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      );
    }
    const last = { ...describeTable(state, table), TableStatus: 'DELETING' };
    state.catalog.drop(table);
    return { TableDescription: last };
  }),

  DescribeTimeToLive: operation(TABLE, arnOfTable, (input, { state }) => {
    const { timeToLive } = tableIn(state, input);
    const status = timeToLive === undefined ? 'DISABLED' : 'ENABLED';
    return {
      TimeToLiveDescription: {
        TimeToLiveStatus: status,
        ...(timeToLive !== undefined && { AttributeName: timeToLive }),
      },
    };
  }),

  UpdateTimeToLive: operation({ ...TABLE, TimeToLiveSpecification: map }, arnOfTable, (input, { state }) => {
    const { id: _id, collection: _collection, arn: _arn, createdAt: _at, ...table } = tableIn(state, input);
    const { TimeToLiveSpecification: specification } = input;
    const wanted = readTimeToLive(specification);
    if (wanted === table.timeToLive) refuse(`TimeToLive is already ${wanted === undefined ? 'disabled' : 'enabled'}`);
    state.catalog.save({ ...table, timeToLive: wanted });
    return { TimeToLiveSpecification: specification };
  }),

  DescribeContinuousBackups: operation(TABLE, arnOfTable, (input, { state }) => {
    const status = tableIn(state, input).pointInTimeRecovery ? 'ENABLED' : 'DISABLED';
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: status },
      },
    };
  }),

  ListTagsOfResource: operation(
    { ResourceArn: z.string(), NextToken: z.string().optional() },
    ({ ResourceArn }, call) => arnOfTable({ TableName: ResourceArn }, call),
    ({ ResourceArn }, { state }) => ({ Tags: state.catalog.named(tableName(ResourceArn)).tags }),
  ),
};

/** A table that is paid by request has no provisioned throughput, nor have its indexes. */
function refuseThroughputOnDemand(input: {
  BillingMode: string;
  ProvisionedThroughput?: unknown;
  GlobalSecondaryIndexes?: unknown;
}): void {
  if (input.BillingMode !== 'PAY_PER_REQUEST') return;
  const invalid = 'One or more parameter values were invalid:';
  if (input.ProvisionedThroughput !== undefined) {
    refuse(
      `${invalid} Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`,
    );
  }
  const index = listOf(input.GlobalSecondaryIndexes).find(({ ProvisionedThroughput: given }) => given !== undefined);
  if (index) {
    refuse(
      `${invalid} ProvisionedThroughput should not be specified for index: ${index.IndexName} when BillingMode is PAY_PER_REQUEST`,
    );
  }
}

function tableIn({ catalog }: Stores, { TableName }: { TableName: string }): Table {
  const name = tableName(TableName);
  const table = catalog.find(name);
  if (table) return table;
  throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
}

/** The TableDescription of a table. Counts are of this moment; on AWS they are up to six hours old. */
function describeTable(stores: Stores, table: Table): Record<string, unknown> {
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
