/** Synthesises the CDK app where its sources have changed since the last time: a start that changed nothing skips it. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';

/** All that the template and its assets are made of. */
const SOURCES = [
  'bin/mutoscope.ts',
  'lib/*.ts',
  'lib/constructs/**/*.ts',
  'functions/**',
  'package-lock.json',
  'cdk.json',
  'tsconfig.json',
];

/** How many assemblies are kept: a platform that still runs on an older one starts its functions from there. */
const KEPT = 24;
const ABANDONED_MS = 60 * 60_000;

/**
 * The folder of an assembly that is up to date, named by what it was made from. It appears whole or not at all, so
 * starts may synthesise at the same time. `context` is as for `cdk synth -c`.
 */
export async function synthesise(root: string, context: Readonly<Record<string, string>> = {}): Promise<string> {
  const assemblies = join(root, 'cdk.out', 'local');
  const folder = join(assemblies, digestOf(root, context));
  if (existsSync(folder)) {
    // Its age is that of its last use.
    utimesSync(folder, new Date(), new Date());
    return folder;
  }
  mkdirSync(assemblies, { recursive: true });
  const draft = mkdtempSync(join(assemblies, 'draft-'));
  try {
    await runApp(root, draft, context);
    // Another start may have been first, even at this moment: its assembly is the same.
    if (!existsSync(folder)) putInPlace(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  prune(assemblies);
  return folder;
}

function putInPlace(draft: string, folder: string): void {
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

async function runApp(root: string, folder: string, context: Readonly<Record<string, string>>): Promise<void> {
  const app = spawn(process.execPath, [join(root, 'bin/mutoscope.ts')], {
    cwd: root,
    env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(context), CDK_VALIDATION: 'false' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [app.stdout, app.stderr]) stream.on('data', chunk => (said += chunk));
  const [code] = await once(app, 'close');
  if (code !== 0) throw new Error(`the CDK app did not synthesise:\n${said}`);
}

function prune(assemblies: string): void {
  const byAge = readdirSync(assemblies)
    .flatMap(name => {
      const path = join(assemblies, name);
      // Another start may have put its draft in place, or swept, meanwhile.
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat ? [{ path, made: stat.mtimeMs, draft: name.startsWith('draft-') }] : [];
    })
    .sort((one, other) => other.made - one.made);
  // Of a start that was killed: no synthesis takes this long.
  const abandoned = byAge.filter(({ made, draft }) => draft && made < Date.now() - ABANDONED_MS);
  const older = byAge.filter(({ draft }) => !draft).slice(KEPT);
  for (const { path } of [...abandoned, ...older]) rmSync(path, { recursive: true, force: true });
}

function digestOf(root: string, context: Readonly<Record<string, string>>): string {
  // Settings of the stage may come from the environment too.
  const settings = Object.entries(process.env).filter(
    ([name]) => name.startsWith('MUTOSCOPE_') && name !== 'MUTOSCOPE_DATA_DIR',
  );
  const digest = createHash('sha256').update(JSON.stringify([context, settings.sort()]));
  for (const file of SOURCES.flatMap(pattern => globSync(pattern, { cwd: root, withFileTypes: true })).filter(entry =>
    entry.isFile(),
  )) {
    const path = join(file.parentPath, file.name);
    digest.update(path).update(readFileSync(path));
  }
  return digest.digest('hex').slice(0, 20);
}
