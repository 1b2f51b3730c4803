/**
 * What goes on in the background while nothing can be stored, as on a full disk: it is lost by nobody, ends nothing, and is
 * stored when it can be. The clock is the cloud's own, so no second is waited for.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, expect, test } from 'vitest';
import { createLambda } from '../../lib/local/lambda/lambda.ts';
import { createS3 } from '../../lib/local/s3/s3.ts';
import { createScheduler } from '../../lib/local/scheduler/scheduler.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';
import { makeFunction } from '../support/function-asset.ts';
import { invoke, type Machines, startMachines, until } from './states-machine.ts';

let cloud: EngineCloud;
afterEach(() => cloud.stop());

/** From here on every write to the database is refused. */
const away = (on: EngineCloud = cloud) => on.context.database.exec('PRAGMA query_only = ON');
const back = (on: EngineCloud = cloud) => on.context.database.exec('PRAGMA query_only = OFF');
/** Longer than what could not be stored is left alone. */
const A_WHILE_MS = 1_100;
const settle = () => new Promise(resolve => setTimeout(resolve, 30));

test('an execution whose step cannot be stored stays where it is, and goes on from there', async () => {
  const machines: Machines = await startMachines();
  cloud = machines.cloud;
  let answer = (): void => {};
  machines.outside.onInvoke = () => new Promise<void>(resolve => (answer = resolve));
  const execution = await machines.start({ StartAt: 'Call', States: { Call: invoke() }, QueryLanguage: 'JSONata' });
  await until(async () => (machines.outside.invocations.length === 1 ? true : undefined));
  away();
  answer();
  await settle();
  cloud.clock.advance(A_WHILE_MS);
  await settle();
  expect((await machines.describe(execution)).status).toBe('RUNNING');
  back();
  cloud.clock.advance(A_WHILE_MS);
  expect((await machines.ended(execution)).status).toBe('SUCCEEDED');
  expect(machines.outside.invocations).toHaveLength(1);
});

test('a schedule whose run cannot be stored as done is not run again for that, and is when it is due', async () => {
  let calls = 0;
  let done = (): void => {};
  const invokeFunction = async () => {
    calls += 1;
    await new Promise<void>(resolve => (done = resolve));
    return { payload: 'null', functionError: undefined };
  };
  cloud = await startEngines([createScheduler], { ports: { invokeFunction } });
  const Target = {
    Arn: 'arn:aws:lambda:us-east-1:000000000000:function:sweep',
    RoleArn: 'arn:aws:iam::000000000000:role/r',
  };
  const properties = { ScheduleExpression: 'rate(5 minutes)', FlexibleTimeWindow: { Mode: 'OFF' }, Target };
  await cloud.make('AWS::Scheduler::Schedule', 'Sweep', properties);
  await until(async () => (calls === 1 ? true : undefined));
  away();
  done();
  await settle();
  cloud.clock.advance(A_WHILE_MS);
  await settle();
  expect(calls).toBe(1);
  back();
  cloud.clock.advance(A_WHILE_MS);
  await settle();
  cloud.clock.advance(300_000);
  await until(async () => (calls === 2 ? true : undefined));
});

test('an event whose run cannot be stored as done is, once it can be, and is not run again', async () => {
  cloud = await startEngines([createLambda]);
  const file = join(cloud.context.dataDir, 'ran');
  const free = join(cloud.context.dataDir, 'free');
  const { ref } = await makeFunction(
    cloud,
    'Work',
    `import { appendFileSync, existsSync } from 'node:fs';
     export const handler = async () => {
       appendFileSync('${file}', 'ran\\n');
       while (!existsSync('${free}')) await new Promise(resolve => setTimeout(resolve, 10));
     };`,
  );
  await new LambdaClient(cloud.client).send(new InvokeCommand({ FunctionName: ref, InvocationType: 'Event' }));
  await until(async () => (existsSync(file) ? true : undefined));
  const left = () => cloud.context.database.prepare('SELECT count(*) AS n FROM lambda_events').get()?.n;
  away();
  writeFileSync(free, '');
  await new Promise(resolve => setTimeout(resolve, 200));
  expect(left()).toBe(1);
  back();
  cloud.clock.advance(A_WHILE_MS);
  await until(async () => (left() === 0 ? true : undefined));
  expect(readFileSync(file, 'utf8')).toBe('ran\n');
});

test('a call that would write is answered with 503, and leaves no file behind; the same call is then served', async () => {
  cloud = await startEngines([createS3]);
  await cloud.make('AWS::S3::Bucket', 'Bucket', { BucketName: 'bucket' });
  const s3 = new S3Client({ ...cloud.client, forcePathStyle: true, maxAttempts: 1 });
  const put = () => s3.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'key', Body: 'bytes' }));
  away();
  await expect(put()).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 }, name: 'ServiceUnavailable' });
  for (const folder of ['incoming', 'objects']) {
    expect(readdirSync(join(cloud.context.dataDir, 's3', folder))).toEqual([]);
  }
  back();
  await put();
});
