/**
 * Runs inside the process of one execution environment: loads the handler once, then answers one invocation after
 * another. Standalone: the engine strips its types and runs it from the data directory, so it imports nothing of ours.
 * When the engine's process is gone, so is this one.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire, enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import type { EngineMessage, EnvironmentMessage, ErrorReport, InvokeMessage } from './messages.ts';

type Context = Readonly<Record<string, unknown>>;
type StreamingHandler = (event: unknown, stream: ResponseStream, context: Context) => unknown;
type Handler = ((event: unknown, context: Context) => unknown) & { [STREAMING]?: true };

const [compileCache, logFormat] = process.argv.slice(2);
const root = process.env.LAMBDA_TASK_ROOT ?? '';
let requestId = '';
/** Marks a handler that `awslambda.streamifyResponse` was given. */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
/** Called once the engine has taken the part of a response that was sent to it. */
let taken: () => void = () => {};

function send(message: EnvironmentMessage, then?: () => void): void {
  process.send?.(message, undefined, {}, then);
}

function report(error: unknown, errorType?: string): ErrorReport {
  if (error instanceof Error) {
    const trace = (error.stack ?? '').split('\n');
    return { errorType: errorType ?? error.name, errorMessage: error.message, trace };
  }
  return { errorType: errorType ?? typeof error, errorMessage: String(error), trace: [] };
}

function die(error: ErrorReport, status: number): void {
  send({ type: 'fatal', error }, () => process.exit(status));
}

/** Output goes by the same channel as answers, so a line of a request is never after its end. */
function captureOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      send({ type: 'log', text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() });
      const callback = typeof encoding === 'function' ? encoding : done;
      if (typeof callback === 'function') process.nextTick(() => callback());
      return true;
    };
  }
  const levels = { debug: 'DEBUG', log: 'INFO', info: 'INFO', warn: 'WARN', error: 'ERROR', trace: 'TRACE' } as const;
  for (const [method, level] of Object.entries(levels)) {
    console[method as keyof typeof levels] = (...values: unknown[]): void => {
      const timestamp = new Date().toISOString();
      const message = format(...values);
      process.stdout.write(
        logFormat === 'JSON'
          ? `${JSON.stringify({ timestamp, level, requestId, message })}\n`
          : `${timestamp}\t${requestId || 'undefined'}\t${level}\t${message}\n`,
      );
    };
  }
}

/** In Lambda a `.js` file without a package.json of its own is CommonJS, whatever lies in the folders above. */
function readScriptsAsCommonJs(require: NodeJS.Require): void {
  const asUsual = require.extensions['.js'];
  require.extensions['.js'] = (module, file) => {
    const ours = file.startsWith(`${root}/`) && !file.includes('/node_modules/');
    if (!ours) return asUsual?.(module, file);
    const script = module as typeof module & { _compile(source: string, file: string, format: 'commonjs'): void };
    return script._compile(readFileSync(file, 'utf8'), file, 'commonjs');
  };
}

/** What a streaming handler writes its response to. Each part waits until the one before it was taken. */
class ResponseStream extends Writable {
  #prelude: Buffer | undefined;

  /** As the runtime has it: kept for whoever calls it, since nothing here reads it. */
  setContentType(_type: string): void {}

  /** Sent before the first write, as the runtime does it: a response to which nothing is written has none. */
  begin(metadata: unknown): void {
    this.#prelude = Buffer.concat([Buffer.from(JSON.stringify(metadata)), Buffer.alloc(8)]);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const bytes = this.#prelude ? Buffer.concat([this.#prelude, chunk]) : chunk;
    this.#prelude = undefined;
    if (bytes.length === 0) done();
    else {
      taken = done;
      send({ type: 'chunk', bytes });
    }
  }
}

/** The global that Lambda gives to handlers for streaming. */
function provideStreaming(): void {
  const awslambda = {
    streamifyResponse: (handler: StreamingHandler) => Object.assign(handler, { [STREAMING]: true }),
    HttpResponseStream: {
      from(stream: ResponseStream, metadata: unknown): ResponseStream {
        stream.begin(metadata);
        return stream;
      },
    },
  };
  Object.assign(globalThis, { awslambda });
}

async function load(file: string): Promise<Record<string, unknown>> {
  if (!file.endsWith('.js') || existsSync(join(root, 'package.json'))) return import(pathToFileURL(file).href);
  const require = createRequire(file);
  readScriptsAsCommonJs(require);
  return require(file);
}

async function loadHandler(name: string): Promise<Handler> {
  const slash = name.lastIndexOf('/') + 1;
  const dot = name.indexOf('.', slash);
  const base = join(root, name.slice(0, dot));
  const file = ['.js', '.mjs', '.cjs'].map(extension => base + extension).find(existsSync);
  if (!file) {
    throw Object.assign(new Error(`Cannot find module '${name.slice(0, dot)}'`), { name: 'Runtime.ImportModuleError' });
  }
  const loaded = await load(file);
  const exported = name.slice(dot + 1);
  const handler = loaded[exported] ?? (loaded.default as Record<string, unknown> | undefined)?.[exported];
  if (typeof handler !== 'function') {
    const why = `${name} is undefined or not exported`;
    throw Object.assign(new Error(why), { name: 'Runtime.HandlerNotFound' });
  }
  if (handler.length > 2 && !(STREAMING in handler)) {
    const why = 'A handler that takes a callback is not supported from nodejs24.x on: use an async function';
    throw Object.assign(new Error(why), { name: 'Runtime.CallbackHandlerDeprecated' });
  }
  return handler as Handler;
}

function contextOf({ functionArn, deadline }: InvokeMessage): Readonly<Record<string, unknown>> {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: functionArn,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: requestId,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

async function answer(handler: Handler, message: InvokeMessage): Promise<void> {
  requestId = message.requestId;
  process.env._X_AMZN_TRACE_ID = message.traceHeader;
  try {
    if (STREAMING in handler) return await stream(handler as unknown as StreamingHandler, message);
    const result = (await handler(JSON.parse(message.payload), contextOf(message))) ?? null;
    send({ type: 'answer', payload: JSON.stringify(result) ?? 'null', rss: process.memoryUsage.rss() });
  } catch (error) {
    send({ type: 'error', error: report(error), rss: process.memoryUsage.rss() });
  }
}

async function stream(handler: StreamingHandler, message: InvokeMessage): Promise<void> {
  const response = new ResponseStream();
  // Its handler hears of what goes wrong with it; here nobody else listens.
  response.on('error', () => {});
  try {
    const running = handler(JSON.parse(message.payload), response, contextOf(message));
    if (!(running instanceof Promise)) throw 'Streaming does not support non-async handlers.';
    if ((await running) !== undefined) console.warn('Streaming handlers ignore return values.');
    if (!response.writableEnded) throw 'Response stream is not finished.';
    await finished(response);
    send({ type: 'streamed', rss: process.memoryUsage.rss() });
  } finally {
    // What is written after the end belongs to no request.
    response.destroy();
  }
}

process.on('disconnect', () => process.exit());
// Ctrl-C reaches the whole process group; the engine ends its environments itself, after their last answer.
process.on('SIGINT', () => {});
process.on('uncaughtException', error => die(report(error), 129));
process.on('unhandledRejection', error => {
  const { errorMessage, trace, errorType } = report(error);
  const message = errorType === 'string' ? errorMessage : `${errorType}: ${errorMessage}`;
  die({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: message, trace }, 128);
});
captureOutput();
provideStreaming();
if (compileCache) enableCompileCache(compileCache);
loadHandler(process.env._HANDLER ?? '').then(
  handler => {
    process.on('message', (message: EngineMessage) => {
      if (message.type === 'taken') taken();
      else void answer(handler, message);
    });
    send({ type: 'ready' });
  },
  error => {
    const missing =
      (error as { code?: unknown }).code === 'ERR_MODULE_NOT_FOUND' ? 'Runtime.ImportModuleError' : undefined;
    die(report(error, missing), 1);
  },
);
