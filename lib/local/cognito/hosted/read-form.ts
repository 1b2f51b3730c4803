import type { IncomingMessage } from 'node:http';

/** More than any form of these pages. */
const LARGEST_BYTES = 64 * 1024;

/** Throws where the form is too large to be one of ours. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BYTES) throw new Error('a form larger than 64 KiB was sent to the sign-in pages');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
