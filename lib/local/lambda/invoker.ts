/** Runs one invocation from the wait for an environment to the last line of its log. */
import { join } from 'node:path';
import { LogFile } from '../log-file.ts';
import { AwsError, type CloudContext } from '../service.ts';
import { newTraceHeader } from '../trace-header.ts';
import type { FunctionDefinition } from './function.ts';
import { LARGEST_REQUEST_BYTES, type Outcome } from './outcome.ts';
import { Pool, type PoolLimits } from './pool.ts';
import { Sandbox } from './sandbox.ts';

/** `LogType: Tail` answers the last four KB. */
const TAIL_BYTES = 4096;

export interface InvokeCall {
  readonly definition: FunctionDefinition;
  /** As called: it may name a version or an alias. */
  readonly functionArn: string;
  readonly payload: string;
  readonly requestId: string;
  readonly traceHeader?: string | undefined;
}

export interface InvokeAnswer extends Outcome {
  /** The end of what was logged. */
  readonly tail: string;
}

export class Invoker {
  readonly sandbox: Sandbox;
  readonly #context: CloudContext;
  readonly #pool: Pool;
  readonly #logs = new Map<string, LogFile>();

  constructor(context: CloudContext, limits?: PoolLimits) {
    this.#context = context;
    this.sandbox = new Sandbox(context);
    const spawn = (definition: FunctionDefinition, onOver: () => void) =>
      this.sandbox.start(definition, text => this.#logOf(definition.name).write(text), onOver);
    this.#pool = new Pool(spawn, context.clock, limits);
  }

  /** Throws RequestEntityTooLargeException, TooManyRequestsException or InvalidRuntimeException. */
  async invoke(call: InvokeCall): Promise<InvokeAnswer> {
    const { definition, requestId } = call;
    if (Buffer.byteLength(call.payload) > LARGEST_REQUEST_BYTES) {
      const message = `Request must be smaller than ${LARGEST_REQUEST_BYTES} bytes for the InvokeFunction operation`;
      throw new AwsError('RequestEntityTooLargeException', message, 413);
    }
    if (definition.codeFolder === undefined) {
      const message = `The local cloud runs Node alone: ${definition.name} has the runtime ${definition.runtime}`;
      throw new AwsError('InvalidRuntimeException', message, 502);
    }
    const environment = await this.#pool.acquire(definition);
    let tail = '';
    const log = (text: string): void => {
      tail = (tail + text).slice(-TAIL_BYTES);
      this.#logOf(definition.name).write(text);
    };
    try {
      log(`START RequestId: ${requestId} Version: $LATEST\n`);
      const traceHeader = call.traceHeader ?? newTraceHeader(this.#context.clock.now());
      const run = await environment.invoke({ ...call, traceHeader, log });
      const { outcome, durationMs, initMs, memoryMb } = run;
      const init = initMs === undefined ? '' : `\tInit Duration: ${initMs.toFixed(2)} ms`;
      log(
        `${outcome.functionError ? `${outcome.payload}\n` : ''}END RequestId: ${requestId}\n` +
          `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\t` +
          `Billed Duration: ${Math.ceil(durationMs + (initMs ?? 0))} ms\tMemory Size: ${definition.memoryMb} MB\t` +
          `Max Memory Used: ${memoryMb} MB${init}\n`,
      );
      return { ...outcome, tail };
    } finally {
      this.#pool.release(environment);
    }
  }

  prewarm(definition: FunctionDefinition): Promise<void> {
    return definition.codeFolder === undefined ? Promise.resolve() : this.#pool.prewarm(definition);
  }

  /** The function has changed: what runs the old one ends. */
  retire(name: string): void {
    this.#pool.retire(name);
  }

  async stop(): Promise<void> {
    await this.#pool.stop();
    for (const log of this.#logs.values()) log.close();
  }

  #logOf(name: string): LogFile {
    const found = this.#logs.get(name) ?? new LogFile(join(this.#context.dataDir, 'logs', `${name}.log`));
    this.#logs.set(name, found);
    return found;
  }
}
