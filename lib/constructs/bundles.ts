/**
 * The code of every Lambda, bundled by one run of esbuild in this process: a run for each function would load esbuild
 * and parse the same AWS SDK anew a dozen times, which was most of the synthesis. What has not changed keeps its hash.
 */
import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';
import { buildSync } from 'esbuild';

/** The repository's root: entries are named from here. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const bundled = new WeakMap<IConstruct, string>();

/** The bundle of an entry such as `functions/keys/authorizer.lambda.ts`; its handler is `index.handler`. */
export function codeOf(scope: Construct, entry: string): Code {
  const app = scope.node.root;
  const folder = bundled.get(app) ?? bundleAll(app);
  bundled.set(app, folder);
  return Code.fromAsset(join(folder, nameOf(entry)));
}

/** Every file named `*.lambda.ts` is an entry. */
export function entries(): string[] {
  return globSync('functions/**/*.lambda.ts', { cwd: ROOT }).sort();
}

function bundleAll(app: IConstruct): string {
  const folder = join(App.isApp(app) ? app.outdir : join(ROOT, 'cdk.out'), 'bundles');
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: entries().map(entry => ({ in: entry, out: join(nameOf(entry), 'index') })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // The ESM build of a package first: it is the one whose unused parts can be left out.
    mainFields: ['module', 'main'],
    minify: true,
    // Stack traces and errors keep their functions' names; a source map would double what a cold start reads.
    keepNames: true,
    // CommonJS packages inside an ES module still call `require` for Node's own modules.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  return folder;
}

/** Without the suffix: CDK would take it for the asset's file type. */
function nameOf(entry: string): string {
  return entry.replace(/\.lambda\.ts$/, '');
}
