import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, '../..');
const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const packages = read('package-lock.json').packages as Readonly<Record<string, Locked>>;
const manifest = read('package.json') as Record<string, Record<string, string>>;

describe('the lockfile', () => {
  it('has every package for every platform: npm ci refuses a lockfile that leaves one out', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter(name => !isLocked(path, name))
        .map(name => `${name}, wanted by ${path || 'package.json'}`),
    );
    expect(missing).toEqual([]);
  });

  it('names no registry', () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  });

  it('stands for exact versions', () => {
    const wanted = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap(kind =>
      Object.entries(manifest[kind] ?? {}),
    );
    expect(wanted.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
    for (const [name, version] of wanted) expect(packages[`node_modules/${name}`]?.version).toBe(version);
  });
});

/** As Node looks: beside the dependent, then in each folder above. */
function isLocked(dependent: string, name: string): boolean {
  for (let base = dependent; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    if (`${base}${base && '/'}node_modules/${name}` in packages) return true;
    if (base === '') return false;
  }
}
