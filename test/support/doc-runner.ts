/** Runs what a page of the docs has: a shell for its sessions, and each program as a process of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ProgramLanguage, Step } from './doc-blocks.ts';
import { type Learned, misprint } from './printed.ts';

/** Within the time of a test. */
const LONGEST_MS = 150_000;
/** A command of which the page says that it is sent a few seconds later is sent again until it prints what the page has. */
const LATER = /# a few seconds later$/m;
const LATER_MS = 120_000;

export interface Place {
  /** Of the repository. */
  readonly root: string;
  /** Where programs run, and what they save lies. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What stands on the pages for what it is here, such as addresses. */
  readonly known: ReadonlyMap<string, string>;
}

/** A folder for programs, in which packages of the project are found. */
export function programFolder(root: string, parent: string): string {
  const folder = mkdtempSync(join(parent, 'docs-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  return folder;
}

/** Runs the commands of one page; throws for the first that fails or prints something else. */
export async function runSessions(steps: readonly Step[], place: Place): Promise<void> {
  const learned: Learned = new Map(place.known);
  const shell = new Shell(place);
  try {
    for (const step of steps) {
      if (step.kind === 'command') await runCommand(shell, step, learned);
    }
  } finally {
    shell.end();
  }
}

async function runCommand(
  shell: Shell,
  { place, command }: Step & { kind: 'command' },
  learned: Learned,
): Promise<void> {
  // The longest first: one may be within another.
  const known = [...learned].sort(([one], [other]) => other.length - one.length);
  const text = known.reduce((said, [page, here]) => said.replaceAll(page, here), command.text);
  for (const deadline = Date.now() + LATER_MS; ; await pause(500)) {
    const { status, printed, complained } = await shell.run(text);
    const wrong =
      status === 0
        ? command.prints !== undefined && misprint(command.prints, printed, learned)
        : `it ended with ${status}: ${complained}${printed}`;
    if (wrong === undefined || wrong === false) return;
    if (!LATER.test(command.text) || Date.now() > deadline) throw new Error(`${place}: $ ${text}\n${wrong}`);
  }
}

const FILES = { sh: 'program.sh', js: 'program.mjs', ts: 'program.ts', python: 'program.py' } as const;

/** Writes a program where it can be run and compiled. */
export function writeProgram(folder: string, name: string, language: ProgramLanguage, text: string): string {
  const own = join(folder, name.replace(/\W+/g, '-'));
  mkdirSync(own, { recursive: true });
  const file = join(own, FILES[language]);
  writeFileSync(file, text);
  return file;
}

/** Throws where it fails or prints something else than its page has. */
export async function runProgram(
  { place, language, text, prints }: Step & { kind: 'program' },
  at: Place,
): Promise<void> {
  const file = writeProgram(at.folder, place, language, text);
  const [program, ...args] = { sh: ['sh'], js: [process.execPath], ts: [process.execPath], python: ['python3'] }[
    language
  ];
  const options = { cwd: join(file, '..'), env: at.env, timeout: LONGEST_MS };
  const { stdout, stderr } = await promisify(execFile)(program ?? '', [...args, file], options).catch(error => {
    throw new Error(`${place}: ${error.message}\n${error.stdout}${error.stderr}`);
  });
  const wrong = prints === undefined ? undefined : misprint(prints, stdout);
  if (wrong !== undefined) throw new Error(`${place}: ${wrong}\n${stderr}`);
}

/** What the shell says behind each command, with its status. */
const END = '--- that was the command:';
const ENDED = new RegExp(`\\n${END} (\\d+)\\n$`);

/** A shell that keeps its variables from command to command. */
class Shell {
  readonly #child: ChildProcess;
  #printed = '';
  #complained = '';
  #heard: () => void = () => {};
  #closed: () => void = () => {};

  constructor({ root, env }: Place) {
    // What Node gives is a socket, which nobody can open as /dev/stdout.
    this.#child = spawn('sh', ['-c', 'sh | cat'], { cwd: root, env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stdout?.on('data', chunk => {
      this.#printed += chunk;
      this.#heard();
    });
    this.#child.once('close', () => this.#closed());
    this.#child.stderr?.on('data', chunk => (this.#complained += chunk));
  }

  async run(command: string): Promise<{ status: number; printed: string; complained: string }> {
    this.#printed = '';
    this.#complained = '';
    const done = new Promise<RegExpExecArray>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no end after ${LONGEST_MS} ms: ${command}`)), LONGEST_MS);
      this.#closed = () => reject(new Error(`the shell ended with: ${command}\n${this.#complained}`));
      this.#heard = () => {
        const end = ENDED.exec(this.#printed);
        if (!end) return;
        clearTimeout(late);
        resolve(end);
      };
    });
    // The status is taken before anything else is said.
    this.#child.stdin?.write(`${command}\nstatus=$?; echo; echo "${END} $status"\n`);
    const end = await done;
    return { status: Number(end[1]), printed: this.#printed.slice(0, end.index).trim(), complained: this.#complained };
  }

  end(): void {
    this.#child.stdin?.end();
  }
}
