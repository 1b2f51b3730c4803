/** Calls of the AWS endpoint as they are on the wire: for services without an SDK here, and for what an SDK never sends. */
import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { SessionCredentials } from '../../lib/local/service.ts';
import type { EngineCloud } from './engine-cloud.ts';

export interface Sent {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly method?: string;
}

export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly errorType: string | null;
  readonly text: string;
}

type Client = EngineCloud['client'];

export async function send(
  { endpoint }: Pick<Client, 'endpoint'>,
  { path = '/', headers = {}, body, method = 'POST' }: Sent,
): Promise<Answer> {
  const bytes = Buffer.isBuffer(body) ? new Uint8Array(body) : (body ?? '');
  const sent = method === 'GET' || method === 'HEAD' ? undefined : bytes;
  const answer = await fetch(endpoint + path, {
    method,
    headers,
    ...(sent !== undefined && { body: sent }),
  });
  const errorType = answer.headers.get('x-amzn-errortype');
  return { status: answer.status, type: answer.headers.get('content-type'), errorType, text: await answer.text() };
}

class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string);
  }
  update(data: Uint8Array | string): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

/** The same call with a signature for the service. */
export async function sign(
  service: string,
  call: Sent,
  { endpoint, credentials }: { endpoint: string; credentials: Client['credentials'] | SessionCredentials },
): Promise<Sent> {
  const [path = '/', search = ''] = (call.path ?? '/').split('?');
  const signer = new SignatureV4({
    service,
    uriEscapePath: service !== 's3',
    region: 'us-east-1',
    credentials,
    sha256: Sha256,
  });
  const { hostname, port, host } = new URL(endpoint);
  const { headers } = await signer.sign({
    method: call.method ?? 'POST',
    protocol: 'http:',
    hostname,
    port: Number(port),
    path,
    query: Object.fromEntries(new URLSearchParams(search)),
    headers: { ...call.headers, host },
    ...(call.body !== undefined && { body: call.body }),
  });
  return { ...call, headers };
}

/** A call of an AWS JSON service; throws an error of the service's name and words. */
export async function callJson<Output>(
  client: Client,
  { service, target, version = '1.1' }: { service: string; target: string; version?: string },
  input: object,
): Promise<Output> {
  const headers = { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target };
  const { status, text } = await send(client, await sign(service, { headers, body: JSON.stringify(input) }, client));
  const output = JSON.parse(text);
  if (status === 200) return output;
  throw Object.assign(new Error(output.message ?? output.Message), { name: String(output.__type).split('#').at(-1) });
}
