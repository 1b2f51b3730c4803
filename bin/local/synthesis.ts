/** Synthesises the CDK app where its sources have changed since the last time: a start that changed nothing skips it. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** The folder of an assembly that is up to date. `context` is as for `cdk synth -c`. */
export async function synthesise(
  root: string,
  folder: string,
  context: Readonly<Record<string, string>> = {},
): Promise<string> {
  const digest = digestOf(root, context);
  const stamp = join(folder, '.sources');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return folder;
  rmSync(folder, { recursive: true, force: true });
  const synthesis = spawn(process.execPath, [join(root, 'bin/mutoscope.ts')], {
    cwd: root,
    env: { ...process.env, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(context), CDK_VALIDATION: 'false' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [synthesis.stdout, synthesis.stderr]) stream.on('data', chunk => (said += chunk));
  const [code] = await once(synthesis, 'close');
  if (code !== 0) throw new Error(`the CDK app did not synthesise:\n${said}`);
  writeFileSync(stamp, digest);
  return folder;
}

function digestOf(root: string, context: Readonly<Record<string, string>>): string {
  const digest = createHash('sha256').update(JSON.stringify(context));
  for (const file of SOURCES.flatMap(pattern => globSync(pattern, { cwd: root, withFileTypes: true })).filter(entry =>
    entry.isFile(),
  )) {
    const path = join(file.parentPath, file.name);
    digest.update(path).update(readFileSync(path));
  }
  return digest.digest('hex');
}
