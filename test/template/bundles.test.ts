/** What each function is deployed with, and what is deployed anew after a change. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type PluginBuild } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { BUILD, bundlesOf, ROOT } from '../../lib/constructs/bundles.ts';
import { assembly, resources } from './synthesised.ts';

/** The build of today, or the one after a line is added to a source. */
async function buildWith(changed?: string) {
  const onLoad = ({ path }: { path: string }) =>
    path === join(ROOT, changed ?? '')
      ? { contents: `console.log("changed");${readFileSync(path, 'utf8')}`, loader: 'ts' as const }
      : undefined;
  const change = { name: 'change', setup: (esbuild: PluginBuild) => esbuild.onLoad({ filter: /\.ts$/ }, onLoad) };
  const result = await build({ ...BUILD, plugins: [change] });
  return { bundles: bundlesOf(result), metafile: result.metafile };
}

const today = await buildWith();

/** The entries that import a source, directly or through others, as the sources say it. */
function entriesThatReach(file: string): string[] {
  const importers = new Map<string, string[]>();
  for (const [importer, { imports }] of Object.entries(today.metafile.inputs))
    for (const { path } of imports) importers.set(path, [...(importers.get(path) ?? []), importer]);
  const reached = new Set([file]);
  for (const one of reached) for (const importer of importers.get(one) ?? []) reached.add(importer);
  return [...reached].filter(one => one.endsWith('.lambda.ts')).sort();
}

describe('a bundle', () => {
  test.each(
    resources('AWS::Lambda::Function')
      .filter(({ properties }) => properties.Code.S3Key)
      .map(({ properties }) => [properties.Description as string, properties.Code.S3Key as string]),
  )('of %s holds its entry and what that reaches, and nothing else', (_, key) => {
    const folder = assembly.assetFolder(key.replace('.zip', '')) ?? '';
    const reached = new Set(['index.mjs']);
    for (const file of reached)
      for (const [, chunk = ''] of readFileSync(join(folder, file), 'utf8').matchAll(/"\.[^"]*\/([A-Z0-9]{8}\.mjs)"/g))
        reached.add(`chunks/${chunk}`);
    const chunks = readdirSync(join(folder, 'chunks')).map(name => `chunks/${name}`);
    expect(['index.mjs', ...chunks].sort()).toEqual([...reached].sort());
    expect(reached.size).toBeGreaterThan(1);
  });

  test('is the same on every machine: no path of this one is in it', () => {
    for (const { files } of today.bundles.values())
      for (const { name, contents } of files) expect(Buffer.from(contents).includes(ROOT), name).toBe(false);
  });

  const sources = Object.keys(today.metafile.inputs).filter(file => file.startsWith('functions/'));
  const reachedBy = (least: number, most: number): string =>
    sources.find(file => {
      const { length } = entriesThatReach(file);
      return length >= least && length <= most;
    }) ?? '';
  const all = today.bundles.size;

  test.each([reachedBy(1, 1), reachedBy(2, all / 4), reachedBy(all / 2, all - 1)])(
    'changes with %s only where the function reaches that',
    async file => {
      const { bundles } = await buildWith(file);
      const changed = [...bundles].filter(([entry, { hash }]) => hash !== today.bundles.get(entry)?.hash);
      expect(changed.map(([entry]) => entry).sort()).toEqual(entriesThatReach(file));
      expect(changed.length).toBeGreaterThan(0);
    },
  );
});
