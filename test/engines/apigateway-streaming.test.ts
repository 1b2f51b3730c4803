import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFunction } from '../support/function-asset.ts';
import { type RestApi, startRestApi, streamFrom } from '../support/rest-api.ts';

let api: RestApi;

beforeAll(async () => {
  const Format = '{"path":"$context.path","status":$context.status,"length":$context.responseLength}';
  api = await startRestApi({}, { AccessLogSetting: { DestinationArn: 'arn:aws:logs:x', Format } });
});
afterAll(() => api.cloud.stop());

/** A route whose function streams; `body` has `event` and `stream`, and `respond(metadata)`. */
async function streams(name: string, body: string, integration: Record<string, unknown> = {}): Promise<string> {
  const source = `export const handler = awslambda.streamifyResponse(async (event, stream) => {
    const respond = metadata => awslambda.HttpResponseStream.from(stream, metadata);
    ${body}
  });`;
  const made = await makeFunction(api.cloud, `F${name}`, source, { Timeout: 20 });
  await api.cloud.make('AWS::Lambda::Permission', `P${name}`, {
    Action: 'lambda:InvokeFunction',
    FunctionName: made.attributes.Arn,
    Principal: 'apigateway.amazonaws.com',
  });
  await api.method('GET', `/${name}`, { ...streamFrom(made), ...integration });
  return `${api.url()}/${name}`;
}

function open(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => get(url, resolve).on('error', reject));
}

describe('a method that streams', () => {
  it('passes status, headers and bytes on, more than ten MB of them, without decoding or counting', async () => {
    const url = await streams(
      'large',
      `const response = respond({ statusCode: 206, headers: { 'Content-Type': 'video/mp4', ETag: '"a"', Date: 'x', 'Content-Length': 12000000 },
         multiValueHeaders: { 'x-many': ['1', '2'] }, cookies: ['a=1', 'b=2'] });
       response.write(Buffer.alloc(6000000, 7));
       response.end(Buffer.alloc(6000000, 8));`,
    );
    const response = await fetch(url);
    expect(response.status).toBe(206);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'video/mp4',
      etag: '"a"',
      'content-length': '12000000',
      'x-amzn-remapped-date': 'x',
      'x-many': '1, 2',
      'x-amzn-requestid': expect.any(String),
    });
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect([bytes.length, bytes[0], bytes.at(-1)]).toEqual([12_000_000, 7, 8]);
  });

  it('answers before its function has ended, and each part as it is written', async () => {
    const url = await streams(
      'parts',
      `const response = respond({});
       response.write('first');
       await new Promise(resolve => setTimeout(resolve, 300));
       response.end('second');`,
    );
    const response = await fetch(url);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(response.headers.get('content-length')).toBeNull();
    const seen: string[] = [];
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      seen.push(Buffer.from(chunk).toString());
    }
    expect(seen).toEqual(['first', 'second']);
  });

  it.each([
    ['plain', 'stream.end("only text");'],
    ['list', 'respond([1]).end("x");'],
    ['status', 'respond({ statusCode: 99 }).end("x");'],
    ['empty', 'respond({ statusCode: 204 }).end();'],
    ['long', 'respond({ headers: { a: "x".repeat(20000) } }).end("x");'],
    ['thrown', 'throw new Error("before anything");'],
  ])('is a bad gateway where its function does not say how it responds: %s', async (name, body) => {
    const response = await fetch(await streams(name, body));
    expect([response.status, await response.json()]).toEqual([502, { message: 'Internal server error' }]);
  });

  it('is a bad gateway where its function does not stream', async () => {
    const made = await api.answering('GET', '/buffered', 'export const handler = async () => ({ statusCode: 200 });');
    await api.method('GET', '/buffered', streamFrom(made));
    expect((await fetch(`${api.url()}/buffered`)).status).toBe(502);
  });

  it('breaks the connection off where its function fails in the midst', async () => {
    const url = await streams(
      'broken',
      `await new Promise(done => respond({}).write('begun', done));
       throw new Error('midstream');`,
    );
    const response = await fetch(url);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it('answers 504 where nothing came within its time, and breaks off what did not end within it', async () => {
    const silent = await streams('silent', 'await new Promise(() => {});', { timeoutInMillis: 200 });
    expect((await fetch(silent)).status).toBe(504);
    const options = { timeoutInMillis: 60_000 };
    const endless = await streams('endless', `respond({}).write('a'); await new Promise(() => {});`, options);
    const response = await fetch(endless);
    expect(response.status).toBe(200);
    api.cloud.clock.advance(60_000);
    await expect(response.text()).rejects.toThrow();
  });

  it('ends a stream that is silent for five minutes', async () => {
    const options = { timeoutInMillis: 900_000 };
    const url = await streams('idle', `respond({}).write('a'); await new Promise(() => {});`, options);
    const response = await fetch(url);
    api.cloud.clock.advance(5 * 60_000);
    const since = performance.now();
    await expect(response.text()).rejects.toThrow();
    // Before the function's own time is over.
    expect(performance.now() - since).toBeLessThan(10_000);
  });

  it('writes no faster than its client reads, and runs on when the client hangs up', async () => {
    const progress = join(api.cloud.context.dataDir, 'progress');
    const url = await streams(
      'slow',
      `const { writeFileSync } = await import('node:fs');
       const response = respond({});
       const part = Buffer.alloc(1 << 20);
       for (let n = 1; n <= 40; n++) {
         if (!response.write(part)) await new Promise(go => response.once('drain', go));
         writeFileSync(${JSON.stringify(progress)}, String(n));
       }
       response.end();`,
    );
    const written = (): number => Number(readFileSync(progress, 'utf8'));
    const reading = await open(url);
    reading.pause();
    // Some of it fits into the buffers on the way.
    await new Promise(resolve => setTimeout(resolve, 500));
    expect(written()).toBeLessThan(30);
    reading.destroy();
    await expect.poll(written, { timeout: 15_000 }).toBe(40);
  });

  it('has a line in the access log once it has ended, with the bytes that were sent', async () => {
    const lines = readFileSync(join(api.cloud.context.dataDir, 'logs', 'access.log'), 'utf8')
      .trim()
      .split('\n');
    const logged = lines.map(line => JSON.parse(line)).filter(({ path }) => path === '/large' || path === '/broken');
    expect(logged).toEqual([
      { path: '/large', status: 206, length: 12_000_000 },
      { path: '/broken', status: 200, length: 5 },
    ]);
  });
});

describe('the template', () => {
  it('is refused where the URI and the mode do not go together, and where the time is too long', async () => {
    const made = await makeFunction(api.cloud, 'FModes', 'export const handler = async () => {};');
    const attempt = (properties: Record<string, unknown>) =>
      api.method('GET', '/modes', { ...streamFrom(made), ...properties });
    await expect(attempt({ responseTransferMode: 'BUFFERED' })).rejects.toThrow('uri');
    const buffered = streamFrom(made).uri as string;
    const uri = buffered.replace('2021-11-15', '2015-03-31').replace('response-streaming-invocations', 'invocations');
    await expect(attempt({ uri })).rejects.toThrow('/response-streaming-invocations');
    await expect(attempt({ timeoutInMillis: 900_001 })).rejects.toThrow('50 to 900000');
    await expect(attempt({ type: 'mock' })).rejects.toThrow('responseTransferMode');
  });
});
