/** Runs one invocation from the wait for an environment to the last line of its log. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { LogFile } from '../log-file.ts';
import { replaceFile } from '../replace-file.ts';
import { AwsError, type CloudContext } from '../service.ts';
import { newTraceHeader } from '../trace-header.ts';
import { Environment, LARGEST_ANSWER_BYTES, LARGEST_REQUEST_BYTES, type Outcome, tooLarge } from './environment.ts';
import type { FunctionDefinition } from './functions.ts';
import { Pool, type PoolLimits } from './pool.ts';

/** `LogType: Tail` answers the last four KB. */
const TAIL_BYTES = 4096;

interface InvokeCall {
  readonly definition: FunctionDefinition;
  /** As called: it may name a version or an alias. */
  readonly functionArn: string;
  readonly payload: string;
  readonly requestId: string;
  readonly traceHeader?: string | undefined;
  /** Whether the call comes out of a queue and may wait there. */
  readonly queued?: boolean | undefined;
  /** Aborted, it ends the wait for an environment. */
  readonly signal?: AbortSignal | undefined;
  /** Takes the response as it comes; the answer's payload is then empty unless the function failed. */
  readonly take?: ((chunk: Uint8Array) => Promise<void>) | undefined;
}

interface InvokeAnswer extends Outcome {
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
      this.sandbox.start(definition, (text, stream) => this.#log(definition, stream, text), onOver);
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
    const environment = await this.#pool.acquire(definition, call.queued, call.signal);
    let tail = '';
    const log = (text: string): void => {
      tail = (tail + text).slice(-TAIL_BYTES);
      this.#log(definition, environment.logStream, text);
    };
    try {
      log(`START RequestId: ${requestId} Version: $LATEST\n`);
      const traceHeader = call.traceHeader ?? newTraceHeader(this.#context.clock.now());
      const parts: Uint8Array[] = [];
      const collect = async (chunk: Uint8Array): Promise<void> => void parts.push(chunk);
      const run = await environment.invoke({ ...call, take: call.take ?? collect, traceHeader, log });
      const { durationMs, initMs, memoryMb } = run;
      const outcome = await (call.take ? streamedOutcome(run, call.take) : bufferedOutcome(run, parts));
      const init = initMs === undefined ? '' : `\tInit Duration: ${initMs.toFixed(2)} ms`;
      if (outcome.functionError) log(`${outcome.payload}\n`);
      log(`END RequestId: ${requestId}\n`);
      log(
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

  /** To the function's file, and to its log group where logs are kept. */
  #log(definition: FunctionDefinition, stream: string, text: string): void {
    this.#logOf(definition.name).write(text);
    this.#context.ports.writeLog?.({ group: definition.logGroup, stream, text, as: definition.role });
  }

  #logOf(name: string): LogFile {
    const found = this.#logs.get(name) ?? new LogFile(join(this.#context.dataDir, 'logs', `${name}.log`));
    this.#logs.set(name, found);
    return found;
  }
}

/** A handler that does not stream is heard as one part. */
async function streamedOutcome(
  { outcome, streamed }: { outcome: Outcome; streamed: boolean },
  take: (chunk: Uint8Array) => Promise<void>,
): Promise<Outcome> {
  if (streamed || outcome.functionError) return outcome;
  await take(Buffer.from(outcome.payload));
  return { payload: '', functionError: undefined };
}

/** A handler that streams, called by one who does not read a stream, is answered whole. */
function bufferedOutcome(
  { outcome, streamed }: { outcome: Outcome; streamed: boolean },
  parts: readonly Uint8Array[],
): Outcome {
  if (!streamed) return outcome;
  const payload = Buffer.concat(parts);
  if (payload.length > LARGEST_ANSWER_BYTES) return tooLarge(LARGEST_ANSWER_BYTES);
  return { payload: payload.toString(), functionError: undefined };
}

// What an execution environment finds around it: its variables, its credentials, a temporary folder of its own. Nothing
// of this process's environment passes to it.

class Sandbox {
  readonly #context: CloudContext;
  readonly #folder: string;
  readonly #bootstrap: string;
  #made = 0;

  constructor(context: CloudContext) {
    this.#context = context;
    this.#folder = join(context.dataDir, 'lambda');
    this.#bootstrap = join(this.#folder, 'bootstrap.mjs');
    mkdirSync(this.#folder, { recursive: true });
    // Stripped once here: in each new process it would take longer than all the rest of its start.
    const source = readFileSync(join(import.meta.dirname, 'bootstrap.ts'), 'utf8');
    replaceFile(this.#bootstrap, stripTypeScriptTypes(source));
    this.#endLeftovers();
  }

  /** Where the code of functions without an asset is written. */
  get inlineFolder(): string {
    return join(this.#folder, 'inline');
  }

  /** Starts a process for the function. */
  start(definition: FunctionDefinition, log: (text: string, stream: string) => void, onOver: () => void): Environment {
    const { codeFolder } = definition;
    if (codeFolder === undefined) throw new Error(`${definition.name} has no code that Node can run`);
    const home = join(this.#environments, `${process.pid}-${++this.#made}`);
    mkdirSync(home, { recursive: true });
    const day = new Date(this.#context.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    const logStream = `${day}/[$LATEST]${randomUUID().replaceAll('-', '')}`;
    const setup = {
      logStream,
      bootstrap: this.#bootstrap,
      compileCache: process.env.NODE_COMPILE_CACHE ?? join(this.#folder, 'compile-cache'),
      codeFolder,
      variables: { ...this.#variables(definition, codeFolder, home), AWS_LAMBDA_LOG_STREAM_NAME: logStream },
    };
    const write = (text: string): void => log(text, logStream);
    const environment = new Environment(definition, setup, write, () => {
      rmSync(home, { recursive: true, force: true });
      onOver();
    });
    try {
      writeFileSync(join(home, '.pid'), String(environment.pid ?? ''));
    } catch (error) {
      // On a full disk the function runs all the same: the file is for the start after a kill alone.
      this.#context.log('lambda.environment.not-noted', { home, error: String(error) });
    }
    return environment;
  }

  get #environments(): string {
    return join(this.#folder, 'environments');
  }

  #variables(definition: FunctionDefinition, codeFolder: string, home: string): Readonly<Record<string, string>> {
    const { iam, awsUrl, foundHere } = this.#context;
    const own = Object.entries(definition.environment).map(([name, value]) => [name, foundHere(value)]);
    const { accessKeyId, secretAccessKey, sessionToken } = iam.sessionFor(definition.role, definition.name);
    return {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      LANG: 'en_US.UTF-8',
      TZ: 'UTC',
      TMPDIR: home,
      ...Object.fromEntries(own),
      AWS_REGION: this.#context.region,
      AWS_DEFAULT_REGION: this.#context.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_ENDPOINT_URL: awsUrl,
      AWS_LAMBDA_RUNTIME_API: new URL(awsUrl).host,
      AWS_EXECUTION_ENV: `AWS_Lambda_${definition.runtime}`,
      AWS_LAMBDA_FUNCTION_NAME: definition.name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: definition.logGroup,
      LAMBDA_TASK_ROOT: codeFolder,
      _HANDLER: definition.handler,
    };
  }

  /**
   * A process ends itself when the cloud's own one is killed, unless its handler never yields: such a one is ended
   * here at the next start. Its own variables prove that the process id is still its own.
   */
  #endLeftovers(): void {
    const folders = readdirSync(this.#folder).includes('environments') ? readdirSync(this.#environments) : [];
    for (const folder of folders) {
      const home = join(this.#environments, folder);
      try {
        const pid = Number(readFileSync(join(home, '.pid'), 'utf8'));
        if (readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`TMPDIR=${home}\0`)) process.kill(pid, 'SIGKILL');
      } catch {
        // No such process, or a system without /proc: nothing to end.
      }
      rmSync(home, { recursive: true, force: true });
    }
  }
}
