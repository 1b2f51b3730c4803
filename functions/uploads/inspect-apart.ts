/**
 * Inspects media in a thread of its own, which is ended where it takes too long: a file that was cut at the wrong byte can
 * keep its reader in a loop that nothing else interrupts. The thread runs this same file, or the bundle that it is part of.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Refusal } from '../catalogue/refusal.ts';
import { DAMAGED, inspectMedia, type MediaFacts } from './media-inspection.ts';

/** A whole film of 100 MB takes a tenth of it. */
const LIMIT_MS = 6_000;
const MEMORY_MB = 256;

interface Task {
  readonly inspect: Uint8Array;
  readonly field: string;
}

/** A refusal loses its class on the way between threads: its parts do not. */
type Found = { readonly facts: MediaFacts } | { readonly refused: string } | { readonly broken: string };

/** The facts of a film or a recording; throws a Refusal that says what was wrong. `field` is where the bytes came from. */
export function inspectApart(bytes: Uint8Array, field: string, limitMs = LIMIT_MS): Promise<MediaFacts> {
  return new Promise((done, fail) => {
    const refuse = (message: string) => fail(new Refusal('invalid_parameter', message, field));
    const task: Task = { inspect: bytes, field };
    const worker = new Worker(new URL(import.meta.url), {
      ...{ workerData: task, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB } },
    });
    const late = setTimeout(() => {
      refuse(`${field} ${DAMAGED}`);
      void worker.terminate();
    }, limitMs);
    worker.on('message', (found: Found) => {
      if ('facts' in found) done(found.facts);
      else if ('refused' in found) refuse(found.refused);
      else fail(new Error(`media could not be inspected: ${found.broken}`));
    });
    worker.on('error', error => {
      // A file that makes its reader fill the memory is as damaged as one that makes it run for ever.
      if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') refuse(`${field} ${DAMAGED}`);
      else fail(error);
    });
    worker.on('exit', code => {
      clearTimeout(late);
      fail(new Error(`the inspection ended with ${code} and said nothing`));
    });
  });
}

async function answer({ inspect, field }: Task): Promise<Found> {
  try {
    return { facts: await inspectMedia(inspect, field) };
  } catch (error) {
    return error instanceof Refusal ? { refused: error.message } : { broken: String(error) };
  }
}

const task = isMainThread ? undefined : (workerData as Partial<Task> | null);
if (task?.inspect && task.field) {
  parentPort?.postMessage(await answer({ inspect: task.inspect, field: task.field }));
}
