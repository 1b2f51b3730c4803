/**
 * One execution environment: a child process with the function's own variables, credentials and folder, which answers
 * one invocation at a time. It inherits nothing from this process. Once it has failed to start, timed out or exited
 * it is over, and `over` is true.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { FunctionDefinition } from './functions.ts';
import type { EngineMessage, EnvironmentMessage, InvokeMessage } from './messages.ts';

/** AWS allows ten seconds for the start; here one start has the longer of that and the function's own time. */
const START_SECONDS = 10;

interface EnvironmentSetup {
  readonly bootstrap: string;
  readonly compileCache: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly codeFolder: string;
  readonly logStream: string;
}

interface Invocation {
  readonly requestId: string;
  readonly payload: string;
  readonly functionArn: string;
  readonly traceHeader: string;
  log(text: string): void;
  /** Takes a part of a streamed response; the handler's next one waits until it has. */
  take(chunk: Uint8Array): Promise<void>;
}

interface Run {
  /** Whether the response went to `take`. */
  readonly streamed: boolean;
  readonly outcome: Outcome;
  readonly durationMs: number;
  /** Only for the first invocation of an environment that it had to wait for. */
  readonly initMs: number | undefined;
  readonly memoryMb: number;
}

type Ending =
  | Extract<EnvironmentMessage, { type: 'answer' | 'streamed' | 'error' | 'fatal' }>
  | { readonly type: 'too_large' }
  | { readonly type: 'exit' }
  | { readonly type: 'timeout' };

export class Environment {
  readonly definition: FunctionDefinition;
  readonly logStream: string;
  readonly #child: ChildProcess;
  readonly #started = performance.now();
  #initMs: number | undefined;
  #reportedInit = false;
  #memoryMb = 0;
  #exit: { code: number | null; signal: string | null } | undefined;
  #fatal: Extract<EnvironmentMessage, { type: 'fatal' }> | undefined;
  #log: (text: string) => void;
  #hand: (chunk: Uint8Array) => Promise<void> = async () => {};
  #streamedBytes = 0;
  #settle: ((ending: Ending) => void) | undefined;
  readonly #ready: Promise<void>;
  readonly #ended = Promise.withResolvers<void>();

  /** `log` takes what the process writes while it has no request. */
  constructor(
    definition: FunctionDefinition,
    setup: EnvironmentSetup,
    log: (text: string) => void,
    onOver: () => void,
  ) {
    this.definition = definition;
    this.logStream = setup.logStream;
    this.#log = log;
    this.#child = fork(setup.bootstrap, [setup.compileCache, definition.jsonLogs ? 'JSON' : 'Text'], {
      cwd: setup.codeFolder,
      env: { ...setup.variables },
      execArgv: [`--max-old-space-size=${definition.memoryMb}`],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let ready: () => void = () => {};
    this.#ready = new Promise(resolve => {
      ready = resolve;
    });
    this.#child.on('message', (message: EnvironmentMessage) => {
      if (message.type === 'ready') {
        this.#initMs = performance.now() - this.#started;
        ready();
      } else this.#take(message);
    });
    // Only what Node itself writes comes this way, such as the heap report of a process out of memory.
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => this.#log(chunk.toString()));
    }
    const end = (code: number | null, signal: string | null): void => {
      if (this.#exit) return;
      this.#exit = { code, signal };
      ready();
      this.#settle?.(this.#fatal ?? { type: 'exit' });
      onOver();
      this.#ended.resolve();
    };
    // `close` comes after the last of the output, which a grandchild may hold open; a process that was never made has
    // only an error.
    this.#child.on('close', end);
    this.#child.on('exit', (code, signal) => void setTimeout(end, 100, code, signal));
    this.#child.on('error', () => end(1, null));
  }

  get over(): boolean {
    return this.#exit !== undefined || this.#child.killed;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves when the handler is loaded, or when the process is over. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  /** Ends the process; resolves when it is gone. */
  kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    return this.#ended.promise;
  }

  async invoke(invocation: Invocation): Promise<Run> {
    const idleLog = this.#log;
    this.#log = text => invocation.log(text);
    this.#hand = chunk => invocation.take(chunk);
    this.#streamedBytes = 0;
    const cold = this.#initMs === undefined;
    const began = performance.now();
    try {
      if (cold) await this.#waitForStart();
      const startedAt = performance.now();
      const ending = await this.#run(invocation);
      const initMs = cold && !this.#reportedInit ? this.#initMs : undefined;
      this.#reportedInit = true;
      return {
        streamed: ending.type === 'streamed',
        outcome: this.#outcomeOf(ending, invocation),
        durationMs: performance.now() - (this.#initMs === undefined ? began : startedAt),
        initMs,
        memoryMb: this.#memoryMb,
      };
    } finally {
      this.#log = idleLog;
    }
  }

  async #waitForStart(): Promise<void> {
    const seconds = Math.max(START_SECONDS, this.definition.timeoutSeconds);
    const timer = setTimeout(() => this.kill(), seconds * 1000);
    await this.#ready;
    clearTimeout(timer);
  }

  #run({ requestId, payload, functionArn, traceHeader }: Invocation): Promise<Ending> {
    if (this.#exit) return Promise.resolve(this.#fatal ?? { type: 'exit' });
    // Real time, not the cloud's clock: moving that one forward must not end what is running.
    const limit = this.definition.timeoutSeconds * 1000;
    const deadline = Date.now() + limit;
    const message: InvokeMessage = { type: 'invoke', requestId, payload, functionArn, traceHeader, deadline };
    const { promise, resolve } = Promise.withResolvers<Ending>();
    const timer = setTimeout(() => {
      this.kill();
      resolve({ type: 'timeout' });
    }, limit);
    this.#settle = ending => {
      clearTimeout(timer);
      this.#settle = undefined;
      resolve(ending);
    };
    this.#child.send(message, error => {
      if (error) this.kill();
    });
    return promise;
  }

  #take(message: Exclude<EnvironmentMessage, { type: 'ready' }>): void {
    if (message.type === 'log') this.#log(message.text);
    // The process exits next; its exit settles the invocation.
    else if (message.type === 'fatal') this.#fatal = message;
    else if (message.type === 'chunk') this.#pass(message.bytes);
    else {
      this.#memoryMb = Math.ceil(message.rss / 1024 / 1024);
      this.#settle?.(message);
    }
  }

  #pass(bytes: Uint8Array): void {
    this.#streamedBytes += bytes.length;
    if (this.#streamedBytes > LARGEST_STREAM_BYTES) {
      this.kill();
      this.#settle?.({ type: 'too_large' });
      return;
    }
    const taken: EngineMessage = { type: 'taken' };
    const next = (): void => {
      if (!this.over) this.#child.send(taken, () => {});
    };
    // Whoever reads may be gone: the handler goes on all the same, as in AWS.
    this.#hand(bytes).then(next, next);
  }

  #outcomeOf(ending: Ending, { requestId }: Invocation): Outcome {
    switch (ending.type) {
      case 'answer':
        return answered(ending.payload);
      case 'streamed':
        return { payload: '', functionError: undefined };
      case 'too_large':
        return tooLarge(LARGEST_STREAM_BYTES);
      case 'error':
      case 'fatal':
        return failed(ending.error);
      case 'timeout':
        return timedOut(requestId, this.definition.timeoutSeconds);
      case 'exit':
        if (this.#initMs === undefined && this.#child.killed) {
          return timedOut(requestId, Math.max(START_SECONDS, this.definition.timeoutSeconds));
        }
        return exited(requestId, this.#exit?.code ?? null, this.#exit?.signal ?? null);
    }
  }
}

// How one invocation ended, in the shapes that Lambda answers.

export interface Outcome {
  /** JSON text: what the handler answered, or the error. */
  readonly payload: string;
  readonly functionError: 'Unhandled' | undefined;
}

interface FunctionErrorBody {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** Six MB is Lambda's limit for a request; an answer may have a hundred bytes more. */
export const LARGEST_REQUEST_BYTES = 6_291_456;
export const LARGEST_ANSWER_BYTES = 6_291_556;
/** Lambda's limit for a streamed response. */
export const LARGEST_STREAM_BYTES = 200 * 1024 * 1024;

function failed(error: FunctionErrorBody): Outcome {
  return { payload: JSON.stringify(error), functionError: 'Unhandled' };
}

function timedOut(requestId: string, seconds: number): Outcome {
  return failed({
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
  });
}

const SIGNALS: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};

/** The environment's process ended in the middle of an invocation. */
function exited(requestId: string, code: number | null, signal: string | null): Outcome {
  const reason = signal ? `signal: ${SIGNALS[signal] ?? signal}` : `exit status ${code}`;
  const what = code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: ${reason}`;
  return failed({ errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: ${what}` });
}

function answered(payload: string): Outcome {
  if (Buffer.byteLength(payload) <= LARGEST_ANSWER_BYTES) return { payload, functionError: undefined };
  return tooLarge(LARGEST_ANSWER_BYTES);
}

export function tooLarge(limit: number): Outcome {
  return failed({
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${limit} bytes).`,
  });
}
