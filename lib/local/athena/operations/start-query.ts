import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { splitLocation } from '../location.ts';
import type { Query, QueryRequest } from '../query-store.ts';
import { readStatement } from '../statement.ts';
import type { WorkGroup } from '../workgroup.ts';
import { type Call, invalid, type Operation, optionalText, structure, text } from './protocol.ts';

/** AWS: a query is at most this long. */
const LARGEST_QUERY_BYTES = 262_144;
const CATALOG = 'AwsDataCatalog';

export const startQueryExecution: Operation = {
  members: [
    ...['QueryString', 'QueryExecutionContext', 'WorkGroup', 'ResultConfiguration', 'ClientRequestToken'],
    'ExecutionParameters',
  ],
  run(call) {
    const { input, request, workGroups, store, queue, context } = call;
    const name = optionalText(input, 'WorkGroup') ?? 'primary';
    request.authorize('athena:StartQueryExecution', workGroups.arn(name));
    const group = workGroups.get(name);
    if (!group.enabled) throw invalid(`WorkGroup ${name} is disabled.`);
    const token = optionalText(input, 'ClientRequestToken');
    const known = token === undefined ? undefined : store.byToken(token);
    const id = known?.id ?? randomUUID();
    const wanted = readRequest(call, group, id);
    if (known) {
      const { id: _, state, submittedAt, endedAt, outcome, ...before } = known;
      // As they are stored: what is undefined is not.
      if (isDeepStrictEqual(JSON.parse(JSON.stringify(wanted)), before)) return { QueryExecutionId: id };
      throw invalid('Idempotent parameters do not match');
    }
    const query: Query = {
      ...{ ...wanted, id, state: 'QUEUED', submittedAt: context.clock.now() },
      ...{ endedAt: undefined, outcome: undefined },
    };
    store.add(query, token);
    queue.submit(id);
    return { QueryExecutionId: id };
  },
};

function readRequest(call: Call, group: WorkGroup, id: string): QueryRequest {
  const { input, request } = call;
  const sql = text(input, 'QueryString');
  if (Buffer.byteLength(sql) > LARGEST_QUERY_BYTES)
    throw invalid(`QueryString is longer than ${LARGEST_QUERY_BYTES} bytes`);
  const within = structure(input, 'QueryExecutionContext', ['Database', 'Catalog']);
  const catalog = optionalText(within, 'Catalog') ?? CATALOG;
  if (catalog.toLowerCase() !== CATALOG.toLowerCase())
    throw invalid(`The one catalog here is ${CATALOG}, not ${catalog}`);
  const parameters = input.ExecutionParameters ?? [];
  if (!Array.isArray(parameters) || !parameters.every(parameter => typeof parameter === 'string')) {
    throw invalid('ExecutionParameters should be a list of text');
  }
  readStatement(sql, parameters);
  const output = outputOf(call, group);
  return {
    ...{ sql, parameters, workGroup: group.name, output: `${output}${id}.csv` },
    database: optionalText(within, 'Database')?.toLowerCase(),
    principal: request.principal ?? '',
    scanLimitBytes: group.scanLimitBytes,
  };
}

/** Where the result goes, with `/` at its end: a folder that the caller's permissions let Athena find. */
function outputOf({ input, context, objects, request }: Call, group: WorkGroup): string {
  const given = structure(input, 'ResultConfiguration', ['OutputLocation', 'ExpectedBucketOwner']);
  const owner = optionalText(given, 'ExpectedBucketOwner');
  if (owner !== undefined && owner !== context.accountId)
    throw invalid(`ExpectedBucketOwner should be ${context.accountId}`);
  const own = optionalText(given, 'OutputLocation');
  const output = group.enforced ? (group.output ?? own) : (own ?? group.output);
  if (output === undefined) {
    throw invalid(
      'No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.',
    );
  }
  if (!/^s3:\/\/[^/]+/.test(output)) throw invalid(`OutputLocation should be s3://bucket/prefix/, not ${output}`);
  const { bucket } = splitLocation(output);
  const call = {
    principal: request.principal ?? '',
    action: 's3:GetBucketLocation',
    resource: `arn:aws:s3:::${bucket}`,
  };
  const found =
    objects.hasBucket(bucket) && context.iam.allows({ ...call, context: { 'aws:SecureTransport': 'true' } });
  if (!found)
    throw invalid(`Unable to verify/create output bucket ${bucket}: it should exist, and allow s3:GetBucketLocation`);
  return output.endsWith('/') ? output : `${output}/`;
}
