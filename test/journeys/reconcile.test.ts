/**
 * What the sweeper finds and ends. A platform of its own: functions run in this process, whose environment names its
 * tables.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { jobKey } from '../../functions/data/item-keys.ts';
import type { Deliverable, Job } from '../../functions/generation/job.ts';
import { hashKey } from '../../functions/keys/api-key.ts';
import { admitDirectly, stubFunctionEnvironment } from '../support/admission.ts';
import { creditsOf } from '../support/credits.ts';
import { type Customer, Platform } from '../support/platform.ts';

let platform: Platform;
let customer: Customer;

beforeAll(async () => {
  platform = await Platform.start();
  stubFunctionEnvironment(platform);
  // The schedule runs at once and then every minute: when its first run is over, the reconciler is this test's alone.
  const log = join(platform.dataDir, 'logs', `${platform.output('SweepFunction')}.log`);
  await vi.waitFor(() => expect(readFileSync(log, 'utf8')).toContain('\nREPORT '), { timeout: 30_000 });
});
beforeEach(async () => {
  customer = await platform.customer();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await platform?.stop();
});

/** A job that was admitted two minutes ago by a function that died before it could start the execution. */
async function admittedAndLost(): Promise<number> {
  const { accountId, keyId, api } = customer;
  const credential = { kind: 'key', keyHash: hashKey(api.key), revision: 1 } as const;
  return (await admitDirectly(platform, { accountId, keyId, credential }, Date.now() - 120_000)).jobId;
}

const reconcile = () => platform.operate<Record<string, number>>('SweepFunction', {});

it('a job whose execution was never started is started by the reconciler, and once', async () => {
  const id = await admittedAndLost();
  expect((await customer.api.result(id)).Resp).toMatchObject({ status: 5, state: 'queued' });
  expect(await reconcile()).toMatchObject({ started: 1 });
  expect(await reconcile()).toMatchObject({ started: 0, running: 0, settled: 0 });
  expect((await customer.api.ended(id)).Resp.status).toBe(1);
  const { entries } = await creditsOf(platform, customer.accountId);
  expect(entries.map(({ kind }) => kind).sort()).toEqual(['capture', 'grant', 'hold']);
});

/** A job whose execution has ended without settling it, which is due to be looked at; `change` is what became of it before. */
async function endedUnsettled(change = '', values: Record<string, unknown> = {}): Promise<number> {
  const id = await admittedAndLost();
  await reconcile();
  const executionArn = `${platform.output('StateMachineArn').replace(':stateMachine:', ':execution:')}:${id}`;
  await new SFNClient(platform.cloud.client).send(new StopExecutionCommand({ executionArn }));
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(platform.cloud.client));
  await documents.send(
    new UpdateCommand({
      TableName: platform.table('Jobs'),
      Key: jobKey(customer.accountId, id),
      UpdateExpression: `SET dueAt = :past${change}`,
      ...(change && { ExpressionAttributeNames: { '#state': 'state' } }),
      ExpressionAttributeValues: { ':past': 1, ...values },
    }),
  );
  return id;
}

it('two reconcilers at once, as where one was late, start a lost job once, and give the credits of a stopped one back once', async () => {
  const stopped = await endedUnsettled();
  const lost = await admittedAndLost();
  await Promise.all([reconcile(), reconcile()]);
  expect((await customer.api.result(stopped)).Resp.status).toBe(8);
  expect((await customer.api.ended(lost)).Resp.status).toBe(1);
  const { entries, account } = await creditsOf(platform, customer.accountId);
  expect(entries.map(({ kind }) => kind).sort()).toEqual(['capture', 'grant', 'hold', 'hold', 'release']);
  expect(account).toMatchObject({ held: 0, running: 0 });
});

it('a job whose execution was stopped by hand is settled by the reconciler, with its credits given back', async () => {
  const id = await endedUnsettled();
  expect(await reconcile()).toMatchObject({ settled: 1 });
  expect((await customer.api.result(id)).Resp).toMatchObject({
    status: 8,
    failure: expect.stringContaining('credits were given back'),
  });
  const { entries, account } = await creditsOf(platform, customer.accountId);
  expect(entries.map(({ kind }) => kind).sort()).toEqual(['grant', 'hold', 'release']);
  expect(account).toMatchObject({ available: 100_000, held: 0, running: 0 });
});

it('a video that was made, and could not be settled for longer than its execution tries, is delivered by the reconciler and charged', async () => {
  const made: Deliverable = {
    videoKey: 'accounts/made/video.mp4',
    thumbnailKey: 'accounts/made/thumbnail.jpg',
    bytes: 1,
    sha256: 'ab',
    width: 640,
    height: 360,
    durationSeconds: 1,
    hasAudio: false,
    engine: 'preview',
  };
  const id = await endedUnsettled(', #state = :generating, made = :made', {
    ':generating': 'generating',
    ':made': made,
  });
  expect(await reconcile()).toMatchObject({ settled: 1 });
  expect((await customer.api.result(id)).Resp).toMatchObject({ status: 1, state: 'succeeded', outputWidth: 640 });
  const { entries, account } = await creditsOf(platform, customer.accountId);
  expect(entries.map(({ kind }) => kind).sort()).toEqual(['capture', 'grant', 'hold']);
  expect(account).toMatchObject({ available: 99_995, held: 0, running: 0 });
  const stored = (await platform.items<Job>('Jobs', customer.accountId)).find(
    ({ jobId, state }) => jobId === id && state,
  );
  expect(stored).toMatchObject({ deliverable: made });
  expect(stored).not.toHaveProperty('made');
});
