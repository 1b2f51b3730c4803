/** The studio process: takes one job from its parent, makes the clip, answers, ends. It ends, too, when the parent does. */

import { AV_LOG_ERROR } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { film } from './film.ts';
import { StudioError, type StudioJob, type StudioMessage } from './job.ts';
import { openSource } from './open-source.ts';

function tell(message: StudioMessage): Promise<void> {
  return new Promise(resolve => {
    if (process.send === undefined) throw new Error('the studio is started by runStudio, not by hand');
    process.send(message, () => resolve());
  });
}

async function work(job: StudioJob): Promise<void> {
  try {
    let told = 0;
    const result = await film(job, await openSource(job), fraction => {
      const percent = Math.floor(fraction * 100);
      if (percent === told) return;
      told = percent;
      void tell({ type: 'progress', fraction, residentBytes: process.memoryUsage.rss() });
    });
    await tell({ type: 'done', result });
  } catch (error) {
    const code = error instanceof StudioError ? error.code : 'crashed';
    await tell({
      type: 'failed',
      code,
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
  process.disconnect?.();
}

Log.setLevel(AV_LOG_ERROR);
process.once('disconnect', () => process.exit());
process.once('message', job => void work(job as StudioJob));
