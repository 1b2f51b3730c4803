/** Looking for processes, to kill them as a machine would. Linux's /proc. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** The living descendants of a process. */
export function descendantsOf(ancestor: number): Process[] {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(read);
  const below = (pid: number): Process[] =>
    all.filter(({ parent }) => parent === pid).flatMap(child => [child, ...below(child.pid)]);
  return below(ancestor);
}

/** The worker among the descendants; undefined while it is not up. */
export function workerOf(ancestor: number): Process | undefined {
  return descendantsOf(ancestor).find(({ command }) => command.includes('functions/worker/main.ts'));
}

export function isAlive(pid: number): boolean {
  return read(String(pid)).length > 0;
}

function read(pid: string): Process[] {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    // `pid (name) state parent ...`: the name may hold spaces and brackets. A zombie is not alive.
    const [state = '', parent = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return state === 'Z' ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  } catch {
    return [];
  }
}
