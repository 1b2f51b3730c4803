/**
 * What the sweeper finds and ends. A platform of its own: functions run in this process, whose environment names its
 * tables.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { PLANS } from '../../functions/catalogue/plans.ts';
import type { VideoRequest } from '../../functions/catalogue/video-request.ts';
import { jobKey } from '../../functions/data/item-keys.ts';
import { hashKey } from '../../functions/keys/api-key.ts';
import { numericId } from '../../functions/runtime/ids.ts';
import { random } from '../../functions/runtime/runtime.ts';
import { creditsOf } from '../support/credits.ts';
import { type Customer, Platform } from '../support/platform.ts';

let platform: Platform;
let customer: Customer;

beforeAll(async () => {
  platform = await Platform.start();
  const { endpoint, region, credentials } = platform.cloud.client;
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_REGION', region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
});
beforeEach(async () => {
  customer = await platform.customer();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await platform?.stop();
});

const REQUEST: VideoRequest = {
  function: 'text_to_video',
  model: 'v6',
  prompt: 'a hill',
  negativePrompt: '',
  durationSeconds: 1,
  quality: '360p',
  aspectRatio: '16:9',
  seed: 1,
  audio: false,
  style: '',
  cameraMovement: '',
  motion: 'normal',
};

/** A job that was admitted two minutes ago by a function that died before it could start the execution. */
async function admittedAndLost(): Promise<number> {
  const { admit } = await import('../../functions/generation/admission-store.ts');
  const now = Date.now() - 120_000;
  const tables = {
    core: platform.table('Core'),
    jobs: platform.table('Jobs'),
    ledger: platform.table('Ledger'),
    idempotency: platform.table('Idempotency'),
  };
  const { accountId, keyId, api } = customer;
  const newId = (): number => numericId(now, random);
  const submission = {
    accountId,
    keyId,
    credential: { kind: 'key', keyHash: hashKey(api.key), revision: 1 } as const,
    plan: PLANS.scale,
    request: REQUEST,
    credits: 5,
    jobId: newId(),
    now,
  };
  return (await admit(tables, submission, { random, newId })).jobId;
}

const reconcile = () => platform.operate<Record<string, number>>('SweepFunction', {});

it('a job whose execution was never started is started by the reconciler, and once', async () => {
  const id = await admittedAndLost();
  // Nobody else starts it; where the platform's own schedule has just done so, there is nothing left to start here.
  expect((await reconcile()).started).toBeLessThanOrEqual(1);
  expect(await reconcile()).toMatchObject({ started: 0, running: 0, settled: 0 });
  expect((await customer.api.ended(id)).Resp.status).toBe(1);
  const { entries } = await creditsOf(platform, customer.accountId);
  expect(entries.map(({ kind }) => kind).sort()).toEqual(['capture', 'grant', 'hold']);
});

it('a job whose execution was stopped by hand is settled by the reconciler, with its credits given back', async () => {
  const id = await admittedAndLost();
  await reconcile();
  const executionArn = `${platform.output('StateMachineArn').replace(':stateMachine:', ':execution:')}:${id}`;
  await new SFNClient(platform.cloud.client).send(new StopExecutionCommand({ executionArn }));
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(platform.cloud.client));
  await documents.send(
    new UpdateCommand({
      TableName: platform.table('Jobs'),
      Key: jobKey(customer.accountId, id),
      UpdateExpression: 'SET dueAt = :past',
      ExpressionAttributeValues: { ':past': 1 },
    }),
  );
  expect(await reconcile()).toMatchObject({ settled: 1 });
  expect((await customer.api.result(id)).Resp).toMatchObject({
    status: 8,
    failure: expect.stringContaining('credits were given back'),
  });
  const { entries, account } = await creditsOf(platform, customer.accountId);
  expect(entries.map(({ kind }) => kind).sort()).toEqual(['grant', 'hold', 'release']);
  expect(account).toMatchObject({ available: 100_000, held: 0, running: 0 });
});
