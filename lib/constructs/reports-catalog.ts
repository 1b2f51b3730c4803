import { Aws, Stack } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { type Column, DATASETS, type Dataset } from '../../functions/finance/dataset-contract.ts';
import type { Stage } from '../stage.ts';
import type { Use } from './use.ts';

/** The names by which Athena knows the datasets and who pays for a query. */
export interface ReportsCatalog {
  readonly database: string;
  readonly workgroup: string;
}

const HIVE_TYPES = { string: 'string', bigint: 'bigint', double: 'double', decimal: 'decimal(18,4)' } as const;
/** No query of a report comes near it: a year of a million jobs a day has some 60 GB. */
const MOST_SCANNED_BYTES = 100 * 1024 ** 3;

/**
 * A table for each dataset, over its Parquet. Days are projected: a day is there as soon as its files are, and nobody
 * has to tell the catalog.
 */
export function makeReportsCatalog(scope: Construct, stage: Stage, bucket: Bucket): ReportsCatalog {
  const database = `mutoscope_${stage.name.replaceAll('-', '_')}`;
  const made = new CfnDatabase(scope, 'ReportsDatabase', {
    catalogId: Aws.ACCOUNT_ID,
    databaseInput: { name: database, description: 'What is reported of each day' },
  });
  for (const dataset of Object.values(DATASETS)) {
    const table = new CfnTable(scope, `ReportsTable-${dataset.name}`, {
      catalogId: Aws.ACCOUNT_ID,
      databaseName: database,
      tableInput: tableOf(dataset, `s3://${bucket.bucketName}/parquet/${dataset.name}/`),
    });
    table.addDependency(made);
  }
  const workgroup = `mutoscope-${stage.name}-reports`;
  new CfnWorkGroup(scope, 'ReportsWorkGroup', {
    name: workgroup,
    description: 'Reports of finance',
    recursiveDeleteOption: true,
    workGroupConfiguration: {
      enforceWorkGroupConfiguration: true,
      bytesScannedCutoffPerQuery: MOST_SCANNED_BYTES,
      publishCloudWatchMetricsEnabled: true,
      resultConfiguration: {
        outputLocation: `s3://${bucket.bucketName}/queries/`,
        encryptionConfiguration: { encryptionOption: 'SSE_S3' },
      },
    },
  });
  return { database, workgroup };
}

function tableOf({ name, about, columns }: Dataset, location: string): CfnTable.TableInputProperty {
  return {
    name,
    description: about,
    tableType: 'EXTERNAL_TABLE',
    partitionKeys: [{ name: 'day', type: 'string' }],
    parameters: {
      classification: 'parquet',
      'projection.enabled': 'true',
      'projection.day.type': 'date',
      'projection.day.format': 'yyyy-MM-dd',
      'projection.day.range': '2025-01-01,NOW',
      'projection.day.interval': '1',
      'projection.day.interval.unit': 'DAYS',
      'storage.location.template': `${location}day=\${day}/`,
    },
    storageDescriptor: {
      location,
      columns: columns.map(hiveColumn),
      inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
      serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
    },
  };
}

/** The catalog has small letters only; Parquet's columns are found whatever their case. */
function hiveColumn({ name, type }: Column): CfnTable.ColumnProperty {
  return { name: name.toLowerCase(), type: HIVE_TYPES[type] };
}

/** For one who asks: queries in the workgroup, over the tables, with answers in the bucket. */
export function queried({ database, workgroup }: ReportsCatalog, bucket: Bucket): Readonly<Record<string, Use>> {
  const bucketArn = bucket.stack.exportValue(bucket.bucketArn);
  const arn = (service: string, name: string) =>
    Stack.of(bucket).formatArn({
      service,
      resource: name.split('/')[0] ?? '',
      resourceName: name.split('/').slice(1).join('/'),
    });
  const tables = Object.keys(DATASETS).map(name => arn('glue', `table/${database}/${name}`));
  return {
    REPORTS_DATABASE: {
      value: database,
      grants: [
        {
          actions: ['glue:GetDatabase', 'glue:GetTable'],
          resources: [
            `arn:${Aws.PARTITION}:glue:${Aws.REGION}:${Aws.ACCOUNT_ID}:catalog`,
            arn('glue', `database/${database}`),
            ...tables,
          ],
        },
        {
          actions: ['s3:GetObject'],
          resources: [`${bucketArn}/parquet/*`],
          wildcard: 'Athena reads the files of the days that a query is about.',
        },
        {
          actions: ['s3:ListBucket'],
          resources: [bucketArn],
          conditions: { StringLike: { 's3:prefix': ['parquet/*', 'queries/*'] } },
        },
        { actions: ['s3:GetBucketLocation'], resources: [bucketArn] },
      ],
    },
    REPORTS_WORKGROUP: {
      value: workgroup,
      grants: [
        {
          actions: [
            'athena:StartQueryExecution',
            'athena:GetQueryExecution',
            'athena:GetQueryResults',
            'athena:StopQueryExecution',
          ],
          resources: [arn('athena', `workgroup/${workgroup}`)],
        },
        {
          actions: ['s3:PutObject', 's3:GetObject', 's3:AbortMultipartUpload'],
          resources: [`${bucketArn}/queries/*`],
          wildcard: 'Athena names the answer of a query by its own id.',
        },
      ],
    },
  };
}

/** Manifests are written and read; of files only what S3 knows of them, for which it asks the right to read. */
export function monthsClosed(bucket: Bucket): Use {
  const bucketArn = bucket.stack.exportValue(bucket.bucketArn);
  const grant = {
    actions: ['s3:PutObject', 's3:GetObject'],
    resources: [`${bucketArn}/months/*`],
    wildcard: 'A manifest is named by its month and its hash.',
  };
  const files = {
    actions: ['s3:GetObject'],
    resources: [`${bucketArn}/csv/*`, `${bucketArn}/parquet/*`],
    wildcard: 'A file is named by its dataset and its day.',
  };
  // Without it S3 refuses to read what is not there, instead of saying so; a condition on the prefix is not met then.
  const list = { actions: ['s3:ListBucket'], resources: [bucketArn] };
  return { value: bucket.bucketName, grants: [grant, files, list] };
}
