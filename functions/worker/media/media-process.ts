/** The media process: takes one job from its parent, makes the clip, answers, ends. It ends, too, when the parent does. */
import { AV_LOG_ERROR } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { openGenerated } from './generated-video.ts';
import type { MediaJob, MediaMessage } from './job.ts';
import { makeVideo } from './make-video.ts';
import { MediaError } from './media-error.ts';

function send(message: MediaMessage): Promise<void> {
  return new Promise(resolve => {
    if (process.send === undefined) throw new Error('the media process is started by runMediaJob, not by hand');
    process.send(message, () => resolve());
  });
}

async function work(job: MediaJob): Promise<void> {
  try {
    let reported = 0;
    const result = await makeVideo(job, await openGenerated(job), fraction => {
      const percent = Math.floor(fraction * 100);
      if (percent === reported) return;
      reported = percent;
      void send({ type: 'progress', fraction, residentBytes: process.memoryUsage.rss() });
    });
    await send({ type: 'done', result });
  } catch (error) {
    // Only a clip that takes all of its own time is not tried again: a part of the work that hung may go better.
    const code = error instanceof MediaError && error.code !== 'timeout' ? error.code : 'crashed';
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    await send({ type: 'failed', code, message });
  }
  process.disconnect?.();
}

Log.setLevel(AV_LOG_ERROR);
process.once('disconnect', () => process.exit());
process.once('message', job => void work(job as MediaJob));
