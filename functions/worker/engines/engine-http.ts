/**
 * HTTP to an engine's server: a time limit on every call, a cap on every body, no redirects followed. The address is the
 * operator's; what answers there is not trusted with more memory or time than it was given.
 */
import { open } from 'node:fs/promises';
import { EngineTrouble } from './engine-client.ts';

export interface EngineAddress {
  /** Without a slash at its end: `http://10.0.0.5:8091`. */
  readonly url: string;
  readonly apiKey?: string;
}

export interface HttpLimits {
  /** For any call but the download, which has the job's own deadline. */
  readonly callMs: number;
  readonly maxClipBytes: number;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
  /** Whatever the server says went wrong, in any of the shapes that these servers use. */
  readonly detail: string;
}

const MAX_REPLY_BYTES = 1024 * 1024;
const MAX_DETAIL = 500;
/** Undici's and the system's codes for a connection that was never made. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export type Send = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  signal: AbortSignal,
  body?: FormData | { readonly json: object },
) => Promise<Reply>;

/** Calls that answer JSON. */
export function sender(address: EngineAddress, limits: HttpLimits): Send {
  return async (method, path, signal, body) => {
    const limit = AbortSignal.timeout(limits.callMs);
    const json = body !== undefined && !(body instanceof FormData) ? JSON.stringify(body.json) : undefined;
    try {
      const response = await fetch(address.url + path, {
        method,
        redirect: 'manual',
        headers: { ...headersFor(address), ...(json !== undefined && { 'content-type': 'application/json' }) },
        signal: AbortSignal.any([signal, limit]),
        ...(json !== undefined ? { body: json } : body instanceof FormData && { body }),
      });
      const bytes = await readCapped(response);
      return replyOf(response.status, bytes);
    } catch (error) {
      throw troubleOf(error, signal, `${method} ${path}`);
    }
  };
}

/** Downloads to a file; answers the reply instead where the status is not 200. */
export async function download(
  address: EngineAddress,
  limits: HttpLimits,
  path: string,
  file: string,
  signal: AbortSignal,
): Promise<Reply | 'saved'> {
  let began = false;
  try {
    const response = await fetch(address.url + path, { redirect: 'manual', headers: headersFor(address), signal });
    if (response.status !== 200) return replyOf(response.status, await readCapped(response));
    began = true;
    await save(response, file, limits.maxClipBytes);
    return 'saved';
  } catch (error) {
    const trouble = troubleOf(error, signal, `GET ${path}`);
    // Half a file: fetch rejects a body that ends before the length that was announced.
    throw began && trouble instanceof EngineTrouble
      ? new EngineTrouble('garbled', trouble.message, { cause: error })
      : trouble;
  }
}

async function save(response: Response, file: string, maxBytes: number): Promise<void> {
  const out = await open(file, 'w');
  try {
    let written = 0;
    for await (const chunk of response.body ?? []) {
      written += chunk.byteLength;
      if (written > maxBytes) throw new EngineTrouble('garbled', `the clip is larger than ${maxBytes} bytes`);
      await out.writeFile(chunk);
    }
  } finally {
    await out.close();
  }
}

async function readCapped(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_REPLY_BYTES) throw new EngineTrouble('garbled', `the reply is larger than ${MAX_REPLY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function headersFor({ apiKey }: EngineAddress): Record<string, string> {
  return { accept: '*/*', ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }) };
}

function replyOf(status: number, bytes: Buffer): Reply {
  const text = bytes.toString('utf8');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { status, body: undefined, detail: text.slice(0, MAX_DETAIL) };
  }
  return { status, body, detail: detailOf(body).slice(0, MAX_DETAIL) };
}

/** FastAPI says `detail`, a string or a list of breaches; vLLM says `error`, an object with a message or a string. */
function detailOf(body: unknown): string {
  const { detail, error } = (body ?? {}) as { detail?: unknown; error?: unknown };
  const said = (error as { message?: unknown } | undefined)?.message ?? error ?? detail ?? '';
  return typeof said === 'string' ? said : JSON.stringify(said);
}

/** An error of fetch as trouble with the engine; a caller's signal passes as the caller gave it. */
function troubleOf(error: unknown, signal: AbortSignal, call: string): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof EngineTrouble) return error;
  const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return new EngineTrouble('no_answer', `${call}: no answer in time`, { cause: error });
  const why = cause?.message || cause?.code || message;
  const kind = NOT_CONNECTED.has(cause?.code ?? '') ? 'not_sent' : 'no_answer';
  return new EngineTrouble(kind, `${call}: ${why}`, { cause: error });
}
