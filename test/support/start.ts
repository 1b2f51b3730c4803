/** `npm start` as a process of its own, which can be stopped and killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { LocalJson } from '../../bin/local/local-json.ts';
import { ApiClient } from './api-client.ts';
import { ROOT } from './platform.ts';

interface By {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export class Started {
  readonly child: ChildProcess;
  readonly #output: { text: string };
  readonly local: LocalJson;

  private constructor(child: ChildProcess, output: { text: string }, local: LocalJson) {
    this.child = child;
    this.#output = output;
    this.local = local;
  }

  /** Resolves when it says that it is ready; `by` is how it is started, where that is not directly. */
  static async start(dataDir: string, args: readonly string[] = [], by: Partial<By> = {}): Promise<Started> {
    const started = Started.launch(dataDir, args, by);
    const { child } = started;
    const output = started.#output;
    await started.says(/Ctrl-C stops/);
    const local = JSON.parse(readFileSync(join(dataDir, 'local.json'), 'utf8')) as LocalJson;
    return new Started(child, output, local);
  }

  /** Does not wait for anything, and knows no key. */
  static launch(dataDir: string, args: readonly string[] = [], by: Partial<By> = {}): Started {
    const [program = '', ...before] = by.command ?? [process.execPath, join(ROOT, 'bin/local.ts')];
    const { PATH, HOME, TMPDIR } = process.env;
    const child = spawn(program, [...before, ...args], {
      cwd: ROOT,
      env: { PATH, HOME, ...(TMPDIR && { TMPDIR }), PORT: '0', MUTOSCOPE_DATA_DIR: dataDir, ...by.env },
      // By the channel the platform sees the end of a test that never came to end it.
      stdio: by.command ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.channel?.unref();
    const output = { text: '' };
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => (output.text += chunk));
    return new Started(child, output, {} as LocalJson);
  }

  get output(): string {
    return this.#output.text;
  }

  get api(): ApiClient {
    return new ApiClient(this.local.apiUrl, this.local.apiKey);
  }

  /** Waits until the output matches. */
  async says(pattern: RegExp, withinMs = 60_000): Promise<void> {
    for (const deadline = Date.now() + withinMs; !pattern.test(this.#output.text); await pause(50)) {
      if (this.child.exitCode !== null || Date.now() > deadline)
        throw new Error(`it never said ${pattern}:\n${this.#output.text}`);
    }
  }

  /** Sends the signal and waits for the end; answers the exit code. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    const [code] = await ended;
    return code;
  }
}
