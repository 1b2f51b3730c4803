/**
 * The code of every Lambda, built by one run of esbuild that shares chunks: a module is parsed, minified and written
 * once, however many functions reach it. Invariants: the asset of a function is its entry, the chunks that it
 * reaches and the files that it reads, nothing else; its hash is that of their content, so a change deploys only the functions that reach it; the
 * same sources have the same hash on every machine.
 */
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, type BuildResult, build, buildSync } from 'esbuild';

/** The repository's root: entries are named from here. */
export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface Bundle {
  /** Of all its files, names and contents. */
  readonly hash: string;
  /** The entry as `index.mjs`, the chunks that it reaches, and what it reads from beside itself. */
  readonly files: readonly BundledFile[];
}

interface BundledFile {
  readonly name: string;
  readonly contents: Uint8Array;
  readonly hash: string;
}

/** Nothing is written here: it is what esbuild's names of its outputs are relative to. */
const OUTDIR = join(ROOT, 'cdk.out', 'bundles');

/** The folder of the shared files in each bundle. */
export const CHUNKS = 'chunks';

/** Every file named `*.lambda.ts` is an entry. */
export const BUILD = {
  absWorkingDir: ROOT,
  entryPoints: globSync('functions/**/*.lambda.ts', { cwd: ROOT })
    .sort()
    // The base names are unique: they are the ids of the functions.
    .map(entry => ({ in: entry, out: basename(entry, '.lambda.ts') })),
  outdir: OUTDIR,
  outExtension: { '.js': '.mjs' },
  chunkNames: `${CHUNKS}/[hash]`,
  write: false,
  metafile: true,
  bundle: true,
  splitting: true,
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
} as const satisfies BuildOptions;

/** From the root: the font of everything that is written as PDF. */
const FONT = 'functions/invoices/fonts/DejaVuSans.ttf';

/** What an entry reads from beside itself, in the folder of its last folder's name: `./fonts/DejaVuSans.ttf`. It is no code. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  'functions/invoices/issue-documents.lambda.ts': [FONT],
  'functions/generation/certify-deletions.lambda.ts': [FONT],
};

function besideOf(entry: string): BundledFile[] {
  return (BESIDE[entry] ?? []).map(path => {
    const contents = readFileSync(join(ROOT, path));
    const name = join(basename(dirname(path)), basename(path));
    return { name, contents, hash: createHash('sha256').update(contents).digest('hex') };
  });
}

/** The bundle of each entry, by the entry's path from the root. */
export function bundlesOf({ outputFiles, metafile }: BuildResult<typeof BUILD>): ReadonlyMap<string, Bundle> {
  const files = new Map(
    outputFiles.map(({ path, contents }) => {
      const hash = createHash('sha256').update(contents).digest('hex');
      return [relative(ROOT, path), { name: relative(OUTDIR, path), contents, hash }];
    }),
  );
  const reach = (path: string, reached = new Set<string>()): Set<string> => {
    reached.add(path);
    for (const { path: next, external } of metafile.outputs[path]?.imports ?? [])
      if (!external && !reached.has(next)) reach(next, reached);
    return reached;
  };
  const bundles = new Map<string, Bundle>();
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (!entryPoint?.endsWith('.lambda.ts')) continue;
    const code = [...reach(path)].sort().flatMap(one => {
      const file = files.get(one);
      return file ? [{ ...file, name: one === path ? 'index.mjs' : file.name }] : [];
    });
    const bundle = [...code, ...besideOf(entryPoint)];
    const hash = createHash('sha256');
    for (const file of bundle) hash.update(`${file.name} ${file.hash}\n`);
    bundles.set(entryPoint, { hash: hash.digest('hex'), files: bundle });
  }
  return bundles;
}

/** Once in a process, for all its apps: the sources do not change under it. */
let built: ReadonlyMap<string, Bundle> | undefined;

/** Builds while the caller does something else, such as loading the rest of the app; without it the first use builds. */
export async function buildAhead(): Promise<void> {
  built ??= bundlesOf(await build(BUILD));
}

/** The bundle of an entry such as `functions/keys/authorizer.lambda.ts`; its handler is `index.handler`. */
export function bundleOf(entry: string): Bundle {
  built ??= bundlesOf(buildSync(BUILD));
  const bundle = built.get(entry);
  if (!bundle) throw new Error(`${entry} is not a file below functions/ named *.lambda.ts`);
  return bundle;
}
