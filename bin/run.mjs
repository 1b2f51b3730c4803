#!/usr/bin/env node
/**
 * The first step of `npm start` and `npm test`, in JavaScript that Node 20 runs with nothing installed: installs what is
 * missing, then hands over to the program under Node 24, which comes with the dependencies.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** How often it is looked whether who started this still is there. */
const ANCESTORS_MS = 500;
const stamp = join(root, 'node_modules', '.mutoscope-installed');
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

function install() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  process.stderr.write('installing dependencies (npm ci, once; about a minute) ...\n');
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    process.stderr.write('npm ci failed; its words are above. Mend that and start again.\n');
    process.exit(npm.status ?? 1);
  }
  // Put in place whole: a kill leaves no half of it.
  writeFileSync(`${stamp}.new`, lock);
  renameSync(`${stamp}.new`, stamp);
}

/** Node 24: the one that was installed with the project, else the one that runs this. */
function node24() {
  const own = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(own)) return own;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  process.stderr.write(
    `Mutoscope runs on Node 24. It brings its own for Linux on x64 and arm64; this is ${process.platform} on ${process.arch} with Node ${process.versions.node}.\n` +
      'Install Node 24 (https://nodejs.org) and start again.\n',
  );
  process.exit(1);
}

/**
 * Who is waited on by whom, up to npm: it starts a shell, which starts this. Whichever of them is killed alone, nobody is
 * left who could be asked to stop the program. One who runs this by hand may end before it: no ancestor counts then.
 */
function watchAncestors(gone) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const ancestors = [process.ppid];
  // Below a shell there is npm itself; where the shell has made room for this process, npm is the parent.
  const shell = processOf(process.ppid);
  if (shell !== undefined && /^(sh|dash|bash|ash|zsh)$/.test(shell.name)) ancestors.push(shell.parent);
  setInterval(() => {
    const parent = processOf(process.ppid);
    if (process.ppid !== ancestors[0] || (ancestors[1] !== undefined && parent?.parent !== ancestors[1])) gone();
  }, ANCESTORS_MS).unref();
}

/** Linux's /proc; undefined elsewhere, where the parent alone is watched. */
function processOf(pid) {
  try {
    // `pid (name) state parent ...`: the name may hold spaces and brackets.
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return name === undefined ? undefined : { name, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

install();
const [program, ...args] = process.argv.slice(2);
// Type stripping still calls itself experimental where it is called by name.
const child = spawn(node24(), ['--disable-warning=ExperimentalWarning', join(root, program), ...args], {
  cwd: root,
  // The channel says nothing: it closes when this process is gone, however that ends.
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});
// A terminal sends Ctrl-C to the whole group, the child included: this process only waits for it.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
watchAncestors(() => child.connected && child.disconnect());
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
