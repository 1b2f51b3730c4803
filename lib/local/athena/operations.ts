/** The operations of Athena that are here. */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type Call, operationsOn } from '../protocols/operation.ts';
import type { StoredObjects } from '../s3/stored-objects.ts';
import { AwsError, type AwsRequest, type CloudContext } from '../service.ts';
import type { Query, QueryQueue, QueryRequest, QueryStore } from './queries.ts';
import { type ResultColumn, readRows } from './results.ts';
import { readStatement } from './statement.ts';
import { splitLocation, type WorkGroup, type WorkGroups } from './workgroup.ts';

export interface Athena {
  readonly context: CloudContext;
  readonly store: QueryStore;
  readonly queue: QueryQueue;
  readonly workGroups: WorkGroups;
  readonly objects: StoredObjects;
}

/** AWS: a query is at most this long. */
const LARGEST_QUERY_BYTES = 262_144;
/** AWS: a page has at most 1000 rows, the header among them. */
const LARGEST_PAGE = 1000;
const CATALOG = 'AwsDataCatalog';
const ENGINE = { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' };

const operation = operationsOn<Athena>();
const text = z.string().min(1);
const QUERY = { QueryExecutionId: text };
const START = {
  QueryString: text,
  QueryExecutionContext: z.strictObject({ Database: text.optional(), Catalog: text.default(CATALOG) }).prefault({}),
  WorkGroup: text.default('primary'),
  ResultConfiguration: z
    .strictObject({ OutputLocation: text.optional(), ExpectedBucketOwner: text.optional() })
    .prefault({}),
  ClientRequestToken: text.optional(),
  ExecutionParameters: z.array(z.string()).default([]),
};
type StartInput = z.output<z.ZodObject<typeof START>>;

export const OPERATIONS = {
  StartQueryExecution: operation(
    START,
    ({ WorkGroup }, { state }) => state.workGroups.arn(WorkGroup),
    (input, { state, request }) => {
      const { workGroups, store, queue, context } = state;
      const group = workGroups.get(input.WorkGroup);
      if (!group.enabled) throw invalid(`WorkGroup ${group.name} is disabled.`);
      const token = input.ClientRequestToken;
      const known = token === undefined ? undefined : store.byToken(token);
      const id = known?.id ?? randomUUID();
      const wanted = readRequest(input, { state, request, group, id });
      if (known) {
        const { id: _, state, submittedAt, endedAt, outcome, ...before } = known;
        // As they are stored: what is undefined is not.
        if (isDeepStrictEqual(JSON.parse(JSON.stringify(wanted)), before)) return { QueryExecutionId: id };
        throw invalid('Idempotent parameters do not match');
      }
      const submittedAt = context.clock.now();
      store.add({ ...wanted, id, state: 'QUEUED', submittedAt, endedAt: undefined, outcome: undefined }, token);
      queue.submit(id);
      return { QueryExecutionId: id };
    },
  ),

  GetQueryExecution: operation(QUERY, arnOfQuery, (input, { state }) => ({
    QueryExecution: described(queryOf(state, input)),
  })),

  /** Pages of the stored CSV object, whose first row is the header. */
  GetQueryResults: operation(
    { ...QUERY, MaxResults: z.int().default(LARGEST_PAGE), NextToken: text.optional() },
    arnOfQuery,
    async (input, { state, authorize }) => {
      const query = queryOf(state, input);
      const { MaxResults: size } = input;
      if (size < 1 || size > LARGEST_PAGE) throw invalid(`MaxResults should be between 1 and ${LARGEST_PAGE}`);
      if (query.state !== 'SUCCEEDED') {
        const open = query.endedAt === undefined;
        const why = open
          ? 'Query has not yet finished. Current state'
          : 'Query did not finish successfully. Final query state';
        throw invalid(`${why}: ${query.state}`);
      }
      const { bucket, key } = splitLocation(query.output);
      // The rows come from the object, which the caller must be allowed to read.
      authorize('s3:GetObject', `arn:aws:s3:::${bucket}/${key}`, { 'aws:SecureTransport': 'true' });
      const object = state.objects.find(bucket, key);
      if (!object) throw invalid(`Could not find results: s3://${bucket}/${key} is no longer there`);
      const from = firstByte(input.NextToken, query.id);
      const { rows, size: bytes } = await readRows(state.objects.read(object, from), size);
      const next = from + bytes;
      return {
        ResultSet: {
          Rows: rows.map(row => ({ Data: row.map(value => (value === null ? {} : { VarCharValue: value })) })),
          ResultSetMetadata: { ColumnInfo: (query.outcome?.columns ?? []).map(columnInfo) },
        },
        UpdateCount: 0,
        ...(next < object.size && { NextToken: Buffer.from(`${query.id}:${next}`).toString('base64url') }),
      };
    },
  ),

  StopQueryExecution: operation(QUERY, arnOfQuery, async (input, { state }) => {
    await state.queue.cancel(queryOf(state, input).id);
    return {};
  }),

  GetWorkGroup: operation(
    { WorkGroup: text },
    ({ WorkGroup }, { state }) => state.workGroups.arn(WorkGroup),
    ({ WorkGroup }, { state }) => {
      const { name, enabled, description, output, enforced, scanLimitBytes, created } = state.workGroups.get(WorkGroup);
      return {
        WorkGroup: {
          Name: name,
          State: enabled ? 'ENABLED' : 'DISABLED',
          ...(description !== undefined && { Description: description }),
          CreationTime: created / 1000,
          Configuration: {
            ResultConfiguration: output === undefined ? {} : { OutputLocation: output },
            EnforceWorkGroupConfiguration: enforced,
            PublishCloudWatchMetricsEnabled: false,
            ...(scanLimitBytes !== undefined && { BytesScannedCutoffPerQuery: scanLimitBytes }),
            EngineVersion: ENGINE,
          },
        },
      };
    },
  ),
};

/** Its workgroup decides; who may not do this at all learns nothing of what there is. */
function arnOfQuery({ QueryExecutionId }: { QueryExecutionId: string }, { state }: Call<Athena>): string {
  return state.workGroups.arn(state.store.find(QueryExecutionId)?.workGroup ?? '*');
}

function queryOf({ store }: Athena, { QueryExecutionId: id }: { QueryExecutionId: string }): Query {
  const query = store.find(id);
  if (!query) throw invalid(`QueryExecution ${id} was not found`);
  return query;
}

interface Start {
  readonly state: Athena;
  readonly request: AwsRequest;
  readonly group: WorkGroup;
  readonly id: string;
}

function readRequest(input: StartInput, start: Start): QueryRequest {
  const { QueryString: sql, ExecutionParameters: parameters } = input;
  const { Catalog: catalog, Database: database } = input.QueryExecutionContext;
  if (Buffer.byteLength(sql) > LARGEST_QUERY_BYTES) {
    throw invalid(`QueryString is longer than ${LARGEST_QUERY_BYTES} bytes`);
  }
  if (catalog.toLowerCase() !== CATALOG.toLowerCase()) {
    throw invalid(`The one catalog here is ${CATALOG}, not ${catalog}`);
  }
  readStatement(sql, parameters);
  return {
    sql,
    parameters,
    workGroup: start.group.name,
    output: `${outputOf(input, start)}${start.id}.csv`,
    database: database?.toLowerCase(),
    principal: start.request.principal ?? '',
    scanLimitBytes: start.group.scanLimitBytes,
  };
}

/** Where the result goes, with `/` at its end: a folder that the caller's permissions let Athena find. */
function outputOf({ ResultConfiguration: given }: StartInput, { state, request, group }: Start): string {
  const { context, objects } = state;
  const { OutputLocation: own, ExpectedBucketOwner: owner = context.accountId } = given;
  if (owner !== context.accountId) throw invalid(`ExpectedBucketOwner should be ${context.accountId}`);
  const output = group.enforced ? (group.output ?? own) : (own ?? group.output);
  if (output === undefined) {
    throw invalid(
      'No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.',
    );
  }
  if (!/^s3:\/\/[^/]+/.test(output)) throw invalid(`OutputLocation should be s3://bucket/prefix/, not ${output}`);
  const { bucket } = splitLocation(output);
  const allowed = context.iam.allows({
    principal: request.principal ?? '',
    action: 's3:GetBucketLocation',
    resource: `arn:aws:s3:::${bucket}`,
    context: { 'aws:SecureTransport': 'true' },
  });
  if (!allowed || !objects.hasBucket(bucket)) {
    throw invalid(`Unable to verify/create output bucket ${bucket}: it should exist, and allow s3:GetBucketLocation`);
  }
  return output.endsWith('/') ? output : `${output}/`;
}

function described(query: Query): object {
  const { outcome, endedAt, submittedAt } = query;
  const { queuedMs, planningMs = 0, engineMs = 0, scannedBytes = 0 } = outcome?.statistics ?? {};
  return {
    QueryExecutionId: query.id,
    Query: query.sql,
    StatementType: 'DML',
    SubstatementType: 'SELECT',
    ResultConfiguration: { OutputLocation: query.output },
    QueryExecutionContext: {
      Catalog: 'awsdatacatalog',
      ...(query.database !== undefined && { Database: query.database }),
    },
    WorkGroup: query.workGroup,
    EngineVersion: ENGINE,
    ...(query.parameters.length > 0 && { ExecutionParameters: query.parameters }),
    Status: {
      State: query.state,
      SubmissionDateTime: submittedAt / 1000,
      ...(endedAt !== undefined && { CompletionDateTime: endedAt / 1000 }),
      ...(outcome?.reason !== undefined && { StateChangeReason: outcome.reason }),
      ...(query.state === 'FAILED' && {
        AthenaError: {
          ErrorCategory: outcome?.category ?? 1,
          Retryable: outcome?.category !== 2,
          ErrorMessage: outcome?.reason,
        },
      }),
    },
    Statistics: {
      DataScannedInBytes: scannedBytes,
      EngineExecutionTimeInMillis: Math.round(engineMs),
      QueryPlanningTimeInMillis: Math.round(planningMs),
      ...(queuedMs !== undefined && { QueryQueueTimeInMillis: queuedMs }),
      ...(endedAt !== undefined && { TotalExecutionTimeInMillis: endedAt - submittedAt }),
    },
  };
}

/** The byte of the result's object at which the page begins. */
function firstByte(token: string | undefined, id: string): number {
  if (token === undefined) return 0;
  const [of, byte] = Buffer.from(token, 'base64url').toString().split(':');
  if (of !== id || !/^\d+$/.test(byte ?? '')) throw invalid('NextToken is not one of this query');
  return Number(byte);
}

function columnInfo({ name, type, precision, scale }: ResultColumn): object {
  return {
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: name,
    Label: name,
    Type: type,
    Precision: precision,
    Scale: scale,
    Nullable: 'UNKNOWN',
    CaseSensitive: type === 'varchar',
  };
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidRequestException', message);
}
