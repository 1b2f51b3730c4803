/** HTTP as it is sent: any method, path, header and body, which a browser's client would correct or refuse. */
import { Agent, request } from 'node:http';
import type { Received } from './documented.ts';

export interface RawCall {
  readonly method: string;
  /** Percent-encoded, with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

export interface RawReply extends Received {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** Follows no redirect. Rejects where no whole answer comes. */
export function send(url: string, { method, path, headers, body }: RawCall): Promise<RawReply> {
  const { promise, resolve, reject } = Promise.withResolvers<RawReply>();
  const { hostname, port } = new URL(url);
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const call = request({ agent, hostname, port, method, path, headers: { ...headers, ...length } }, response => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        contentType: response.headers['content-type'] ?? '',
        text: Buffer.concat(chunks).toString('utf8'),
      }),
    );
  });
  call.on('error', reject);
  call.end(body);
  return promise;
}

/** A multipart body as clients write it; a Buffer is a file. */
export function multipart(members: Readonly<Record<string, string | Buffer>>): { contentType: string; body: Buffer } {
  const boundary = '----mutoscope-7d1f';
  const parts = Object.entries(members).map(([name, value]) => {
    const file = Buffer.isBuffer(value) ? '; filename="file.bin"\r\ncontent-type: application/octet-stream' : '';
    const head = `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), Buffer.from(value), Buffer.from('\r\n')]);
  });
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
  };
}
