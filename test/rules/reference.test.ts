/** The pages of the reference as text: what is on which, that they hang together, and that every reader can use them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MODELS } from '../../functions/catalogue/models.ts';
import { REFUSALS } from '../../functions/catalogue/refusal.ts';
import { describeApi } from '../../functions/reference/openapi.ts';
import { commandsOf } from '../../functions/reference/page/curl.ts';
import { homePage, pageNames, pageOf, searchPage, unknownPage } from '../../functions/reference/page/pages.ts';
import { privacyPage } from '../../functions/reference/page/privacy.ts';
import { SCRIPT } from '../../functions/reference/page/script.ts';
import { find } from '../../functions/reference/page/search.ts';
import { siteOf } from '../../functions/reference/page/site.ts';
import { STYLE } from '../../functions/reference/page/style.ts';
import { ITEM_KINDS } from '../../functions/retention/sections.ts';
import { OPEN_ROUTES, ROUTES } from '../../functions/routes.ts';
import { elementsOf } from './html-elements.ts';

const BASE_URL = 'https://api.example.com/live';
const site = siteOf(describeApi(BASE_URL), BASE_URL, '/live');
const operations = site.sections.flatMap(section => section.operations.map(placed => ({ ...placed, section })));
/** By path. */
const pages = new Map([
  ['/live/docs', homePage(site)],
  ...pageNames(site).map(name => [`/live/docs/${name}`, pageOf(site, name)] as const),
]);
const others = {
  search: searchPage(site, 'video'),
  nothing: searchPage(site, 'zzz'),
  unknown: unknownPage(site, 'zzz'),
  privacy: privacyPage(site),
};
const all = [...pages, ...Object.entries(others)];
const home = pages.get('/live/docs') ?? expect.fail();
const idsOf = (page: string): string[] => [...page.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id);

describe('the reference', () => {
  it('has a section for every operation, on the page of its family, and a row on the first that leads there', () => {
    expect(operations.map(({ operation }) => operation.operationId).sort()).toEqual(
      Object.keys({ ...ROUTES, ...OPEN_ROUTES }).sort(),
    );
    for (const { section, operation } of operations) {
      const id = operation.operationId;
      expect(pages.get(`/live/docs/${section.slug}`)).toContain(`<article id="${id}">`);
      expect(home).toContain(`<li id="${id}"><a href="/live/docs/${section.slug}#${id}">`);
    }
  });

  it('keeps the places of the one long page that it was, on its first page', () => {
    const ids = idsOf(home);
    const objects = Object.keys(site.document.components.schemas).map(name => `object-${name}`);
    const families = site.sections.map(({ slug }) => slug);
    const wanted = ['start', 'models', 'objects', ...objects, ...families, ...Object.keys(ROUTES)];
    expect(wanted.filter(id => !ids.includes(id))).toEqual([]);
  });

  it('explains every refusal where the `type` of a problem leads', () => {
    const ids = idsOf(pages.get('/live/docs/problems') ?? '');
    expect(Object.keys(REFUSALS).filter(code => !ids.includes(code))).toEqual([]);
  });

  it('has no two families whose pages have one name, and no title twice', () => {
    expect(new Set(pageNames(site)).size).toBe(pageNames(site).length);
    const titles = [...pages.values()].map(page => /<title>(.*?)<\/title>/.exec(page)?.[1]);
    expect(new Set(titles).size).toBe(pages.size);
  });

  it('is light: half a kB for each operation on the first page, 2 kB for each object and each kind of item, 100 kB for any other', () => {
    const objects = Object.keys(site.document.components.schemas).length;
    const most: Readonly<Record<string, number>> = {
      '/live/docs': 500 * operations.length,
      '/live/docs/objects': 2000 * objects,
      privacy: 2000 * ITEM_KINDS.length,
    };
    for (const [path, page] of all) expect(Buffer.byteLength(page), path).toBeLessThan(most[path] ?? 100_000);
  });
});

describe.each(all)('the page %s', (_path, page) => {
  const named = (name: string) => elementsOf(page).filter(element => element.name === name);

  it('is whole: every element is closed, within the one that it began in, and no id is there twice', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(() => elementsOf(page)).not.toThrow();
    const ids = idsOf(page);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('leads only to what there is', () => {
    const links = elementsOf(page).flatMap(({ attributes }) => attributes.href ?? []);
    const isThere = (link: string): boolean => {
      const [target = '', anchor] = link.split('#');
      if (
        ['/live/openapi.json', '/live/v1/terms', '/live/v1/privacy', '/live/privacy', '/live/sign-in'].includes(
          target,
        ) ||
        target.startsWith('data:')
      )
        return true;
      const found = target === '' ? page : pages.get(target);
      return found !== undefined && (anchor === undefined || idsOf(found).includes(anchor));
    };
    expect(links.length).toBeGreaterThan(30);
    expect(links.filter(link => !isThere(link))).toEqual([]);
  });

  it('asks for nothing from elsewhere, and has no style or script but the one that its policy allows', () => {
    const elements = elementsOf(page);
    const loading = ['img', 'iframe', 'object', 'embed', 'audio', 'video', 'source', 'base'];
    expect(elements.filter(({ name }) => loading.includes(name))).toEqual([]);
    const bad = Object.keys(Object.assign({}, ...elements.map(({ attributes }) => attributes)));
    expect(bad.filter(name => name === 'style' || name === 'src' || name.startsWith('on'))).toEqual([]);
    expect([named('style'), named('script')].map(found => found.map(({ text }) => text))).toEqual([[STYLE], [SCRIPT]]);
    expect(named('form').map(({ attributes }) => attributes.action)).toEqual(['/live/docs']);
  });

  it('has one heading of the first rank, which comes first, and leaves out no rank', () => {
    const ranks = elementsOf(page).flatMap(({ name }) => (/^h[1-6]$/.test(name) ? [Number(name[1])] : []));
    expect(ranks.indexOf(1)).toBe(0);
    expect(ranks.lastIndexOf(1)).toBe(0);
    expect(ranks.filter((rank, index) => rank > (ranks[index - 1] ?? 0) + 1)).toEqual([]);
  });

  it('has landmarks, with names where there are two of a kind, and a way past the contents', () => {
    for (const name of ['main', 'header', 'footer']) expect(named(name), name).toHaveLength(1);
    const labels = named('nav').map(({ attributes }) => attributes['aria-label']);
    expect(labels.every(Boolean)).toBe(true);
    expect(new Set(labels).size).toBe(labels.length);
    expect(page).toMatch(/<a class="skip" href="#content">[\s\S]*<header/);
  });

  it('names its fields, its samples and what scrolls, and lets the keyboard reach them', () => {
    const fields = named('input').map(({ attributes }) => attributes.id);
    expect(named('label').map(({ attributes }) => attributes.for)).toEqual(fields);
    const scrolling = elementsOf(page).filter(
      ({ name, attributes }) => name === 'pre' || attributes.class === 'scroll',
    );
    for (const { name, attributes } of scrolling) {
      expect(attributes).toMatchObject({ tabindex: '0', 'aria-label': expect.any(String) });
      // A section that has a name is a region by itself.
      expect(name === 'section' || attributes.role === 'group').toBe(true);
    }
    for (const { within } of named('table')) expect(within).toContain('scroll');
  });
});

describe('the sample call of an operation', () => {
  it.each(operations.map(placed => [placed.operation.operationId, placed] as const))(
    '%s sends its method to its path, as the caller that it is for',
    (_name, { method, path, operation }) => {
      const commands = commandsOf(method, path, operation);
      expect(commands.length).toBeGreaterThan(0);
      for (const command of commands) {
        const [, target = ''] = /"\$API([^"?]*)/.exec(command) ?? [];
        const parts = path.split('/').map(part => (part.startsWith('{') ? '[^/]+' : part));
        expect(target).toMatch(new RegExp(`^${parts.join('/')}$`));
        const [, verb = / (-d|-F) /.test(command) ? 'POST' : 'GET'] = /-X ([A-Z]+) /.exec(command) ?? [];
        expect(verb).toBe(method.toUpperCase());
        const [scheme] = operation.security.flatMap(Object.keys);
        const said = /-H "([\w-]+): (?:Bearer )?\$([A-Z]+)"/.exec(command)?.slice(1);
        const key = path.startsWith('/v1/') ? ['Authorization', 'KEY'] : ['API-KEY', 'KEY'];
        const person = ['Authorization', 'TOKEN'];
        expect(said).toEqual({ apiKey: key, person, signature: ['Stripe-Signature', 'SIGNATURE'] }[scheme ?? '']);
      }
    },
  );
});

describe('the search', () => {
  const titles = (query: string) =>
    find(site, query).map(({ title }) => (typeof title === 'string' ? title : title.operation.operationId));

  it('finds every operation by its name and by its path, objects and refusals by theirs', () => {
    for (const { operation, path, method } of operations) {
      expect(titles(operation.operationId)[0]).toBe(operation.operationId);
      // Of paths that go on behind it, many may have all its words.
      if (path.length > 10) expect(titles(`${method} ${path}`)).toContain(operation.operationId);
    }
    for (const name of Object.keys(site.document.components.schemas)) expect(titles(name)).toContain(name);
    // However many operations have the word in their paths.
    expect(titles('account')[0]).toBe('Account');
    for (const [code, { pixverse }] of Object.entries(REFUSALS)) {
      expect(titles(code)).toContain(code);
      expect(titles(String(pixverse)).length).toBeGreaterThan(0);
    }
    for (const { name } of MODELS) expect(titles(name)).toContain(name);
  });

  it('finds members, and says which', () => {
    const found = find(site, 'last_id');
    expect(found.length).toBeGreaterThan(3);
    for (const { members } of found) expect(members).toContain('last_id');
  });

  it('finds only what has all the words, in whatever case and order', () => {
    expect(titles('ROTATE key')[0]).toBe('rotateKey');
    expect(titles('rotate zebra')).toEqual([]);
    expect(titles('  ')).toEqual([]);
  });

  it('writes whatever is asked for as text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 200 }), fc.constantFrom('"><script>', "'><b>", '</q>&lt;')),
        query => {
          const names = elementsOf(searchPage(site, query)).map(({ name }) => name);
          expect(names.filter(name => name === 'script' || name === 'b')).toEqual(['script']);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('the colours', () => {
  /** Of a colour as #rgb or #rrggbb. Source: WCAG 2.2, "relative luminance". */
  const luminance = (colour: string): number => {
    const digits = colour.length === 4 ? [...colour.slice(1)].map(digit => digit + digit) : colour.match(/\w\w/g);
    const [red = 0, green = 0, blue = 0] = (digits ?? []).map(text => {
      const part = Number.parseInt(text, 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one: string, other: string): number => {
    const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const colours = Object.fromEntries(
    [...STYLE.matchAll(/--([a-z-]+):light-dark\((#\w+),(#\w+)\)/g)].map(([, name = '', ...pair]) => [name, pair]),
  );
  const of = (name: string, mode: number): string => colours[name]?.[mode] ?? expect.fail(name);

  it.each([
    ['light', 0],
    ['dark', 1],
  ])('can be read when it is %s: 4.5 to 1 for text, 3 to 1 for the edges of fields', (_mode, mode) => {
    for (const ground of ['paper', 'card', 'tint']) {
      for (const text of ['ink', 'soft', 'accent', 'get', 'post', 'delete']) {
        const ratio = contrast(of(text, mode), of(ground, mode));
        expect(ratio, `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(of('edge', mode), of('card', mode))).toBeGreaterThanOrEqual(3);
    expect(contrast('#e9e4f0', of('code', mode))).toBeGreaterThanOrEqual(4.5);
  });
});
