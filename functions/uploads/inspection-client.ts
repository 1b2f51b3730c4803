/**
 * The one way in which bytes from outside are inspected, whichever route brought them: in a thread of its own, which is ended
 * where it takes too long or too much memory. A file that was cut at the wrong byte can keep its reader in a loop that
 * nothing else interrupts; a machine that has too much to do can keep a whole file waiting. The processor's time tells them
 * apart: only the file is to blame for that. The thread runs this same file, or the bundle that it is part of.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Refusal, type RefusalKind } from '../catalogue/refusal.ts';
import { type DocumentFacts, inspectDocument } from './document-inspection.ts';
import { type ImageFacts, inspectImage, truncated } from './image-inspection.ts';
import { DAMAGED, inspectMedia, type MediaFacts } from './media-inspection.ts';

/** By the clock: API Gateway waits no longer than 29 seconds for everything that a call does. */
const LIMIT_MS = 6_000;
/** Of the processor: a whole video of 100 MB takes some tenths of a second. Less than this within the limit, and others kept it busy. */
const MOST_WORK_MS = 1_500;
/** A thread that is asked what it has worked answers at once, unless it is within one long call. */
const ANSWER_MS = 250;
const MEMORY_MB = 256;

/** What the bytes should be, and what a refusal needs to know of where they came from. */
type Task =
  | { readonly kind: 'image' }
  | { readonly kind: 'media'; readonly field: string }
  | { readonly kind: 'document'; readonly contentType: string };

/** A refusal loses its class on the way between threads: its parts do not. */
type Found =
  | { readonly facts: object }
  | { readonly refused: { readonly kind: RefusalKind; readonly message: string; readonly field: string | undefined } }
  | { readonly broken: string };

/** The facts of an image; throws a Refusal that says what was wrong. */
export function imageFacts(bytes: Uint8Array, limitMs = LIMIT_MS): Promise<ImageFacts> {
  return inspect<ImageFacts>({ kind: 'image' }, bytes, limitMs, truncated());
}

/** The facts of a video or of audio; throws a Refusal that says what was wrong. `field` is where the bytes came from. */
export function mediaFacts(bytes: Uint8Array, field: string, limitMs = LIMIT_MS): Promise<MediaFacts> {
  const damaged = new Refusal('invalid_parameter', `${field} ${DAMAGED}`, field);
  return inspect<MediaFacts>({ kind: 'media', field }, bytes, limitMs, damaged);
}

/** What a document is that was announced as of this type, a PDF or an image; throws a Refusal that says what was wrong. */
export function documentFacts(bytes: Uint8Array, contentType: string, limitMs = LIMIT_MS): Promise<DocumentFacts> {
  const damaged = new Refusal('invalid_parameter', 'the document cannot be read: it is damaged or cut off');
  return inspect<DocumentFacts>({ kind: 'document', contentType }, bytes, limitMs, damaged);
}

/** `damaged` is what a file is told that makes its reader run for ever or fill the memory. */
function inspect<Facts extends object>(
  task: Task,
  bytes: Uint8Array,
  limitMs: number,
  damaged: Refusal,
): Promise<Facts> {
  return new Promise((done, fail) => {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { inspection: task, bytes },
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
    });
    let isLate = false;
    const limit = setTimeout(async () => {
      isLate = true;
      fail(refusalOfLate(await workOf(worker), damaged));
      void worker.terminate();
    }, limitMs);
    worker.on('message', (found: Found) => {
      if (isLate) return;
      void worker.terminate();
      if ('facts' in found) done(found.facts as Facts);
      else if ('refused' in found) {
        const { kind, message, field } = found.refused;
        fail(new Refusal(kind, message, field));
      } else fail(new Error(`the bytes could not be inspected: ${found.broken}`));
    });
    worker.on('error', error => {
      fail((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY' ? damaged : error);
    });
    worker.on('exit', code => {
      clearTimeout(limit);
      if (!isLate) fail(new Error(`the inspection ended with ${code} and said nothing`));
    });
  });
}

/** What is to blame where the limit has passed and the thread has had so many milliseconds of the processor: the file, or the machine. */
export function refusalOfLate(workMs: number, damaged: Refusal): Refusal {
  return workMs >= MOST_WORK_MS
    ? damaged
    : new Refusal('busy', 'what was sent could not be inspected in time, which is no fault of it: send it again');
}

/** Milliseconds of the processor that the thread has used; 0 where it does not say. */
async function workOf(worker: Worker): Promise<number> {
  const unanswered = pause(ANSWER_MS, { user: 0, system: 0 }, { ref: false });
  const { user, system } = await Promise.race([worker.cpuUsage().catch(() => unanswered), unanswered]);
  return (user + system) / 1000;
}

async function factsOf(task: Task, bytes: Buffer): Promise<object> {
  if (task.kind === 'image') return inspectImage(bytes);
  return task.kind === 'media' ? inspectMedia(bytes, task.field) : inspectDocument(bytes, task.contentType);
}

async function found(task: Task, bytes: Buffer): Promise<Found> {
  try {
    return { facts: await factsOf(task, bytes) };
  } catch (error) {
    if (!(error instanceof Refusal)) return { broken: String(error) };
    const { kind, message, field } = error;
    return { refused: { kind, message, field } };
  }
}

const { inspection, bytes } = (isMainThread ? {} : (workerData ?? {})) as { inspection?: Task; bytes?: Uint8Array };
if (inspection && bytes) {
  parentPort?.postMessage(await found(inspection, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
}
