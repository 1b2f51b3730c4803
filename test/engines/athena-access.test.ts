/** Athena reads and writes with its caller's own permissions. */
import { type AthenaClient, GetQueryExecutionCommand, GetQueryResultsCommand } from '@aws-sdk/client-athena';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PolicyStatement } from '../../lib/local/service.ts';
import { BUCKET, Lake, RESULTS, startLake } from './athena-lake.ts';

let lake: Lake;

const GLUE = 'arn:aws:glue:us-east-1:000000000000';
const WORKGROUP = 'arn:aws:athena:us-east-1:000000000000:workgroup/lake';
/** All that a query over `mine` needs, and nothing more. */
const GRANTS: readonly (readonly [string, string])[] = [
  ...['StartQueryExecution', 'GetQueryExecution', 'GetQueryResults'].map(
    name => [`athena:${name}`, WORKGROUP] as const,
  ),
  ...['catalog', 'database/usage'].map(name => ['glue:GetDatabase', `${GLUE}:${name}`] as const),
  ...['catalog', 'database/usage', 'table/usage/mine'].flatMap(name =>
    ['glue:GetTable', 'glue:GetPartitions'].map(action => [action, `${GLUE}:${name}`] as const),
  ),
  ['s3:ListBucket', `arn:aws:s3:::${BUCKET}`],
  ['s3:GetObject', `arn:aws:s3:::${BUCKET}/mine/account=acct_1/*`],
  ['s3:GetBucketLocation', `arn:aws:s3:::${RESULTS}`],
  ['s3:PutObject', `arn:aws:s3:::${RESULTS}/q/*`],
  ['s3:GetObject', `arn:aws:s3:::${RESULTS}/q/*`],
];
const allow = (grants: typeof GRANTS): PolicyStatement[] =>
  grants.map(([Action, Resource]) => ({ Effect: 'Allow', Action, Resource }));
const without = (action: string, resource = '') =>
  GRANTS.filter(grant => grant[0] !== action || !grant[1].includes(resource));
const SQL = "SELECT credits FROM mine WHERE account = 'acct_1'";

let roles = 0;
function as(grants: typeof GRANTS, more: readonly PolicyStatement[] = []): AthenaClient {
  roles += 1;
  return lake.as(`role-${roles}`, [...allow(grants), ...more]);
}

beforeAll(async () => {
  lake = await new Lake(await startLake()).make();
  await lake.table('mine', { columns: { credits: 'bigint' }, partitionKeys: { account: 'string' } });
  for (const account of ['acct_1', 'acct_2']) {
    await lake.put(`mine/account=${account}/a.parquet`, [{ name: 'credits', data: [5n], type: 'INT64' }]);
  }
});
afterAll(() => lake.cloud.stop());

test('every grant in its place, a query runs and its result is read', async () => {
  const athena = as(GRANTS);
  const { Status, QueryExecutionId } = await lake.run(SQL, {}, athena);
  expect(Status?.StateChangeReason).toBeUndefined();
  expect(Status?.State).toBe('SUCCEEDED');
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  expect(ResultSet?.Rows?.[1]?.Data).toEqual([{ VarCharValue: '5' }]);
});

describe('fails the query, by the name of the action, without', () => {
  test.each([
    ['glue:GetDatabase', `${GLUE}:database/usage`],
    ['glue:GetDatabase', `${GLUE}:catalog`],
    ['glue:GetTable', `${GLUE}:table/usage/mine`],
    ['glue:GetTable', `${GLUE}:database/usage`],
    ['glue:GetPartitions', `${GLUE}:table/usage/mine`],
    ['s3:ListBucket', `arn:aws:s3:::${BUCKET}`],
    ['s3:GetObject', `arn:aws:s3:::${BUCKET}/mine/account=acct_1/a.parquet`],
    ['s3:PutObject', `arn:aws:s3:::${RESULTS}/q/`],
  ])('%s on %s', async (action, resource) => {
    const grants = without(action, resource.replace('a.parquet', '').replace(/^arn:aws:s3:::/, ''));
    expect(grants.length).toBe(GRANTS.length - 1);
    const { Status } = await lake.run(SQL, {}, as(grants));
    expect(Status).toMatchObject({ State: 'FAILED' });
    expect(Status?.StateChangeReason).toContain(`is not authorized to perform: ${action} on resource: ${resource}`);
  });
});

test('refuses the call without its own action, or without the way to the output bucket', async () => {
  await expect(lake.start(SQL, {}, as(without('athena:StartQueryExecution')))).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(`athena:StartQueryExecution on resource: ${WORKGROUP}`),
  });
  await expect(lake.start(SQL, {}, as(without('s3:GetBucketLocation')))).rejects.toThrow(/output bucket results/);
  const QueryExecutionId = String((await lake.run(SQL)).QueryExecutionId);
  const status = new GetQueryExecutionCommand({ QueryExecutionId });
  await expect(as(without('athena:GetQueryExecution')).send(status)).rejects.toThrow(/athena:GetQueryExecution/);
  const results = new GetQueryResultsCommand({ QueryExecutionId });
  await expect(as(without('athena:GetQueryResults')).send(results)).rejects.toThrow(/athena:GetQueryResults/);
  await expect(as(without('s3:GetObject', RESULTS)).send(results)).rejects.toThrow(/s3:GetObject/);
});

test("a query that would read another account's partition fails, though its own is among them", async () => {
  const { Status } = await lake.run('SELECT credits FROM mine', {}, as(GRANTS));
  expect(Status).toMatchObject({ State: 'FAILED' });
  expect(Status?.StateChangeReason).toContain(
    `s3:GetObject on resource: arn:aws:s3:::${BUCKET}/mine/account=acct_2/a.parquet`,
  );
});

test('a listing is allowed by its prefix, and what is denied outright stays so', async () => {
  const prefixed = (prefix: string): PolicyStatement => ({
    Effect: 'Allow',
    Action: 's3:ListBucket',
    Resource: `arn:aws:s3:::${BUCKET}`,
    Condition: { StringLike: { 's3:prefix': prefix } },
  });
  const grants = without('s3:ListBucket');
  expect(await lake.run(SQL, {}, as(grants, [prefixed('mine/account=acct_1/*')]))).toMatchObject({
    Status: { State: 'SUCCEEDED' },
  });
  expect(await lake.run(SQL, {}, as(grants, [prefixed('mine/account=acct_2/*')]))).toMatchObject({
    Status: { State: 'FAILED' },
  });
  const denied: PolicyStatement = { Effect: 'Deny', Action: 's3:GetObject', Resource: '*' };
  expect(await lake.run(SQL, {}, as(GRANTS, [denied]))).toMatchObject({ Status: { State: 'FAILED' } });
});
