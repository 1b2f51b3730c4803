/**
 * Runs schedules when they are due. The time of the coming run is stored, and moves on only when that run is over: a
 * run that a crash or a stop has missed, or cut short, happens once at the next start. A schedule has one run at a time.
 */
import { randomUUID } from 'node:crypto';
import type { CloudContext } from '../service.ts';
import { STORE_AGAIN_MS } from '../storage-trouble.ts';
import { nextRun, parseExpression } from './expression.ts';
import type { ScheduleRow, ScheduleStore } from './schedule-store.ts';

/** Between attempts: 1 s, doubled each time, at most this. */
const LONGEST_BACKOFF_MS = 60_000;

export class Runner {
  readonly #context: CloudContext;
  readonly #store: ScheduleStore;
  readonly #timers = new Map<string, () => void>();
  readonly #running = new Set<string>();
  /** The schedules of the template; what is stored of others, from an earlier template, does not run. */
  readonly #adopted = new Set<string>();
  #stopped = false;
  #started = false;

  constructor(context: CloudContext, store: ScheduleStore) {
    this.#context = context;
    this.#store = store;
  }

  start(): void {
    this.#started = true;
    for (const arn of this.#adopted) this.#arm(arn);
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  /** Takes a schedule of the template, new or changed. It runs from `start` on, when its target is there. */
  adopt(arn: string): void {
    this.#adopted.add(arn);
    this.#arm(arn);
  }

  /** Forgets a schedule that is there no more; a run in progress ends by itself. */
  drop(arn: string): void {
    this.#adopted.delete(arn);
    this.#timers.get(arn)?.();
    this.#timers.delete(arn);
  }

  /** Whether the schedule is one of the template's. */
  has(arn: string): boolean {
    return this.#adopted.has(arn);
  }

  /** Sets the timer to what is stored. */
  #arm(arn: string): void {
    this.#timers.get(arn)?.();
    this.#timers.delete(arn);
    const schedule = this.#store.schedule(arn);
    if (!this.#started || this.#stopped || this.#running.has(arn)) return;
    if (schedule?.state !== 'ENABLED' || schedule.try_at === null) return;
    const cancel = this.#context.clock.at(schedule.try_at, () => {
      this.#timers.delete(arn);
      this.#run(schedule);
    });
    this.#timers.set(arn, cancel);
  }

  async #run(schedule: ScheduleRow): Promise<void> {
    this.#running.add(schedule.arn);
    const failure = await this.#invoke(schedule).catch((error: unknown) => String(error));
    this.#end(schedule, failure);
  }

  /** Plans what comes after the run; where that cannot be stored, such as on a full disk, a while later. */
  #end(schedule: ScheduleRow, failure: string | undefined): void {
    const { arn } = schedule;
    if (this.#stopped) return;
    try {
      // A new template may have changed the schedule meanwhile: its plan then stands.
      const now = this.#store.schedule(arn);
      if (now?.due_at === schedule.due_at && now?.expression === schedule.expression) this.#conclude(schedule, failure);
    } catch (error) {
      this.#context.log('scheduler.not-concluded', { schedule: arn, error: String(error) });
      this.#timers.set(
        arn,
        this.#context.clock.after(STORE_AGAIN_MS, () => this.#end(schedule, failure)),
      );
      return;
    }
    this.#running.delete(arn);
    this.#arm(arn);
  }

  async #invoke(schedule: ScheduleRow): Promise<string | undefined> {
    const { function_arn: functionArn, role_arn: as, arn: sourceArn } = schedule;
    const call = { functionArn, payload: payloadOf(schedule), as, sourceArn, queued: true };
    // What the function itself answers, an error too, is its own affair, as for the asynchronous invocation of AWS.
    const { functionError, payload } = await this.#context.ports.invokeFunction(call);
    if (functionError) this.#context.log('scheduler.function-error', { schedule: sourceArn, payload });
    return undefined;
  }

  #conclude(schedule: ScheduleRow, failure: string | undefined): void {
    const { arn, expression, attempts, retries, max_age_seconds } = schedule;
    const due = schedule.due_at ?? 0;
    const now = this.#context.clock.now();
    const retryAt = now + Math.min(1000 * 2 ** attempts, LONGEST_BACKOFF_MS);
    if (failure !== undefined && attempts < retries && retryAt <= due + max_age_seconds * 1000) {
      this.#store.plan(arn, { due_at: due, try_at: retryAt, attempts: attempts + 1 });
      return;
    }
    if (failure !== undefined) this.#giveUp(schedule, failure);
    const next = nextRun(parseExpression(expression), due, now) ?? null;
    this.#store.plan(arn, { due_at: next, try_at: next, attempts: 0 });
  }

  #giveUp(schedule: ScheduleRow, failure: string): void {
    const { arn, dead_letter_arn: deadLetters, role_arn: as } = schedule;
    const { awsUrl, log, ports } = this.#context;
    log('scheduler.gave-up', { schedule: arn, failure });
    if (deadLetters === null) return;
    const [, , , , account, queue] = deadLetters.split(':');
    ports
      .sendMessage({ queueUrl: `${awsUrl}/${account}/${queue}`, body: payloadOf(schedule), as })
      .catch((error: unknown) => log('scheduler.dead-letter-lost', { schedule: arn, error: String(error) }));
  }
}

/** The Input, with the words that EventBridge Scheduler replaces. */
function payloadOf({ arn, input, due_at, attempts }: ScheduleRow): string {
  const scheduled = new Date(due_at ?? 0).toISOString().replace(/\.\d+Z$/, 'Z');
  return (input ?? '{}')
    .replaceAll('<aws.scheduler.schedule-arn>', arn)
    .replaceAll('<aws.scheduler.scheduled-time>', scheduled)
    .replaceAll('<aws.scheduler.execution-id>', randomUUID())
    .replaceAll('<aws.scheduler.attempt-number>', `${attempts + 1}`);
}
