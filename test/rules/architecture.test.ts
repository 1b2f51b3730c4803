/**
 * The import law. Contracts know zod; rules know contracts and each other; stores know rules and the AWS SDK; a lambda
 * knows them all and nobody knows a lambda; `lib/` knows contracts; `lib/local/` knows nothing of the product.
 */
import { describe, expect, it } from 'vitest';
import { erasedBy, type Import, importsOf, type Source, sourcesOf, withoutComments } from './source-tree.ts';

/** Files that are no rules although they are neither stores nor entries, and what each has to do with the world. */
const ADAPTERS: Readonly<Record<string, string>> = {
  'functions/platform/runtime.ts': 'the environment, the clock, randomness and the logger come in here',
  'functions/platform/table.ts': 'holds the one DynamoDB client',
  'functions/platform/transport.ts': 'turns events of API Gateway into calls, and logs and records them',
  'functions/platform/pixverse.ts': 'answers events of API Gateway',
  'functions/platform/problem.ts': 'answers events of API Gateway',
  'functions/platform/exchange.ts': 'reads events of API Gateway',
  'functions/platform/multipart.ts': 'reads forms as they stream in',
  'functions/platform/safe-fetch.ts': 'connects to hosts that callers name',
  'functions/platform/mail.ts': 'sends letters by SES',
  'functions/platform/secret.ts': 'reads Secrets Manager',
  'functions/payments/stripe-access.ts': "holds Stripe's client",
  'functions/payments/reported.ts': 'reads events of Stripe',
  'functions/payments/checkout.ts': 'asks Stripe for checkouts',
  'functions/accounts/gateway-keys.ts': "makes the account's API Gateway key",
  'functions/audit/record.ts': 'stores what callers do, for every transport',
  'functions/accounts/change-plan.ts': "makes a gateway key and stores the account's plan with it",
  'functions/keys/token.ts': "fetches the user pools' public keys",
  'functions/keys/issue-key.ts': 'makes a key and stores it, for three entries',
  'functions/keys/alter-key.ts': 'reads a key, decides what becomes of it and stores that',
  'functions/keys/known-key.ts': 'reads what of a key stands elsewhere',
  'functions/keys/end-key.ts': 'reads a key and ends it, for two entries',
  'functions/generation/orchestration.ts': 'starts and reads executions of the state machine',
  'functions/generation/submit.ts': 'admits a job and starts its execution, for every dialect',
  'functions/generation/cancel.ts': 'settles a job as cancelled and stops its execution',
  'functions/generation/inspect-apart.ts': 'runs the inspection of media in a thread that it can end',
  'functions/generation/uploaded-media.ts': 'fetches by URL',
  'functions/generation/pixverse/create.ts':
    'reads what a body refers to and submits it, for every route of the dialect',
  'functions/generation/intake.ts': 'stores uploads, the object and its item',
  'functions/generation/videos/body.ts': 'reads bodies of API Gateway events',
  'functions/generation/videos/picture.ts': 'finds, fetches and stores the picture that a video begins with',
  'functions/generation/videos/quote-video.ts': 'reads what a quote is made of',
  'functions/generation/videos/start-video.ts': 'submits what was planned, once for each key',
  'functions/generation/uploaded-image.ts': 'reads bodies of API Gateway events and fetches by URL',
};
/** Besides the stores. */
const AWS_SDK = [
  'functions/platform/table.ts',
  'functions/platform/mail.ts',
  'functions/platform/secret.ts',
  'functions/accounts/gateway-keys.ts',
  'functions/generation/orchestration.ts',
  'functions/worker/engine-key.ts',
  'functions/worker/message.ts',
];
/** What computes and nothing else. */
const PURE_PACKAGES = ['zod', 'mediabunny', 'ipaddr.js', 'hyparquet-writer', 'node:crypto', 'node:zlib'];
/** What `lib/` may know of the product: data. */
const FOR_LIB = [/[/-]contract\.ts$/, /^functions\/credits\/plans\.ts$/, /^functions\/platform\/route\.ts$/];

type Kind = 'contract' | 'store' | 'lambda' | 'worker' | 'adapter' | 'rule';

function kindOf(path: string): Kind {
  if (path.startsWith('functions/worker/')) return 'worker';
  if (path.endsWith('.lambda.ts')) return 'lambda';
  if (path.endsWith('-store.ts')) return 'store';
  if (/[/-]contract\.ts$/.test(path)) return 'contract';
  return path in ADAPTERS ? 'adapter' : 'rule';
}

const FUNCTIONS = sourcesOf('functions');
const LIB = sourcesOf('lib');
const LOCAL = LIB.filter(({ path }) => path.startsWith('lib/local/'));
const SHIPPED = [...FUNCTIONS, ...LIB, ...sourcesOf('bin')];
const ALL = [...SHIPPED, ...sourcesOf('test')];
const ofKind = (kind: Kind) => FUNCTIONS.filter(({ path }) => kindOf(path) === kind);

const isFile = ({ target }: Import) => target.endsWith('.ts');
/** Every import that `allowed` does not allow, as `file -> target`. */
const breaches = (sources: readonly Source[], allowed: (imported: Import, path: string) => boolean) =>
  sources.flatMap(({ path, imports }) =>
    imports.filter(found => !allowed(found, path)).map(({ target }) => `${path} -> ${target}`),
  );

/** What makes a file no rule: the SDK, a package with a world behind it, or a file that is no rule. */
const allowedInRules = (found: Import): boolean => {
  if (!isFile(found)) return PURE_PACKAGES.includes(found.target);
  return found.typesOnly || ['rule', 'contract'].includes(kindOf(found.target));
};

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

describe('in functions/', () => {
  it('a contract imports zod, other contracts, and types of platform/route.ts', () => {
    const allowed = ({ target, typesOnly }: Import) =>
      target === 'zod' || kindOf(target) === 'contract' || (typesOnly && target === 'functions/platform/route.ts');
    expect(ofKind('contract').length).toBeGreaterThan(1);
    expect(breaches(ofKind('contract'), allowed)).toEqual([]);
  });

  it('a rule imports rules, contracts and what only computes; of anything else it knows types', () => {
    expect(ofKind('rule').length).toBeGreaterThan(15);
    expect(breaches(ofKind('rule'), allowedInRules)).toEqual([]);
  });

  it('a rule has no clock, no randomness and no environment of its own', () => {
    const worldly =
      /\b(Date\.now|new Date\(\)|Math\.random|performance\.now|process\.|randomBytes|randomUUID|setTimeout|setInterval|fetch\()/;
    const found = [...ofKind('rule'), ...ofKind('contract')].filter(({ text }) => worldly.test(withoutComments(text)));
    expect(found.map(({ path }) => path)).toEqual([]);
  });

  it('the clock, randomness and the environment come from platform/runtime.ts alone', () => {
    const worldly = /\b(Date\.now|new Date\(\)|Math\.random|process\.env|randomBytes|randomUUID)/;
    const found = FUNCTIONS.filter(({ text }) => worldly.test(withoutComments(text)));
    expect(found.map(({ path }) => path)).toEqual(['functions/platform/runtime.ts']);
  });

  it.each(Object.entries(ADAPTERS))('%s is an adapter: it %s', path => {
    const source = FUNCTIONS.find(found => found.path === path);
    const worldly = source?.imports.filter(found => !allowedInRules(found)) ?? [];
    expect(worldly, 'it could be a rule: take it from the table').not.toEqual([]);
  });

  it('the AWS SDK is in stores and the adapters that say so', () => {
    const holders = FUNCTIONS.filter(({ imports }) => imports.some(({ target }) => target.startsWith('@aws-sdk/')));
    expect(
      holders
        .filter(({ path }) => kindOf(path) !== 'store')
        .map(({ path }) => path)
        .sort(),
    ).toEqual(AWS_SDK.toSorted());
  });

  it('DynamoDB is in stores and platform/table.ts alone', () => {
    const holders = FUNCTIONS.filter(({ imports }) =>
      imports.some(({ target }) => /^@aws-sdk\/.*dynamodb/.test(target)),
    );
    const others = holders.filter(({ path }) => kindOf(path) !== 'store').map(({ path }) => path);
    expect(others).toEqual(['functions/platform/table.ts']);
  });

  it('a store imports no transport and no worker', () => {
    const allowed = (found: Import) =>
      !isFile(found) ||
      found.typesOnly ||
      ['rule', 'contract', 'store'].includes(kindOf(found.target)) ||
      found.target === 'functions/platform/table.ts';
    expect(breaches(ofKind('store'), allowed)).toEqual([]);
  });

  it('nothing but the worker imports the worker', () => {
    const others = FUNCTIONS.filter(({ path }) => kindOf(path) !== 'worker');
    expect(breaches(others, ({ target }) => !target.startsWith('functions/worker/'))).toEqual([]);
  });

  it('nothing imports lib/, bin/ or test/', () => {
    expect(breaches(FUNCTIONS, found => !isFile(found) || found.target.startsWith('functions/'))).toEqual([]);
  });

  it('no file imports itself by way of others when it runs', () => {
    const graph = new Map(
      FUNCTIONS.map(({ path, imports }) => [path, imports.filter(found => isFile(found) && !found.typesOnly)]),
    );
    const reached = (path: string, seen = new Set<string>()): Set<string> => {
      for (const { target } of graph.get(path) ?? []) if (!seen.has(target)) reached(target, seen.add(target));
      return seen;
    };
    expect([...graph.keys()].filter(path => reached(path).has(path))).toEqual([]);
  });
});

describe('everywhere', () => {
  it('nobody imports an entry: a lambda is named by its path', () => {
    expect(ofKind('lambda').length).toBeGreaterThan(5);
    expect(breaches(ALL, ({ target }) => !target.endsWith('.lambda.ts'))).toEqual([]);
  });

  it('what is shipped imports nothing of test/', () => {
    expect(breaches(SHIPPED, ({ target }) => !target.startsWith('test/'))).toEqual([]);
  });
});

describe('in lib/', () => {
  it('of functions/ only contracts, plans and the form of a route are known', () => {
    const allowed = ({ target }: Import) =>
      !target.startsWith('functions/') || FOR_LIB.some(known => known.test(target));
    expect(breaches(LIB, allowed)).toEqual([]);
    expect(LIB.some(({ imports }) => imports.some(({ target }) => target.startsWith('functions/')))).toBe(true);
  });

  it('the local cloud knows itself and nothing of the product, and the product nothing of it', () => {
    expect(LOCAL.length).toBeGreaterThan(20);
    expect(breaches(LOCAL, found => !isFile(found) || found.target.startsWith('lib/local/'))).toEqual([]);
    const app = LIB.filter(({ path }) => !path.startsWith('lib/local/'));
    expect(breaches([...app, ...FUNCTIONS], ({ target }) => !target.startsWith('lib/local/'))).toEqual([]);
  });

  it('nothing imports bin/', () => {
    expect(breaches(LIB, ({ target }) => !target.startsWith('bin/'))).toEqual([]);
  });
});

describe('a source file', () => {
  it('of more than 300 lines says on its first line why', () => {
    const long = SHIPPED.filter(({ lines }) => lines > 300);
    const silent = long.filter(({ text }) => !/^\/[*/].*\b(lines|long)\b/.test(text));
    expect(silent.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  it('has 90 lines or fewer in the middle, and 200 or fewer in nine of ten', () => {
    const sorted = SHIPPED.map(({ lines }) => lines).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(90);
    expect(sorted[Math.floor(sorted.length * 0.9)]).toBeLessThanOrEqual(200);
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
    'functions/worker/media/label.ts',
    'functions/worker/media/media-error.ts',
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
