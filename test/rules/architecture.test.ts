/**
 * The import law. Rooms of `functions/` stand in one order and import downwards; in a noun, who reads a file's name knows
 * its kind, and each kind imports what it may. `lib/` knows contracts; `lib/local/` knows nothing of the product.
 */
import { describe, expect, it } from 'vitest';
import { erasedBy, type Import, importsOf, type Source, sourcesOf, withoutComments } from './source-tree.ts';

/** From the bottom to the top: a file imports from its own room and from those before it. docs/architecture.md draws it. */
const ROOMS = [
  'catalogue',
  'runtime',
  'http',
  'data',
  'audit',
  'credits',
  'certificates',
  'accounts',
  'keys',
  'usage',
  'uploads',
  'qualification',
  'enforcement',
  'risk',
  'moderation',
  'generation',
  'worker',
  'payments',
  'invoices',
  'finance',
  'termination',
  'alerts',
  'retention',
  'support',
  'reference',
  'deployment',
];
/** What nouns are built of: its files are of no kind. The worker is a program of its own. */
const FOUNDATION = ['catalogue', 'runtime', 'http', 'data', 'worker'];
/** Every route of the API: read by lib/, by the reference and by tests. */
const ROUTES = 'functions/routes.ts';

/** What computes and nothing else. */
const PURE_PACKAGES = ['zod', 'mediabunny', 'ipaddr.js', 'hyparquet-writer', 'pdfkit', 'node:crypto', 'node:zlib'];
/** What `lib/` may know of the product: data. */
const FOR_LIB = [
  /[/-]contract\.ts$/,
  /^functions\/catalogue\//,
  /^functions\/http\/route\.ts$/,
  /^functions\/routes\.ts$/,
];
/** The clock, randomness and the environment, which come from the runtime alone. */
const WORLDLY =
  /\b(Date\.now|new Date\(\)|Math\.random|performance\.now|process\.|randomBytes|randomUUID|setTimeout|setInterval|fetch\()/;

/** The text of a page's script, which runs in browsers alone and may tell the time and call there: no code of ours here. */
const BROWSER_SCRIPT = /^export const \w*SCRIPT = `[^`$]*`/gm;
const codeOf = (text: string): string => withoutComments(text).replace(BROWSER_SCRIPT, '');

/** `handlers` make the Lambda handlers of entries. */
type Kind = 'foundation' | 'contract' | 'rule' | 'store' | 'client' | 'command' | 'handlers' | 'entry';

const roomOf = (path: string): string => (path === ROUTES ? ROUTES : (path.split('/')[1] ?? ''));

function kindOf(path: string): Kind {
  if (path.endsWith('.lambda.ts')) return 'entry';
  if (/[/-]contract\.ts$/.test(path) || path === ROUTES) return 'contract';
  if (FOUNDATION.includes(roomOf(path))) return 'foundation';
  if (path.endsWith('-store.ts')) return 'store';
  if (path.endsWith('-client.ts')) return 'client';
  if (path.endsWith('-command.ts')) return 'command';
  if (path.endsWith('-handlers.ts')) return 'handlers';
  return 'rule';
}

const FUNCTIONS = sourcesOf('functions');
const LIB = sourcesOf('lib');
const BY_PATH = new Map([...FUNCTIONS, ...LIB].map(source => [source.path, source]));
const LOCAL = LIB.filter(({ path }) => path.startsWith('lib/local/'));
const SHIPPED = [...FUNCTIONS, ...LIB, ...sourcesOf('bin')];
const ALL = [...SHIPPED, ...sourcesOf('test')];
const ofKind = (...kinds: Kind[]) => FUNCTIONS.filter(({ path }) => kinds.includes(kindOf(path)));

const isFile = ({ target }: Import) => target.endsWith('.ts');
/** Every import that `allowed` does not allow, as `file -> target`. */
const breaches = (sources: readonly Source[], allowed: (imported: Import, path: string) => boolean) =>
  sources.flatMap(({ path, imports }) =>
    imports.filter(found => !allowed(found, path)).map(({ target }) => `${path} -> ${target}`),
  );

/** What runs with the file, by way of others. */
function reachedBy(path: string, seen = new Set<string>()): Set<string> {
  for (const found of BY_PATH.get(path)?.imports ?? []) {
    if (found.typesOnly || seen.has(found.target)) continue;
    seen.add(found.target);
    if (isFile(found)) reachedBy(found.target, seen);
  }
  return seen;
}

/** What of the world a file reaches: a package that does more than compute, or a file with a clock of its own. */
function worldOf(path: string): string[] {
  return [path, ...reachedBy(path)].filter(target =>
    target.endsWith('.ts') ? WORLDLY.test(codeOf(BY_PATH.get(target)?.text ?? '')) : !PURE_PACKAGES.includes(target),
  );
}

describe('the reader of imports', () => {
  const read = (text: string) => importsOf('functions/noun/rule.ts', text);

  it('sees every form of import, and what is of types only', () => {
    const value = (target: string) => [{ target, typesOnly: false }];
    const type = (target: string) => [{ target, typesOnly: true }];
    expect(read("import { a } from './a.ts';")).toEqual(value('functions/noun/a.ts'));
    expect(read("import {\n  a,\n  type B,\n} from '../other/a.ts';")).toEqual(value('functions/other/a.ts'));
    expect(read("import * as z from 'zod';")).toEqual(value('zod'));
    expect(read("import '@aws-sdk/client-s3';")).toEqual(value('@aws-sdk/client-s3'));
    expect(read("export { a } from './a.ts';")).toEqual(value('functions/noun/a.ts'));
    expect(read("const a = await import('./a.ts');")).toEqual(value('functions/noun/a.ts'));
    expect(read("import type { A } from '../../lib/a.ts';")).toEqual(type('lib/a.ts'));
    expect(read("import { type A, type B } from './a.ts';")).toEqual(type('functions/noun/a.ts'));
    expect(read("// import { a } from './a.ts';\n/** import './b.ts' */")).toEqual([]);
  });

  it('misses none of the files that TypeScript names with their ending', () => {
    for (const { path, text, imports } of ALL.filter(source => !source.path.startsWith('test/rules/'))) {
      const named = [...withoutComments(text).matchAll(/^(?:import|export|\}) .*from '([^']+)';$/gm)];
      expect(imports.length, path).toBeGreaterThanOrEqual(named.length);
    }
    expect(FUNCTIONS.flatMap(({ imports }) => imports).length).toBeGreaterThan(100);
  });
});

describe('the rooms of functions/', () => {
  it('are these, and nothing lies beside them but the list of routes', () => {
    expect([...new Set(FUNCTIONS.map(({ path }) => roomOf(path)))].sort()).toEqual([...ROOMS, ROUTES].sort());
  });

  it('import downwards alone, types too', () => {
    const allowed = ({ target }: Import, path: string) =>
      !target.startsWith('functions/') ||
      (target === ROUTES
        ? roomOf(path) === 'reference'
        : path === ROUTES || ROOMS.indexOf(roomOf(target)) <= ROOMS.indexOf(roomOf(path)));
    expect(breaches(FUNCTIONS, allowed)).toEqual([]);
  });

  it('import nothing of lib/, bin/ or test/', () => {
    expect(breaches(FUNCTIONS, found => !isFile(found) || found.target.startsWith('functions/'))).toEqual([]);
  });

  it('have no file that imports itself by way of others when it runs', () => {
    expect(FUNCTIONS.map(({ path }) => path).filter(path => reachedBy(path).has(path))).toEqual([]);
  });

  it('take the clock, randomness and the environment from the runtime alone', () => {
    const worldly = /\b(Date\.now|new Date\(\)|Math\.random|process\.env|randomBytes|randomUUID)/;
    const found = FUNCTIONS.filter(({ text }) => worldly.test(codeOf(text)));
    expect(found.map(({ path }) => path)).toEqual(['functions/runtime/runtime.ts']);
  });

  it('use the worker in nothing but the worker', () => {
    const others = FUNCTIONS.filter(({ path }) => roomOf(path) !== 'worker');
    expect(breaches(others, ({ target }) => !target.startsWith('functions/worker/'))).toEqual([]);
  });
});

describe('the kinds of file', () => {
  it('a contract is data: it imports zod, other contracts, the catalogue, and types', () => {
    const allowed = (found: Import) =>
      found.typesOnly ||
      found.target === 'zod' ||
      (isFile(found) && (kindOf(found.target) === 'contract' || roomOf(found.target) === 'catalogue'));
    expect(ofKind('contract').length).toBeGreaterThan(20);
    expect(breaches(ofKind('contract'), allowed)).toEqual([]);
  });

  it('a rule and a contract are pure: nothing that they reach has a clock, randomness, an environment or a service', () => {
    expect(ofKind('rule').length).toBeGreaterThan(30);
    const found = ofKind('rule', 'contract').flatMap(({ path }) =>
      worldOf(path).map(world => `${path} reaches ${world}`),
    );
    expect(found).toEqual([]);
  });

  it('the catalogue is pure', () => {
    const catalogue = FUNCTIONS.filter(({ path }) => roomOf(path) === 'catalogue');
    expect(catalogue.flatMap(({ path }) => worldOf(path).map(world => `${path} reaches ${world}`))).toEqual([]);
  });

  it('a store imports no handlers, commands or clients of other services', () => {
    const allowed = (found: Import) =>
      !isFile(found) || found.typesOnly || !['client', 'command', 'handlers', 'entry'].includes(kindOf(found.target));
    expect(ofKind('store').length).toBeGreaterThan(15);
    expect(breaches(ofKind('store'), allowed)).toEqual([]);
  });

  it('DynamoDB is spoken to by stores and the data room alone', () => {
    const speaking = FUNCTIONS.filter(({ imports }) =>
      imports.some(({ target, typesOnly }) => !typesOnly && /^@aws-sdk\/.*dynamodb/.test(target)),
    );
    const others = speaking.filter(({ path }) => kindOf(path) !== 'store' && roomOf(path) !== 'data');
    expect(others.map(({ path }) => path)).toEqual([]);
  });

  it('other services are spoken to by stores, clients, the runtime and the worker alone', () => {
    const speaking = FUNCTIONS.filter(({ imports }) =>
      imports.some(({ target, typesOnly }) => !typesOnly && /^(@aws-sdk\/|stripe$|jose$)/.test(target)),
    );
    const others = speaking.filter(
      ({ path }) =>
        !['store', 'client'].includes(kindOf(path)) && !['data', 'runtime', 'worker'].includes(roomOf(path)),
    );
    expect(others.map(({ path }) => path)).toEqual([]);
  });

  it('a command is given what it needs: it reads no environment and no event, and knows no entry', () => {
    expect(ofKind('command').length).toBeGreaterThan(5);
    const allowed = (found: Import) => found.target !== 'aws-lambda' && !found.target.endsWith('.lambda.ts');
    expect(breaches(ofKind('command'), allowed)).toEqual([]);
    const reading = ofKind('command').filter(({ text }) => /\b(setting\(|environment\b)/.test(withoutComments(text)));
    expect(reading.map(({ path }) => path)).toEqual([]);
  });

  it('an entry is named by its path, and nobody imports it', () => {
    expect(ofKind('entry').length).toBeGreaterThan(30);
    expect(breaches(ALL, ({ target }) => !target.endsWith('.lambda.ts'))).toEqual([]);
  });
});

describe('in lib/', () => {
  it('of functions/ only what is data is known', () => {
    const allowed = ({ target }: Import) =>
      !target.startsWith('functions/') || FOR_LIB.some(known => known.test(target));
    expect(breaches(LIB, allowed)).toEqual([]);
    expect(LIB.some(({ imports }) => imports.some(({ target }) => target === ROUTES))).toBe(true);
  });

  it('the local cloud knows itself and nothing of the product, and the product nothing of it', () => {
    expect(LOCAL.length).toBeGreaterThan(20);
    expect(breaches(LOCAL, found => !isFile(found) || found.target.startsWith('lib/local/'))).toEqual([]);
    const app = LIB.filter(({ path }) => !path.startsWith('lib/local/'));
    expect(breaches([...app, ...FUNCTIONS], ({ target }) => !target.startsWith('lib/local/'))).toEqual([]);
  });

  it('no file of the local cloud imports itself by way of others, not even for types', () => {
    const graph = new Map(LOCAL.map(({ path, imports }) => [path, imports.filter(isFile)]));
    const reached = (path: string, seen = new Set<string>()): Set<string> => {
      for (const { target } of graph.get(path) ?? []) if (!seen.has(target)) reached(target, seen.add(target));
      return seen;
    };
    expect(reached('lib/local/cloud.ts').size).toBeGreaterThan(100);
    expect([...graph.keys()].filter(path => reached(path).has(path))).toEqual([]);
  });

  it('nothing imports bin/, and nothing that is shipped imports test/', () => {
    expect(breaches(LIB, ({ target }) => !target.startsWith('bin/'))).toEqual([]);
    expect(breaches(SHIPPED, ({ target }) => !target.startsWith('test/'))).toEqual([]);
  });
});

describe('a source file', () => {
  it('of more than 300 lines says on its first line why', () => {
    const long = SHIPPED.filter(({ lines }) => lines > 300);
    const silent = long.filter(({ text }) => !/^\/[*/].*\b(lines|long)\b/.test(text));
    expect(silent.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  it('of 12 lines or fewer is not of one neighbour alone: it belongs in it', () => {
    const users = (target: string) => SHIPPED.filter(({ imports }) => imports.some(found => found.target === target));
    const small = SHIPPED.filter(({ path, lines }) => lines <= 12 && !path.endsWith('.lambda.ts')).filter(
      ({ path }) => {
        const [user, ...others] = users(path);
        return (
          user &&
          others.length === 0 &&
          user.path.split('/').slice(0, -1).join('/') === path.split('/').slice(0, -1).join('/')
        );
      },
    );
    expect(small.map(({ path }) => path)).toEqual([]);
  });

  it('writes a literal as a literal: no spread of an object or array that stands in it', () => {
    const spread = /\.\.\.\{|\.\.\.\[/;
    expect(spread.test('const a = { ...{ b }, c };')).toBe(true);
    const found = SHIPPED.flatMap(({ path, text }) => {
      const count = withoutComments(text)
        .split('\n')
        .filter(line => spread.test(line)).length;
      return count > 0 ? [`${path}: ${count}`] : [];
    });
    expect(found).toEqual([]);
  });

  it('has a name that says what it is about', () => {
    const empty = /(^|[-./])(utils?|helpers?|common|misc|managers?)([-./]|$)|(^|\/)index\.ts$/;
    expect(ALL.map(({ path }) => path).filter(path => empty.test(path))).toEqual([]);
  });

  it('hands on no other file whole', () => {
    expect(ALL.filter(({ text }) => /^export \* from/m.test(withoutComments(text))).map(({ path }) => path)).toEqual(
      [],
    );
  });

  it('runs once its types are taken away: no enum, no namespace, no parameter property', () => {
    expect(() => erasedBy('export enum A { B }')).toThrow();
    expect(() => erasedBy('class A { constructor(readonly b: string) {} }')).toThrow();
    for (const { path, text } of ALL) expect(() => erasedBy(text), path).not.toThrow();
  });

  it('has no any among its types, unless the line above says why', () => {
    expect(erasedBy('const a: any = b as any;')).toMatch(/any.*any/);
    const found = ALL.flatMap(({ path, text }) => {
      const count = erasedBy(withoutComments(text)).match(/\bany\b/g)?.length ?? 0;
      const reasons = text.match(/biome-ignore lint\/suspicious\/noExplicitAny: \w+/g)?.length ?? 0;
      return count > reasons ? [path] : [];
    });
    expect(found).toEqual([]);
  });
});

describe('the preview engine', () => {
  const PREVIEW = 'functions/worker/preview/';
  /** What the media pipeline offers to every renderer. */
  const OFFERED = [
    'functions/worker/media/audio-reader.ts',
    'functions/worker/media/frame-source.ts',
    'functions/worker/media/isolated-process.ts',
    'functions/worker/media/label.ts',
    'functions/worker/media/media-error.ts',
    'functions/worker/media/open-image.ts',
    'functions/worker/media/plain-video.ts',
    'functions/worker/media/video-reader.ts',
  ];
  const isPreview = (path: string) => path.startsWith(PREVIEW);
  const inside = FUNCTIONS.filter(({ path }) => isPreview(path));

  it('is named by the choice of an engine alone', () => {
    expect(inside.length).toBeGreaterThan(20);
    const outside = SHIPPED.filter(({ path }) => !isPreview(path));
    expect(breaches(outside, ({ target }) => !isPreview(target))).toEqual([
      `functions/worker/engines/configured-engine.ts -> ${PREVIEW}engine.ts`,
    ]);
  });

  it('knows of the worker the engine interface and what the media pipeline offers to any renderer', () => {
    const allowed = ({ target, typesOnly }: Import) =>
      !target.startsWith('functions/worker/') || isPreview(target) || typesOnly || OFFERED.includes(target);
    expect(breaches(inside, allowed)).toEqual([]);
    const knowing = inside.filter(({ imports }) =>
      imports.some(({ target }) => target.startsWith('functions/worker/') && !/\/(preview|media)\//.test(target)),
    );
    expect(knowing.map(({ path }) => path)).toEqual([`${PREVIEW}engine.ts`]);
  });
});
