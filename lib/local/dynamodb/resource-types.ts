/**
 * `AWS::DynamoDB::GlobalTable`, which the CDK's TableV2 makes, with its one replica in this region, and
 * `AWS::DynamoDB::Table`. A property that would change what the table answers is carried out or refused by name.
 */
import { AwsError, type Identity, type ResourceType } from '../service.ts';
import type { Stores } from './operations/operation.ts';
import { listOf, readKeys, readStreamView, readTags, readTimeToLive, refuseOthers } from './storage/read-definition.ts';
import { type TableDefinition, tableIdOf } from './storage/table-definition.ts';
import { streamArnOf } from './streams/stream-store.ts';
import { isRecord, type Wire } from './values/read-value.ts';

const SHARED = [
  'TableName',
  'AttributeDefinitions',
  'KeySchema',
  'GlobalSecondaryIndexes',
  'BillingMode',
  'StreamSpecification',
  'TimeToLiveSpecification',
  'SSESpecification',
  'WarmThroughput',
];
/** The replica's own settings, which a plain table has among its properties. */
const SETTINGS = [
  'PointInTimeRecoverySpecification',
  'DeletionProtectionEnabled',
  'TableClass',
  'Tags',
  'ContributorInsightsSpecification',
];
const OF_TABLE = [...SHARED, ...SETTINGS, 'ProvisionedThroughput', 'OnDemandThroughput'];
const OF_GLOBAL_TABLE = [
  ...SHARED,
  'Replicas',
  'ReadProvisionedThroughputSettings',
  'WriteProvisionedThroughputSettings',
  'ReadOnDemandThroughputSettings',
  'WriteOnDemandThroughputSettings',
];
const OF_REPLICA = [
  ...SETTINGS,
  'Region',
  'GlobalSecondaryIndexes',
  'SSESpecification',
  'ReadProvisionedThroughputSettings',
  'ReadOnDemandThroughputSettings',
];

/** The engine's resource types, by CloudFormation type. */
export function tableResources(stores: Stores): Readonly<Record<string, ResourceType>> {
  const { region } = stores.context;
  return {
    'AWS::DynamoDB::Table': tableType(stores, properties => {
      refuseOthers(properties, 'AWS::DynamoDB::Table', OF_TABLE);
      return properties;
    }),
    'AWS::DynamoDB::GlobalTable': tableType(stores, properties => {
      refuseOthers(properties, 'AWS::DynamoDB::GlobalTable', OF_GLOBAL_TABLE);
      const [replica, ...more] = listOf(properties.Replicas);
      if (!replica || more.length > 0 || replica.Region !== region) {
        throw new Error(`Replicas of AWS::DynamoDB::GlobalTable: exactly one, in ${region}, is supported here`);
      }
      refuseOthers(replica, 'a replica', OF_REPLICA);
      return replica;
    }),
  };
}

function tableType(stores: Stores, settingsOf: (properties: Wire) => Wire): ResourceType {
  return {
    identify({ name, properties }) {
      return identityOf(stores, typeof properties.TableName === 'string' ? properties.TableName : name);
    },
    apply({ ref, properties, logicalId }) {
      try {
        stores.catalog.save(definitionOf(ref, properties, settingsOf(properties)));
      } catch (error) {
        throw new Error(`${logicalId}: ${error instanceof Error ? error.message : error}`, { cause: error });
      }
    },
    remove({ ref }) {
      const table = stores.catalog.find(ref);
      if (table?.deletionProtection) {
        const why = 'is currently protected against deletion. Disable deletion protection first.';
        throw new AwsError('ValidationException', `Resource cannot be deleted as it ${why}`);
      }
      if (table) stores.catalog.drop(table);
    },
    made: () => stores.catalog.all().map(({ name }) => name),
    immutable: ['KeySchema', 'LocalSecondaryIndexes'],
  };
}

function identityOf({ catalog }: Stores, name: string): Identity {
  const arn = catalog.arnOf(name);
  return { ref: name, attributes: { Arn: arn, StreamArn: streamArnOf(arn), TableId: tableIdOf(arn) } };
}

function definitionOf(name: string, properties: Wire, settings: Wire): TableDefinition {
  const recovery = settings.PointInTimeRecoverySpecification;
  const encryption = properties.SSESpecification;
  return {
    name,
    ...readKeys(properties),
    timeToLive: readTimeToLive(properties.TimeToLiveSpecification),
    streamView: readStreamView(properties.StreamSpecification),
    billingMode: properties.BillingMode === 'PAY_PER_REQUEST' ? 'PAY_PER_REQUEST' : 'PROVISIONED',
    deletionProtection: settings.DeletionProtectionEnabled === true,
    pointInTimeRecovery: isRecord(recovery) && recovery.PointInTimeRecoveryEnabled === true,
    tableClass: typeof settings.TableClass === 'string' ? settings.TableClass : undefined,
    encryption:
      isRecord(encryption) && encryption.SSEEnabled === true ? String(encryption.SSEType ?? 'KMS') : undefined,
    tags: readTags(settings.Tags),
  };
}
