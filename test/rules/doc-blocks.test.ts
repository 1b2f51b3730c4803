import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPEN_ROUTES, ROUTES } from '../../functions/routes.ts';
import { type Block, blocksOf, REASONS, RUN_ELSEWHERE, stepsOf } from '../support/doc-blocks.ts';
import { type Learned, misprint } from '../support/printed.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = ['README.md', ...globSync('docs/*.md', { cwd: ROOT })].map(name => ({
  name,
  text: readFileSync(join(ROOT, name), 'utf8'),
}));
const BLOCKS = PAGES.flatMap(({ name, text }) => blocksOf(text, name));

describe('the blocks of README.md and docs/', () => {
  it('are all run, but a few of which each says why it is not', () => {
    const kept = BLOCKS.filter(({ notRun }) => notRun !== undefined);
    for (const { place, notRun = '' } of kept) {
      const [, test] = RUN_ELSEWHERE.exec(notRun) ?? [];
      const known = test === undefined ? (REASONS as readonly string[]).includes(notRun) : existsSync(join(ROOT, test));
      expect({ place, notRun, known }).toEqual({ place, notRun, known: true });
    }
    // A page that needs more of them tells a reader what nobody has tried.
    expect(kept.length).toBeLessThanOrEqual(MOST_NOT_RUN);
    expect(BLOCKS.length - kept.length).toBeGreaterThan(20);
  });

  it('can be run as they are', () => {
    for (const { name, text } of PAGES) expect(() => stepsOf(blocksOf(text, name))).not.toThrow();
  });
});

const MOST_NOT_RUN = 12;

describe('what the pages name', () => {
  it.each(PAGES)('in $name is there: links, files, scripts of npm, routes', ({ name, text }) => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, to = '']) => join(dirname(name), to));
    const files = [
      ...text.matchAll(/`((?:bin|lib|functions|test|docs)\/[\w./-]*\w\.\w+|(?:bin|lib|functions|test)\/[\w/-]*)`/g),
    ];
    for (const path of [...links, ...files.map(([, path = '']) => path)]) {
      expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
    }
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    for (const [, script = ''] of text.matchAll(/npm run (?:-s )?(\w+)/g))
      expect(Object.keys(scripts)).toContain(script);
    const routes = new Set(
      Object.values({ ...ROUTES, ...OPEN_ROUTES }).map(({ method, path }) => `${method} ${unnamed(path)}`),
    );
    for (const [, method, path = ''] of text.matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/(?:v1|openapi)\/[^\s`?]*)/g)) {
      expect([...routes]).toContain(`${method} ${unnamed(path)}`);
    }
  });
});

/** Whatever the parts that vary are called. */
const unnamed = (path: string): string => path.replace(/\{\w+\}|(?<=video_)<id>|video_<id>/g, '{}');

describe('a page', () => {
  const fence = '```';
  const read = (...lines: string[]) => stepsOf(blocksOf(lines.join('\n'), 'page.md'));

  it('has sessions, in which each command is followed by what it prints, and programs', () => {
    const steps = read(
      `${fence}sh`,
      '$ one \\',
      "    -d '{",
      "  }'",
      'printed',
      'also',
      '$ two',
      fence,
      `${fence}python`,
      'print(1)',
      fence,
      `${fence}text`,
      '1',
      fence,
    );
    expect(steps).toEqual([
      { kind: 'command', place: 'page.md:1', command: { text: "one \\\n    -d '{\n  }'", prints: 'printed\nalso' } },
      { kind: 'command', place: 'page.md:1', command: { text: 'two' } },
      { kind: 'program', place: 'page.md:9', language: 'python', text: 'print(1)\n', prints: '1\n' },
    ]);
  });

  it('has no block of which nobody knows what it is, or who prints it', () => {
    expect(() => read(fence, 'x', fence)).toThrow('say what the block is');
    expect(() => read(`${fence}text`, 'x', fence)).toThrow('what prints this?');
    expect(() => read(`${fence}yaml`, 'x', fence)).toThrow('is not run here');
    expect(() => read(`${fence}sh`, 'x')).toThrow('no end');
    expect(() => read(`${fence}sh`, 'x', '$ y', fence)).toThrow('does not begin with a command');
  });

  it('may say why a block is not run', () => {
    const blocks: Block[] = blocksOf(`${fence}sh not-run: needs an AWS account\ncdk deploy\n${fence}`, 'page.md');
    expect(blocks).toMatchObject([{ language: 'sh', notRun: 'needs an AWS account' }]);
    expect(stepsOf(blocks)).toEqual([]);
  });
});

describe('what is printed', () => {
  const wrong = (page: string, printed: string) => misprint(page, printed);

  it.each([
    ['{"a":1,"b":"x"}', '{"b":"x","a":1}'],
    ['{"a":1,...}', '{"a":1,"b":2}'],
    ['{"a":...,"c":…}', '{"a":{"b":1},"c":null}'],
    ['{"a":[...,{"b":2}]}', '{"a":[{"b":1},{"b":2}]}'],
    ['{"a":[1,...]}', '{"a":[1]}'],
    [
      '{"id":250473926504802,"at":"2026-11-23T04:13:57.000Z"}',
      '{"id":250473926504999,"at":"2027-01-02T03:04:05.678Z"}',
    ],
    ['{"url":"http://127.0.0.1:4481/..."}', '{"url":"http://127.0.0.1:39999/x?y=z"}'],
    ['{"id":"video_250473926504802"}', '{"id":"video_1"}'.replace('1', '250473926504803')],
    ['ready in 0.7 s (32 ms)\n...\nend', 'ready in 12.1 s (5 ms)\nmore\nof it\nend'],
    ['a      b', 'a   b'],
  ])('as %j may be %j', (page, printed) => expect(wrong(page, printed)).toBeUndefined());

  it.each([
    ['{"a":1}', '{"a":1,"b":2}'],
    ['{"a":1,"b":2}', '{"a":1}'],
    ['{"a":1}', '{"a":2}'],
    ['{"credits":35}', '{"credits":45}'],
    ['{"a":1}', '{"a":"1"}'],
    ['{"a":[1]}', '{"a":[1,2]}'],
    ['{"a":"x"}', '{"a":"y"}'],
    ['{"id":250473926504802}', '{"id":7}'],
    ['{"id":"video_250473926504802"}', '{"id":"key_250473926504802"}'],
    ['{"a":1}', 'a page of HTML'],
    ['one\ntwo', 'one\nthree'],
    ['one', 'one and more'],
  ])('as %j may not be %j', (page, printed) => expect(wrong(page, printed)).toEqual(expect.any(String)));

  it('teaches what stands on the page for what it was here', () => {
    const learned: Learned = new Map();
    misprint('{"video_id":250473926504802,"credits":5}', '{"video_id":250473926999999,"credits":5}', learned);
    expect([...learned]).toEqual([['250473926504802', '250473926999999']]);
  });
});
