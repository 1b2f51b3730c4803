/**
 * The worker: takes one job at a time from the queue until it is told to stop, then gives back what it holds. Run as the
 * command of the ECS task.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { environment, logger, setting } from '../runtime/runtime.ts';
import { readEngineKey } from './engine-key.ts';
import { engineFromEnvironment } from './engines/configured-engine.ts';
import { EngineError } from './engines/engine-error.ts';
import { receive } from './message.ts';
import { work } from './work.ts';

const QUEUE_URL = setting('QUEUE_URL');
const apiKey = await readEngineKey(environment.ENGINE_SECRET);
const engine = engineFromEnvironment(
  { ...environment, ...(apiKey !== undefined && { ENGINE_API_KEY: apiKey }) },
  {
    // An engine that cannot be trusted is replaced together with its task: ECS starts both anew. So is a key that the
    // engine does not accept any more: the next worker reads it again.
    recycle: async why => {
      logger.error('the engine is not to be trusted; this task ends', { why });
      process.exit(1);
    },
  },
);
const CONFIG = { jobsTable: setting('JOBS_TABLE'), mediaBucket: setting('MEDIA_BUCKET'), engine };
const PAUSE_AFTER_ERROR_MS = 1_000;

const shutdown = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => shutdown.abort());

// A model that is still loading takes no job, nor does one that ended its last job badly and has not passed its health probe
// since: the job would lose an attempt by it, and wait for its lease to end where the health probe ends this task.
const ready = async (): Promise<void> => ('ready' in engine ? engine.ready(shutdown.signal) : undefined);

await ready();
logger.info('worker ready', { engine: CONFIG.engine.name });
while (!shutdown.signal.aborted) {
  try {
    await ready();
    const delivery = await receive(QUEUE_URL, shutdown.signal);
    if (delivery) await work(CONFIG, delivery, shutdown.signal);
  } catch (error) {
    if (shutdown.signal.aborted) break;
    // As at start-up: an engine that refuses its health probe refuses the next one too.
    if (error instanceof EngineError && !error.retryable) throw error;
    // The message comes again when its lease ends.
    logger.error('trouble at work', error as Error);
    await pause(PAUSE_AFTER_ERROR_MS);
  }
}
logger.info('worker drained');
