/** The whole platform is killed in the middle of its work. A platform of its own: it is killed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeExecutionCommand, ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Account } from '../../functions/accounts/account.ts';
import { balanceOf, type Entry } from '../../functions/credits/ledger.ts';
import { SMALL } from '../support/api-client.ts';
import { tablesOf } from '../support/local-tables.ts';
import { descendantsOf, isAlive } from '../support/processes.ts';
import { Started } from '../support/start.ts';

let dataDir: string;

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'mutoscope-crash-'));
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

it('kill -9 of the whole platform with ten jobs in flight: every job ends, credits add up, no job is made twice', async () => {
  const first = await Started.start(dataDir);
  const { accountId } = first.local;
  const submitted = await Promise.all(
    Array.from({ length: 10 }, (_, seed) => first.api.generate({ ...SMALL, seed, duration: 2 })),
  );
  expect(submitted.map(({ ErrCode }) => ErrCode)).toEqual(Array(10).fill(0));
  // Some are queued, one is in the worker's hands, perhaps one has ended.
  await pause(1500);
  const children = descendantsOf(first.child.pid ?? 0);
  await first.end('SIGKILL');
  await expect.poll(() => children.filter(({ pid }) => isAlive(pid)), { timeout: 10_000 }).toEqual([]);

  const second = await Started.start(dataDir);
  const ids = submitted.map(({ Resp }) => Resp.video_id);
  for (const id of ids)
    expect((await second.api.ended(id, 120_000)).Resp).toMatchObject({ status: 1, state: 'succeeded' });

  const { awsEndpoints, region, credentials } = second.local;
  const client = { endpoint: awsEndpoints.dynamodb ?? '', region, credentials };
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(client));
  const tables = await tablesOf(client);
  const query = (TableName: string, pk: string) =>
    documents.send(
      new QueryCommand({ TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } }),
    );

  const { Items: entries = [] } = await query(tables.ledger, accountId);
  const { Items: core = [] } = await query(tables.core, `ACCOUNT#${accountId}`);
  const account = core.find(({ sk }) => sk === 'ACCOUNT') as unknown as Account;
  expect(balanceOf(entries as unknown as Entry[])).toEqual({ available: account.available, held: account.held });
  expect(account).toMatchObject({ held: 0, running: 0 });
  // One hold and one capture for each job, nothing else but the opening grant.
  expect(entries.map(({ kind }) => kind).sort()).toEqual([
    ...Array(10).fill('capture'),
    'grant',
    ...Array(10).fill('hold'),
  ]);
  const { Items: jobs = [] } = await documents.send(
    new ScanCommand({
      TableName: tables.jobs,
      FilterExpression: 'begins_with(sk, :job)',
      ExpressionAttributeValues: { ':job': 'JOB#' },
    }),
  );
  expect(jobs.map(({ jobId }) => jobId).sort()).toEqual([...ids].sort());

  const states = new SFNClient(client);
  const { stateMachines = [] } = await states.send(new ListStateMachinesCommand({}));
  const machine = stateMachines.find(({ name }) => name?.includes('-Generation-'));
  for (const id of ids) {
    const executionArn = `${machine?.stateMachineArn?.replace(':stateMachine:', ':execution:')}:${id}`;
    await expect
      .poll(async () => (await states.send(new DescribeExecutionCommand({ executionArn }))).status)
      .toBe('SUCCEEDED');
  }
  await second.end('SIGTERM');
});
