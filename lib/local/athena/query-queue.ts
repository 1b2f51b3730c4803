/**
 * Runs queries, two at once, in the order of their submission. A query has its own time limit, on the real clock: it is
 * real work, and moving the clock of the cloud forward does not make it longer.
 */
import type { Clock } from '../clock.ts';
import type { Outcome, Query, QueryStore } from './query-store.ts';

/** Each may take its share of memory and processor: see duckdb.ts. */
const AT_ONCE = 2;

/** Ends when the query has; the signal asks it to end now, and its reason is the outcome. */
export type RunQuery = (query: Query, signal: AbortSignal) => Promise<Outcome>;

export class QueryQueue {
  readonly #clock: Clock;
  readonly #store: QueryStore;
  readonly #timeoutMs: number;
  readonly #run: RunQuery;
  readonly #waiting: string[] = [];
  readonly #running = new Map<string, { readonly controller: AbortController; readonly done: Promise<void> }>();
  #stopped = false;

  constructor(clock: Clock, store: QueryStore, timeoutMs: number, run: RunQuery) {
    this.#clock = clock;
    this.#store = store;
    this.#timeoutMs = timeoutMs;
    this.#run = run;
  }

  /** Takes a stored query that is QUEUED. */
  submit(id: string): void {
    this.#waiting.push(id);
    this.#next();
  }

  /** Ends the query as CANCELLED; one that has ended stays as it is. */
  async cancel(id: string): Promise<void> {
    const outcome: Outcome = { state: 'CANCELLED', reason: 'Query cancelled by user' };
    const running = this.#running.get(id);
    if (!running) return this.#store.end(id, outcome, this.#clock.now());
    running.controller.abort(outcome);
    await running.done;
  }

  /** After a start: what was running has failed, what was queued is queued again. */
  resume(): void {
    for (const { id, state } of this.#store.unfinished()) {
      const reason = 'The local cloud stopped while this query ran; submit it again';
      if (state === 'RUNNING') this.#store.end(id, { state: 'FAILED', reason, category: 1 }, this.#clock.now());
      else this.submit(id);
    }
  }

  /** Ends the work, not the queries: the next start says that they failed. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { controller } of this.#running.values()) controller.abort();
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  #next(): void {
    while (!this.#stopped && this.#running.size < AT_ONCE) {
      const id = this.#waiting.shift();
      if (id === undefined) return;
      const query = this.#store.find(id);
      if (query?.state !== 'QUEUED') continue;
      const controller = new AbortController();
      this.#running.set(id, { controller, done: this.#work(query, controller) });
    }
  }

  async #work(query: Query, controller: AbortController): Promise<void> {
    const { id } = query;
    const started = this.#clock.now();
    this.#store.run(id);
    const late: Outcome = { state: 'FAILED', reason: 'Query timeout', category: 2 };
    const timer = setTimeout(() => controller.abort(late), this.#timeoutMs).unref();
    const ended = await this.#run(query, controller.signal);
    clearTimeout(timer);
    this.#running.delete(id);
    if (this.#stopped) return;
    const outcome = controller.signal.aborted ? (controller.signal.reason as Outcome) : ended;
    const statistics = { ...ended.statistics, queuedMs: started - query.submittedAt };
    this.#store.end(id, { ...outcome, statistics }, this.#clock.now());
    this.#next();
  }
}
