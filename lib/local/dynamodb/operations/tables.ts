import { AwsError } from '../../service.ts';
import { flagIn, optionalIntegerIn, optionalTextIn, recordIn, textIn } from '../input.ts';
import { readKeys, readStreamView, readTags, readTimeToLive } from '../storage/read-definition.ts';
import type { Table } from '../storage/table-definition.ts';
import { refuse } from '../values/refusal.ts';
import { describeTable as description } from './describe-table.ts';
import { type Call, type Operation, openTable, tableName } from './operation.ts';

export const describeTable: Operation = {
  parameters: ['TableName'],
  run: call => ({ Table: description(call.stores, openNamed(call, 'DescribeTable')) }),
};

export const listTables: Operation = {
  parameters: ['ExclusiveStartTableName', 'Limit'],
  run({ input, stores, authorize }) {
    authorize('dynamodb:ListTables', '*');
    const after = optionalTextIn(input, 'ExclusiveStartTableName');
    const limit = optionalIntegerIn(input, 'Limit', 1, 100) ?? 100;
    const names = stores.catalog
      .all()
      .map(({ name }) => name)
      .filter(name => after === undefined || name > after);
    const page = names.slice(0, limit);
    return { TableNames: page, ...(names.length > limit && { LastEvaluatedTableName: page.at(-1) }) };
  },
};

export const createTable: Operation = {
  parameters: [
    'TableName',
    'AttributeDefinitions',
    'KeySchema',
    'GlobalSecondaryIndexes',
    'BillingMode',
    'ProvisionedThroughput',
    'StreamSpecification',
    'DeletionProtectionEnabled',
    'TableClass',
    'Tags',
  ],
  run({ input, stores, authorize }) {
    const name = textIn(input, 'TableName');
    authorize('dynamodb:CreateTable', stores.catalog.arnOf(name));
    if (!/^[A-Za-z0-9_.-]{3,255}$/.test(name)) {
      refuse('TableName must be 3 to 255 characters long and only of a-z, A-Z, 0-9, _, - and .');
    }
    if (stores.catalog.find(name)) {
      throw new AwsError('ResourceInUseException', `Table already exists: ${name}`);
    }
    const table = stores.catalog.save({
      name,
      ...readKeys(input),
      timeToLive: undefined,
      streamView: readStreamView(input.StreamSpecification),
      billingMode: input.BillingMode === 'PAY_PER_REQUEST' ? 'PAY_PER_REQUEST' : 'PROVISIONED',
      deletionProtection: flagIn(input, 'DeletionProtectionEnabled'),
      pointInTimeRecovery: false,
      tableClass: optionalTextIn(input, 'TableClass'),
      encryption: undefined,
      tags: readTags(input.Tags),
    });
    return { TableDescription: description(stores, table) };
  },
};

export const deleteTable: Operation = {
  parameters: ['TableName'],
  run(call) {
    const table = openNamed(call, 'DeleteTable');
    if (table.deletionProtection) {
      refuse(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      );
    }
    const last = { ...description(call.stores, table), TableStatus: 'DELETING' };
    call.stores.catalog.drop(table);
    return { TableDescription: last };
  },
};

export const describeTimeToLive: Operation = {
  parameters: ['TableName'],
  run(call) {
    const { timeToLive } = openNamed(call, 'DescribeTimeToLive');
    return {
      TimeToLiveDescription:
        timeToLive === undefined
          ? { TimeToLiveStatus: 'DISABLED' }
          : { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive },
    };
  },
};

export const updateTimeToLive: Operation = {
  parameters: ['TableName', 'TimeToLiveSpecification'],
  run(call) {
    const {
      id: _id,
      collection: _collection,
      arn: _arn,
      createdAt: _at,
      ...table
    } = openNamed(call, 'UpdateTimeToLive');
    const specification = recordIn(call.input, 'TimeToLiveSpecification');
    const wanted = readTimeToLive(specification);
    if (wanted === table.timeToLive) refuse(`TimeToLive is already ${wanted === undefined ? 'disabled' : 'enabled'}`);
    call.stores.catalog.save({ ...table, timeToLive: wanted });
    return { TimeToLiveSpecification: specification };
  },
};

export const describeContinuousBackups: Operation = {
  parameters: ['TableName'],
  run(call) {
    const { pointInTimeRecovery } = openNamed(call, 'DescribeContinuousBackups');
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: {
          PointInTimeRecoveryStatus: pointInTimeRecovery ? 'ENABLED' : 'DISABLED',
        },
      },
    };
  },
};

export const listTagsOfResource: Operation = {
  parameters: ['ResourceArn', 'NextToken'],
  run(call) {
    return { Tags: openTable(call, 'ListTagsOfResource', textIn(call.input, 'ResourceArn')).tags };
  },
};

function openNamed(call: Call, action: string): Table {
  const name = textIn(call.input, 'TableName');
  try {
    return openTable(call, action, name);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
    throw new AwsError(error.code, `Requested resource not found: Table: ${tableName(name)} not found`);
  }
}
