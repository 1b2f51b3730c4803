import { InvokeCommand, InvokeWithResponseStreamCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLambda } from '../../lib/local/lambda/lambda.ts';
import type { Resource } from '../../lib/local/service.ts';
import { type EngineCloud, startEngines } from '../support/engine-cloud.ts';
import { FUNCTION_ROLE, makeFunction } from '../support/function-asset.ts';

let cloud: EngineCloud;
let lambda: LambdaClient;

beforeAll(async () => {
  cloud = await startEngines([createLambda]);
  lambda = new LambdaClient({ ...cloud.client, maxAttempts: 1 });
});
afterAll(() => cloud.stop());

const streaming = (body: string) =>
  `export const handler = awslambda.streamifyResponse(async (event, stream, context) => { ${body} });`;

/** A call by another service of a function that lets everybody invoke it. */
function permitted(made: Resource) {
  const functionArn = String(made.attributes.Arn);
  const policy = [{ Effect: 'Allow' as const, Principal: '*', Action: 'lambda:InvokeFunction' }];
  cloud.context.iam.setResourcePolicy(functionArn, 'test', policy);
  return { functionArn, payload: '{}', as: FUNCTION_ROLE };
}

interface Streamed {
  readonly text: string;
  readonly chunks: number;
  readonly errorCode: string | undefined;
  readonly error: { readonly errorType: string; readonly errorMessage: string } | undefined;
  readonly log: string;
}

async function stream(FunctionName: string, event: unknown = {}): Promise<Streamed> {
  const Payload = JSON.stringify(event);
  const { EventStream = [] } = await lambda.send(
    new InvokeWithResponseStreamCommand({ FunctionName, Payload, LogType: 'Tail' }),
  );
  const parts: Buffer[] = [];
  for await (const { PayloadChunk, InvokeComplete } of EventStream as AsyncIterable<
    Record<string, Record<string, unknown>>
  >) {
    if (PayloadChunk) parts.push(Buffer.from(PayloadChunk.Payload as Uint8Array));
    if (!InvokeComplete) continue;
    const { ErrorCode, ErrorDetails, LogResult } = InvokeComplete as Record<string, string | undefined>;
    return {
      text: Buffer.concat(parts).toString(),
      chunks: parts.length,
      errorCode: ErrorCode,
      error: ErrorDetails ? JSON.parse(ErrorDetails) : undefined,
      log: Buffer.from(LogResult ?? '', 'base64').toString(),
    };
  }
  throw new Error('the stream ended without InvokeComplete');
}

describe('a handler that streams', () => {
  it('is read part by part as it writes, and then says that it is complete', async () => {
    const source = streaming(
      `console.log('for', event.name, context.functionName); stream.write('one '); stream.write('two'); stream.end();`,
    );
    const made = await makeFunction(cloud, 'Parts', source);
    const { text, chunks, errorCode, log } = await stream(made.ref, { name: 'me' });
    expect({ text, chunks, errorCode }).toEqual({ text: 'one two', chunks: 2, errorCode: undefined });
    expect(log).toMatch(/START .*for me .*REPORT RequestId/s);
  });

  it('sends metadata and eight null bytes before its first write, and none where it writes nothing', async () => {
    const source = streaming(`
      const response = awslambda.HttpResponseStream.from(stream, { statusCode: 201 });
      if (event.body !== undefined) response.write(event.body);
      response.end();`);
    const made = await makeFunction(cloud, 'Metadata', source);
    expect((await stream(made.ref, { body: 'b' })).text).toBe(`{"statusCode":201}${'\0'.repeat(8)}b`);
    expect((await stream(made.ref, { body: '' })).text).toBe(`{"statusCode":201}${'\0'.repeat(8)}`);
    expect((await stream(made.ref)).text).toBe('');
  });

  it('is answered whole where it is invoked without a stream, up to six MB', async () => {
    const source = streaming(`stream.write('x'.repeat(event.length)); stream.end('y');`);
    const made = await makeFunction(cloud, 'Whole', source);
    const invoke = async (length: number) =>
      lambda.send(new InvokeCommand({ FunctionName: made.ref, Payload: JSON.stringify({ length }) }));
    expect((await invoke(3)).Payload?.transformToString()).toBe('xxxy');
    const large = await invoke(6_300_000);
    expect(JSON.parse(large.Payload?.transformToString() ?? '').errorType).toBe('Function.ResponseSizeTooLarge');
    expect((await stream(made.ref, { length: 6_300_000 })).text.length).toBe(6_300_001);
  });

  it('fails with its error, before its first byte and in the midst, and lives on', async () => {
    const source = streaming(`
      if (event.late) await new Promise(done => stream.write('begun', done));
      if (event.fail) throw new RangeError('too far');
      stream.end('fine');`);
    const made = await makeFunction(cloud, 'Fails', source);
    const error = expect.objectContaining({ errorType: 'RangeError', errorMessage: 'too far' });
    expect(await stream(made.ref, { fail: true })).toMatchObject({ text: '', errorCode: 'Unhandled', error });
    const midway = await stream(made.ref, { fail: true, late: true });
    expect(midway).toMatchObject({ text: 'begun', errorCode: 'Unhandled', error });
    expect(await stream(made.ref)).toMatchObject({ text: 'fine', errorCode: undefined });
  });

  it('fails where it returns before its stream has ended, and where it is not async', async () => {
    const open = await makeFunction(cloud, 'Open', streaming(`stream.write('half');`));
    expect((await stream(open.ref)).error?.errorMessage).toBe('Response stream is not finished.');
    const source = `export const handler = awslambda.streamifyResponse((event, stream) => { stream.end('x'); });`;
    const plain = await makeFunction(cloud, 'NotAsync', source);
    expect((await stream(plain.ref)).error?.errorMessage).toBe('Streaming does not support non-async handlers.');
  });

  it('is ended by its time limit and by 200 MB', async () => {
    const source = streaming(`
      if (event.hang) { stream.write('a'); await new Promise(() => {}); }
      const part = Buffer.alloc(4 << 20);
      for (let n = 0; n < 51; n++) if (!stream.write(part)) await new Promise(go => stream.once('drain', go));
      stream.end();`);
    const made = await makeFunction(cloud, 'Bounds', source, { Timeout: 1 });
    const hung = await stream(made.ref, { hang: true });
    expect([hung.text, hung.error?.errorType]).toEqual(['a', 'Sandbox.Timedout']);
    const longer = await makeFunction(cloud, 'Large', source, { Timeout: 60 });
    const { payload } = await cloud.context.ports.invokeFunction({ ...permitted(longer), take: async () => {} });
    expect(JSON.parse(payload).errorMessage).toBe(
      'Response payload size exceeded maximum allowed payload size (209715200 bytes).',
    );
  });

  it('waits for a reader that is slow, and goes on when it is gone', async () => {
    const source = streaming(`
      const part = Buffer.alloc(1 << 20);
      globalThis.written ??= 0;
      if (event.ask) return void stream.end(String(globalThis.written));
      for (let n = 0; n < 8; n++) {
        if (!stream.write(part)) await new Promise(go => stream.once('drain', go));
        globalThis.written++;
      }
      stream.end();`);
    const made = await makeFunction(cloud, 'Slow', source, { ReservedConcurrentExecutions: 1 });
    const held = Promise.withResolvers<void>();
    const parts: number[] = [];
    const running = cloud.context.ports.invokeFunction({
      ...permitted(made),
      take: async chunk => {
        parts.push(chunk.length);
        if (parts.length === 2) await held.promise;
        // Whoever reads may fail: the handler is not told.
        if (parts.length === 3) throw new Error('gone');
      },
    });
    while (parts.length < 2) await new Promise(setImmediate);
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(parts.length).toBe(2);
    held.resolve();
    expect((await running).functionError).toBeUndefined();
    expect((await stream(made.ref, { ask: true })).text).toBe('8');
  });
});

describe('a handler that does not stream', () => {
  it('is heard as one part by who reads a stream', async () => {
    const made = await makeFunction(cloud, 'Buffered', 'export const handler = async () => ({ a: 1 });');
    expect(await stream(made.ref)).toMatchObject({ text: '{"a":1}', chunks: 1, errorCode: undefined });
  });

  it('is refused before the stream begins where it is not there, or may not be invoked', async () => {
    const call = { FunctionName: 'nobody', Payload: '{}' };
    await expect(lambda.send(new InvokeWithResponseStreamCommand(call))).rejects.toThrow('Function not found');
    const stranger = new LambdaClient({ ...cloud.clientAs('arn:aws:iam::000000000000:role/none'), maxAttempts: 1 });
    await expect(stranger.send(new InvokeWithResponseStreamCommand(call))).rejects.toThrow(
      'not authorized to perform: lambda:InvokeFunction',
    );
  });
});
