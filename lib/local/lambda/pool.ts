/**
 * Which environment answers an invocation. Invariants: an environment has one invocation at a time; a function has at
 * most `reservedConcurrency` (or eight) environments, all functions together at most 32. At its reserved concurrency a
 * function is throttled, as on AWS; where AWS would start more environments than one machine has, a call waits. Those who
 * wait are served in the order of their coming, but nobody waits behind a function that is at its own limit.
 */
import type { Clock } from '../clock.ts';
import { AwsError } from '../service.ts';
import type { Environment } from './environment.ts';
import type { FunctionDefinition } from './functions.ts';

export interface PoolLimits {
  readonly perFunction: number;
  readonly overall: number;
  /** An environment without work for so long is ended. */
  readonly idleMs: number;
  /** Beyond so many waiting invocations of one function it is throttled. */
  readonly waiting: number;
}

export const POOL_LIMITS: PoolLimits = { perFunction: 8, overall: 32, idleMs: 60_000, waiting: 1000 };

interface Waiter {
  readonly definition: FunctionDefinition;
  readonly take: (environment: Environment) => void;
  readonly fail: (error: Error) => void;
}

export class Pool {
  readonly #spawn: (definition: FunctionDefinition, onOver: () => void) => Environment;
  readonly #clock: Clock;
  readonly #limits: PoolLimits;
  readonly #all = new Set<Environment>();
  /** Idle ones, the longest idle first, with the answer that cancels each one's end. */
  readonly #idle = new Map<Environment, () => void>();
  /** Those that were acquired and are not released. */
  readonly #busy = new Set<Environment>();
  /** Busy ones of a function that has changed since. */
  readonly #retired = new WeakSet<Environment>();
  #waiters: Waiter[] = [];
  #stopped = false;

  constructor(
    spawn: (definition: FunctionDefinition, onOver: () => void) => Environment,
    clock: Clock,
    limits: PoolLimits = POOL_LIMITS,
  ) {
    this.#spawn = spawn;
    this.#clock = clock;
    this.#limits = limits;
  }

  /**
   * An environment for one invocation, to be given back with `release`. Throws TooManyRequestsException, and the reason
   * of `signal` where that is aborted before there is one: nobody is served whose caller has gone. `queued`: the call
   * comes out of a queue, which waits where the function is at its reserved concurrency.
   */
  async acquire(definition: FunctionDefinition, queued = false, signal?: AbortSignal): Promise<Environment> {
    if (this.#stopped) throw stopping();
    const { name, reservedConcurrency = Number.POSITIVE_INFINITY } = definition;
    const waiting = this.#waiters.filter(waiter => waiter.definition.name === name).length;
    const running = waiting + [...this.#busy].filter(one => one.definition.name === name).length;
    const full = reservedConcurrency === 0 || (!queued && running >= reservedConcurrency);
    if (full) throw tooMany('ReservedFunctionConcurrentInvocationLimitExceeded');
    if (waiting >= this.#limits.waiting) throw tooMany('ConcurrentInvocationLimitExceeded');
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Environment>();
    const waiter: Waiter = { definition, take: resolve, fail: reject };
    const leave = (): void => {
      this.#waiters = this.#waiters.filter(each => each !== waiter);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', leave, { once: true });
    this.#waiters.push(waiter);
    this.#serve();
    return promise.finally(() => signal?.removeEventListener('abort', leave));
  }

  release(environment: Environment): void {
    this.#busy.delete(environment);
    if (this.#retired.has(environment)) this.#end(environment);
    else if (!environment.over && !this.#stopped) this.#rest(environment);
    this.#serve();
  }

  /** Starts one environment ahead of the first invocation, where there is room; resolves when it is ready. */
  async prewarm(definition: FunctionDefinition): Promise<void> {
    if (this.#stopped || this.#countOf(definition.name) > 0 || this.#all.size >= this.#limits.overall) return;
    const environment = this.#make(definition);
    await environment.ready;
    this.release(environment);
  }

  /** Ends the idle environments of a function that has changed; busy ones end after their invocation. */
  retire(name: string): void {
    for (const environment of [...this.#all].filter(one => one.definition.name === name)) {
      if (this.#idle.has(environment)) this.#end(environment);
      else this.#retired.add(environment);
    }
  }

  /** Ends every environment; resolves when the last process is gone. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const waiter of this.#waiters) waiter.fail(stopping());
    this.#waiters = [];
    await Promise.all([...this.#all].map(environment => this.#end(environment)));
  }

  #serve(): void {
    this.#waiters = this.#waiters.filter(({ definition, take, fail }) => {
      try {
        const environment = this.#find(definition);
        if (!environment) return true;
        this.#busy.add(environment);
        take(environment);
        return false;
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)));
        return false;
      }
    });
  }

  #find(definition: FunctionDefinition): Environment | undefined {
    // The one that worked last is the warmest.
    const warm = [...this.#idle.keys()].findLast(one => one.definition.revision === definition.revision);
    if (warm) {
      this.#wake(warm);
      return warm;
    }
    if (this.#countOf(definition.name) >= this.#limitOf(definition)) return undefined;
    if (this.#all.size >= this.#limits.overall) {
      const [longestIdle] = this.#idle.keys();
      if (!longestIdle) return undefined;
      this.#end(longestIdle);
    }
    return this.#make(definition);
  }

  #make(definition: FunctionDefinition): Environment {
    const environment: Environment = this.#spawn(definition, () => {
      this.#forget(environment);
      this.#serve();
    });
    this.#all.add(environment);
    return environment;
  }

  #rest(environment: Environment): void {
    const cancel = this.#clock.after(this.#limits.idleMs, () => this.#end(environment));
    this.#idle.set(environment, cancel);
  }

  #wake(environment: Environment): void {
    this.#idle.get(environment)?.();
    this.#idle.delete(environment);
  }

  #end(environment: Environment): Promise<void> {
    this.#forget(environment);
    return environment.kill();
  }

  #forget(environment: Environment): void {
    this.#wake(environment);
    this.#all.delete(environment);
  }

  #countOf(name: string): number {
    return [...this.#all].filter(one => one.definition.name === name).length;
  }

  #limitOf({ reservedConcurrency }: FunctionDefinition): number {
    return Math.min(reservedConcurrency ?? this.#limits.perFunction, this.#limits.overall);
  }
}

function tooMany(Reason: string): AwsError {
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, { Reason });
}

function stopping(): AwsError {
  return new AwsError('ServiceException', 'The service is stopping', 500);
}
