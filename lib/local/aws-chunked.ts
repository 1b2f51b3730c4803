/**
 * Takes an upload out of `aws-chunked` framing: chunks with their sizes in hex, then trailers such as the checksum,
 * which are put among the headers. Chunk signatures are not checked: the frame travels over loopback only, and the
 * checksum is.
 */
import { AwsError } from './service.ts';

type Headers = Readonly<Record<string, string>>;

export function decodeAwsChunked(body: Buffer, headers: Headers): { body: Buffer; headers: Headers } {
  const encodings = (headers['content-encoding'] ?? '').split(',').map(encoding => encoding.trim());
  if (!encodings.includes('aws-chunked')) return { body, headers };
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = lineEnd(body, at);
    const size = Number.parseInt(body.toString('latin1', at, end), 16);
    if (Number.isNaN(size)) throw new AwsError('InvalidRequest', 'A chunk of the upload does not begin with its size');
    at = end + 2;
    if (size === 0) break;
    chunks.push(body.subarray(at, at + size));
    at += size + 2;
  }
  const trailers: Record<string, string> = {};
  while (at < body.length) {
    const end = lineEnd(body, at);
    const [name, value] = body.toString('latin1', at, end).split(/:(.*)/s);
    if (name && value !== undefined) trailers[name.toLowerCase()] = value.trim();
    at = end + 2;
  }
  const remaining = encodings.filter(encoding => encoding !== 'aws-chunked').join(',');
  const { 'content-encoding': _, ...others } = headers;
  return {
    body: Buffer.concat(chunks),
    headers: { ...others, ...(remaining && { 'content-encoding': remaining }), ...trailers },
  };
}

function lineEnd(body: Buffer, from: number): number {
  const end = body.indexOf('\r\n', from);
  return end === -1 ? body.length : end;
}
