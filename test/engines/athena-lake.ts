/** A bucket, a database and a workgroup, and queries over them: what the tests of Athena stand on. */
import {
  AthenaClient,
  type ColumnInfo,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  type StartQueryExecutionInput,
} from '@aws-sdk/client-athena';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { createAthena } from '../../lib/local/athena/athena.ts';
import { createGlue } from '../../lib/local/glue/glue.ts';
import { createS3 } from '../../lib/local/s3/s3.ts';
import type { PolicyStatement } from '../../lib/local/service.ts';
import { type EngineCloud, type EngineFactory, startEngines } from '../support/engine-cloud.ts';

export const BUCKET = 'lake';
export const RESULTS = 'results';
export const DATABASE = 'usage';

export type ParquetColumns = ColumnSource[];

const PARQUET = {
  InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
};

export interface TableShape {
  readonly columns: Readonly<Record<string, string>>;
  readonly partitionKeys?: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Of a StorageDescriptor, over that of Parquet. */
  readonly storage?: object;
}

export class Lake {
  readonly cloud: EngineCloud;
  readonly athena: AthenaClient;
  readonly s3: S3Client;

  constructor(cloud: EngineCloud) {
    this.cloud = cloud;
    this.athena = new AthenaClient(cloud.client);
    this.s3 = new S3Client(cloud.client);
  }

  /** Makes what the template would: buckets, the database and the workgroup `lake` that writes to `s3://results/q/`. */
  async make(workGroup: object = {}): Promise<this> {
    const { cloud } = this;
    for (const BucketName of [BUCKET, RESULTS]) {
      const VersioningConfiguration = { Status: 'Enabled' };
      await cloud.make('AWS::S3::Bucket', BucketName, { BucketName, VersioningConfiguration });
    }
    await cloud.make('AWS::Glue::Database', 'Database', {
      CatalogId: '000000000000',
      DatabaseInput: { Name: DATABASE },
    });
    await cloud.make('AWS::Athena::WorkGroup', 'WorkGroup', {
      Name: 'lake',
      WorkGroupConfiguration: { ResultConfiguration: { OutputLocation: `s3://${RESULTS}/q/` }, ...workGroup },
    });
    return this;
  }

  /** A table over `s3://lake/<name>/`, of Parquet unless its shape says other. */
  async table(name: string, { columns, partitionKeys = {}, parameters = {}, storage = {} }: TableShape): Promise<void> {
    const described = (given: Readonly<Record<string, string>>) =>
      Object.entries(given).map(([Name, Type]) => ({ Name, Type }));
    await this.cloud.make('AWS::Glue::Table', `Table${name}`, {
      CatalogId: '000000000000',
      DatabaseName: DATABASE,
      TableInput: {
        Name: name,
        TableType: 'EXTERNAL_TABLE',
        Parameters: parameters,
        PartitionKeys: described(partitionKeys),
        StorageDescriptor: {
          Location: `s3://${BUCKET}/${name}/`,
          Columns: described(columns),
          ...PARQUET,
          ...storage,
        },
      },
    });
  }

  /** Stores an object of the lake; answers its bytes. */
  async put(Key: string, body: string | ParquetColumns): Promise<number> {
    const Body = typeof body === 'string' ? Buffer.from(body) : Buffer.from(parquetWriteBuffer({ columnData: body }));
    await this.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
    return Body.length;
  }

  async start(
    QueryString: string,
    more: Partial<StartQueryExecutionInput> = {},
    athena = this.athena,
  ): Promise<string> {
    const input = { QueryString, WorkGroup: 'lake', QueryExecutionContext: { Database: DATABASE }, ...more };
    const { QueryExecutionId } = await athena.send(new StartQueryExecutionCommand(input));
    return String(QueryExecutionId);
  }

  /** Waits until the query has ended. */
  async ended(QueryExecutionId: string): Promise<QueryExecution> {
    for (;;) {
      const { QueryExecution } = await this.athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
      const { State = '' } = QueryExecution?.Status ?? {};
      if (QueryExecution && !['QUEUED', 'RUNNING'].includes(State)) return QueryExecution;
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }

  /** Runs a query to its end. */
  async run(sql: string, more: Partial<StartQueryExecutionInput> = {}, athena = this.athena): Promise<QueryExecution> {
    return this.ended(await this.start(sql, more, athena));
  }

  /** Rows of a query that succeeds, without the header; null is null. */
  async query(sql: string, more: Partial<StartQueryExecutionInput> = {}) {
    const execution = await this.run(sql, more);
    if (execution.Status?.State !== 'SUCCEEDED') throw new Error(execution.Status?.StateChangeReason);
    const { QueryExecutionId } = execution;
    const { ResultSet } = await this.athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
    const [header = [], ...rows] = (ResultSet?.Rows ?? []).map(({ Data = [] }) =>
      Data.map(({ VarCharValue }) => VarCharValue ?? null),
    );
    const columns: ColumnInfo[] = ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
    return { header, rows, types: columns.map(({ Type }) => Type), scanned: execution.Statistics?.DataScannedInBytes };
  }

  /** A client of a role that has these statements and no others. */
  as(role: string, statements: readonly PolicyStatement[]): AthenaClient {
    const arn = `arn:aws:iam::000000000000:role/${role}`;
    const { iam } = this.cloud.context;
    if ('setIdentityPolicy' in iam) (iam as unknown as IdentityPolicies).setIdentityPolicy(arn, 'its', statements);
    return new AthenaClient(this.cloud.clientAs(arn));
  }
}

interface IdentityPolicies {
  setIdentityPolicy(principal: string, id: string, statements: readonly PolicyStatement[]): void;
}

/** S3, Glue and Athena behind one endpoint. */
export function startLake(options: { timeoutMs?: number; dataDir?: string } = {}): Promise<EngineCloud> {
  let s3: ReturnType<typeof createS3>;
  let glue: ReturnType<typeof createGlue>;
  const factories: EngineFactory[] = [
    context => {
      s3 = createS3(context);
      return s3;
    },
    context => {
      glue = createGlue(context);
      return glue;
    },
    context => createAthena(context, { catalog: glue.catalog, objects: s3.objects }, options),
  ];
  return startEngines(factories, options.dataDir === undefined ? {} : { dataDir: options.dataDir });
}
