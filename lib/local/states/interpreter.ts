/**
 * The execution loop. Where an execution stands is in the database alone: each transition is one transaction, made by
 * one job of the execution's queue, and memory holds nothing but timers and calls in flight. After a crash, `resume`
 * looks at every branch of every open execution and goes on from there.
 *
 * A call to Lambda or SQS that was in flight at the crash is made again, for nothing tells whether it arrived: a task
 * runs at least once, as it does on AWS. Its token, where it has one, stays the same.
 */
import type { Clock } from '../clock.ts';
import { atomically } from '../database.ts';
import type { CloudContext } from '../service.ts';
import { STORE_AGAIN_MS, storageTrouble } from '../storage-trouble.ts';
import { enter, wake } from './decide.ts';
import { ERROR, StateFailure } from './failure.ts';
import { branchFailed, iterationEvent, join } from './fork-states.ts';
import type { Frame, Move } from './frame.ts';
import { Frames } from './frames.ts';
import { close, History } from './history.ts';
import { call } from './integrations.ts';
import type { Json } from './json.ts';
import { guarded } from './leave.ts';
import type { BranchRow, ExecutionRow } from './rows.ts';
import { Store } from './store.ts';
import { integrationOfState, type Outcome, settleTask } from './task-state.ts';
import { type Step, writeSteps } from './write.ts';

/** AWS ends an execution at 25,000 events; the last ones must still fit. */
const HISTORY_LIMIT = 25_000 - 50;

type Decide = (frame: Frame) => Promise<Move | undefined>;

export class Interpreter {
  readonly store: Store;
  readonly frames: Frames;
  readonly #context: CloudContext;
  readonly #queues = new Queues();
  readonly #timers: Timers;
  #stopped = false;

  constructor(context: CloudContext) {
    this.#context = context;
    this.store = new Store(context.database);
    this.frames = new Frames(context, this.store);
    this.#timers = new Timers(context.clock);
  }

  now(): number {
    return this.#context.clock.now();
  }

  /** Goes on with every open execution from where it stands. */
  resume(): void {
    for (const execution of this.store.openExecutions()) this.follow(execution);
  }

  /** Does what the branches of an execution have to do next: after its start, a redrive or a crash. */
  follow(execution: Pick<ExecutionRow, 'arn' | 'deadline'>): void {
    const { arn, deadline } = execution;
    if (deadline !== null) this.#timers.set(arn, deadline, () => this.#expire(arn));
    for (const branch of this.store.branches(arn)) this.#attend(branch);
  }

  /** Resolves when nothing is being written any more; what comes later is dropped, and found again by `resume`. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timers.clear();
    await this.#queues.idle();
  }

  /** Runs `work` where nothing else touches the execution. */
  alone<T>(execution: string, work: () => Promise<T> | T): Promise<T> {
    return this.#queues.run(execution, work);
  }

  /** Ends an open execution by force; false where it had ended already. */
  end(arn: string, end: { status: 'ABORTED' | 'TIMED_OUT' | 'FAILED'; error?: string; cause?: string }): boolean {
    const execution = this.store.execution(arn);
    if (execution?.status !== 'RUNNING') return false;
    const now = this.#context.clock.now();
    atomically(this.#context.database, () => {
      const history = new History(this.store, execution, now);
      close(this.store, history, execution, end, 0, now);
      history.save();
    });
    this.#release(arn);
    return true;
  }

  /** Takes the end of a task, by its call or by the holder of its token; false where that attempt is over. Call it `alone`. */
  async settle(arn: string, branchId: number, token: string, outcome: Outcome): Promise<boolean> {
    let taken = false;
    await this.#advance(arn, branchId, async frame => {
      const { branch, state } = frame;
      const live = branch.phase === 'calling' || (branch.phase === 'awaiting' && outcome.kind !== 'submitted');
      if (!live || branch.token !== token || state.Type !== 'Task') return undefined;
      taken = true;
      return settleTask(frame, state, outcome);
    });
    return taken;
  }

  /** Notes a heartbeat; false where the attempt of that token is over. Call it `alone`. */
  heartbeat(arn: string, branchId: number, token: string): boolean {
    const branch = this.store.branch(branchId);
    const open = branch && (branch.phase === 'calling' || branch.phase === 'awaiting') && branch.token === token;
    if (!open || this.store.execution(arn)?.status !== 'RUNNING') return false;
    if (branch.heartbeat_seconds !== null) {
      // The timer stays as it is: when it comes, it finds the later time and is set again.
      const heartbeat_at = this.#context.clock.now() + branch.heartbeat_seconds * 1000;
      this.store.updateBranch(branchId, { heartbeat_at });
    }
    return true;
  }

  #expire(arn: string): void {
    this.#inBackground(arn, async () => {
      const execution = this.store.execution(arn);
      if (execution) this.end(arn, { status: 'TIMED_OUT', error: ERROR.timeout });
    });
  }

  /** Begins whatever the branch waits for. */
  #attend(branch: BranchRow): void {
    if (this.#stopped) return;
    this.#arm(branch);
    const { execution, id, phase } = branch;
    if (phase === 'entering') this.#step(execution, id, enter);
    if (phase === 'joining') this.#step(execution, id, frame => this.#join(frame));
    if (phase === 'calling') this.#inBackground(execution, async () => this.#call(branch));
  }

  #arm({ execution, id, wake_at, timeout_at, heartbeat_at }: BranchRow): void {
    const times = [wake_at, timeout_at, heartbeat_at].filter(time => time !== null);
    if (times.length > 0) this.#timers.set(`${id}`, Math.min(...times), () => this.#step(execution, id, wake));
    else this.#timers.drop(`${id}`);
  }

  #step(arn: string, branchId: number, decide: Decide): void {
    this.#inBackground(arn, () => this.#advance(arn, branchId, decide));
  }

  /**
   * A fault of the engine itself must not leave an execution open for ever. A step that could not be stored, such as on
   * a full disk, has not been: it is taken again a while later, from what is stored.
   */
  #inBackground(arn: string, work: () => Promise<unknown>): void {
    this.alone(arn, async () => {
      if (!this.#stopped) await work();
    }).catch((error: unknown) => {
      const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#context.log('states.fault', { execution: arn, cause });
      if (this.#stopped) return;
      if (storageTrouble(error) !== undefined) return this.#later(arn, work);
      this.#later(arn, async () => this.end(arn, { status: 'FAILED', error: ERROR.runtime, cause }), 0);
    });
  }

  #later(arn: string, work: () => Promise<unknown>, ms = STORE_AGAIN_MS): void {
    this.#context.clock.after(ms, () => this.#inBackground(arn, work));
  }

  /** One transition. A failure that no handler of the branch takes goes up to the state that started the branch. */
  async #advance(arn: string, branchId: number, decide: Decide): Promise<void> {
    const execution = this.store.execution(arn);
    const branch = this.store.branch(branchId);
    if (execution?.status !== 'RUNNING' || !branch) return;
    if (execution.last_event >= HISTORY_LIMIT) {
      this.end(arn, {
        status: 'FAILED',
        error: ERROR.runtime,
        cause: 'The execution reached the limit of its history.',
      });
      return;
    }
    const frame = this.frames.of(execution, branch);
    const move = await guarded(frame, () => decide(frame));
    // Nothing to do, or a timer that came too early because a heartbeat has moved the time since it was set.
    if (!move) return this.#arm(branch);
    const steps: Step[] = [{ frame, move }];
    for (let at = steps[0]; at?.move.kind === 'fail' && at.frame.branch.parent !== null; at = steps.at(-1)) {
      steps.push(await this.#failParent(execution, at.frame, at.move.failure));
    }
    const now = frame.around.now;
    const follow = atomically(this.#context.database, () => writeSteps(this.store, execution, steps, now));
    if (this.store.execution(arn)?.status !== 'RUNNING') return this.#release(arn);
    for (const id of follow) {
      const next = this.store.branch(id);
      if (next) this.#attend(next);
    }
  }

  async #failParent(execution: ExecutionRow, child: Frame, failure: StateFailure): Promise<Step> {
    const parent = this.store.branch(child.branch.parent ?? 0);
    if (!parent) throw new Error(`${execution.arn}: a branch has no parent`);
    child.events.push(...iterationEvent('Failed', child.branch, parent.state));
    const frame = this.frames.of(execution, parent);
    for (const sibling of this.store.children(parent.id)) {
      if (sibling.id === child.branch.id || sibling.phase === 'done' || sibling.phase === 'pending') continue;
      const type = this.frames.of(execution, sibling).state.Type;
      if (type === 'Task' || type === 'Wait' || type === 'Map' || type === 'Parallel')
        frame.record(`${type}StateAborted`);
      frame.events.push(...iterationEvent('Aborted', sibling, parent.state));
    }
    return { frame, move: await guarded(frame, () => branchFailed(frame, failure)) };
  }

  async #join(frame: Frame): Promise<Move | undefined> {
    const { branch } = frame;
    if (branch.phase !== 'joining' || this.store.hasOpenChild(branch.id)) return undefined;
    const outputs = this.store.children(branch.id).map(({ output }) => JSON.parse(output ?? 'null') as Json);
    return join(frame, outputs);
  }

  /** The call goes on beside the queue; its answer comes back to it. */
  #call({ execution: arn, id, token, state, arguments: given }: BranchRow): void {
    // Read again: what was before it in the queue may have ended the attempt.
    const execution = this.store.branch(id)?.token === token ? this.store.execution(arn) : undefined;
    const definition = execution && this.frames.definition(execution.definition).states.get(state);
    if (execution?.status !== 'RUNNING' || definition?.Type !== 'Task' || token === null || given === null) return;
    const integration = integrationOfState(definition);
    const { waitsForToken } = integration;
    call(this.#context, integration, JSON.parse(given) as Json, execution.role_arn)
      .then<Outcome>(result => ({ kind: waitsForToken ? 'submitted' : 'result', result }))
      .catch<Outcome>((failure: unknown) => ({
        kind: waitsForToken ? 'unsubmitted' : 'failure',
        failure: failure instanceof StateFailure ? failure : new StateFailure(ERROR.runtime, String(failure)),
      }))
      .then(outcome => this.#inBackground(arn, () => this.settle(arn, id, token, outcome)));
  }

  #release(arn: string): void {
    this.#timers.drop(arn);
    for (const { id } of this.store.branches(arn)) this.#timers.drop(`${id}`);
  }
}

/** Runs the jobs of one key one after another; jobs of different keys do not wait for each other. */
class Queues {
  readonly #tails = new Map<string, Promise<unknown>>();

  run<T>(key: string, job: () => Promise<T> | T): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const result = before.then(job, job);
    const tail = result.catch(() => {});
    this.#tails.set(key, tail);
    tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    return result;
  }

  /** Resolves when every job known now, and what those have added, has ended. */
  async idle(): Promise<void> {
    while (this.#tails.size > 0) await Promise.all(this.#tails.values());
  }
}

/** One timer a key, on the cloud's clock. */
class Timers {
  readonly #clock: Clock;
  readonly #cancels = new Map<string, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `work` at `time` (epoch ms), in place of what the key had. */
  set(key: string, time: number, work: () => void): void {
    this.drop(key);
    const cancel = this.#clock.at(time, () => {
      this.#cancels.delete(key);
      work();
    });
    this.#cancels.set(key, cancel);
  }

  drop(key: string): void {
    this.#cancels.get(key)?.();
    this.#cancels.delete(key);
  }

  clear(): void {
    for (const key of [...this.#cancels.keys()]) this.drop(key);
  }
}
