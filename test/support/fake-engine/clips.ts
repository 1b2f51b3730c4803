/** The clips that a fake engine serves: one real MP4, and what can come instead of it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AV_LOG_ERROR } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { makeVideo } from '../../../functions/worker/media/make-video.ts';

// What x264 says of each clip would stand between the results.
Log.setLevel(AV_LOG_ERROR);

/** A sixth of a second of one colour, 64x64, H.264 and AAC: a few kilobytes that every player opens. */
export async function tinyMp4(): Promise<Buffer> {
  const directory = await mkdtemp(join(tmpdir(), 'fake-engine-'));
  try {
    const made = await makeVideo(
      {
        video: { kind: 'file', path: '' },
        format: { width: 64, height: 64, fps: 24, durationSeconds: 1 / 6, audio: true },
        label: { text: '' },
        metadata: {},
        directory,
      },
      {
        scene: 'one colour',
        paint(_, { context, width, height }) {
          context.fillStyle = '#3e8fb0';
          context.fillRect(0, 0, width, height);
        },
      },
      () => {},
    );
    return await readFile(made.videoPath);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The same clip with its codec's name changed: a whole MP4 of something that is no video codec of ours. */
export function withCodec(clip: Buffer, codec: string): Buffer {
  const changed = Buffer.from(clip);
  changed.write(codec, changed.indexOf('avc1', changed.indexOf('stsd')), 'latin1');
  return changed;
}

/** The beginning of a WebM file: EBML. */
export const WEBM = Buffer.concat([
  Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d', 'hex'),
  Buffer.alloc(400),
]);
