import type { Writable } from 'node:stream';

/** Writes to a stream and waits until it wants more. Of a stream that is closed nothing is wanted: that is no error. */
export function writeThrough(stream: Writable, chunk: Uint8Array): Promise<void> {
  if (stream.destroyed || stream.writableEnded || stream.write(chunk)) return Promise.resolve();
  return new Promise(resolve => {
    const go = (): void => {
      stream.off('drain', go).off('close', go);
      resolve();
    };
    stream.on('drain', go).on('close', go);
  });
}
