/** Reads HTML as it is written here, and refuses what a browser would have to mend. */
const VOID = ['meta', 'link', 'input', 'br', 'wbr', 'hr', 'img', 'path', 'circle'];
/** Elements whose content is text, whatever is in it. */
const RAW = ['style', 'script'];
/** What ends a paragraph in a browser, though it stands within one. */
const BLOCKS = /^(p|div|ul|ol|dl|table|pre|section|article|h[1-6]|form|details|nav|main|header|footer)$/;

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The classes of the elements around it. */
  readonly within: readonly string[];
  /** Of style and script. */
  readonly text: string;
}

export function elementsOf(page: string): Element[] {
  const found: Element[] = [];
  const open: Element[] = [];
  const fail = (why: string, at: number): never => {
    throw new Error(`${why}: ${page.slice(Math.max(0, at - 40), at + 60)}`);
  };
  const tag = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<]*")?)*)\s*(\/?)>/gi;
  let at = page.indexOf('<html');
  while (at < page.length) {
    const next = page.indexOf('<', at);
    const between = page.slice(at, next === -1 ? page.length : next);
    if (/&(?!(?:amp|lt|gt|quot|#39);)|>/.test(between)) fail('a sign that is not escaped', at);
    if (next === -1) break;
    tag.lastIndex = next;
    const matched = tag.exec(page);
    if (matched?.index !== next) return fail('no tag', next);
    const [whole, closing, name = '', written = '', closed] = matched;
    at = next + whole.length;
    if (closing) {
      if (open.pop()?.name !== name) fail(`</${name}> closes another`, next);
      continue;
    }
    const pairs = [...written.matchAll(/([a-z-]+)(?:="([^"]*)")?/gi)].map(([, key = '', value = '']) => [key, value]);
    if (new Set(pairs.map(([key]) => key)).size !== pairs.length) fail('an attribute is there twice', next);
    if (BLOCKS.test(name) && open.some(around => around.name === 'p')) fail(`<${name}> within <p>`, next);
    if (name === 'a' && open.some(around => around.name === 'a')) fail('<a> within <a>', next);
    const end = RAW.includes(name) ? page.indexOf(`</${name}>`, at) : at;
    const element: Element = {
      name,
      attributes: Object.fromEntries(pairs),
      within: open.flatMap(({ attributes }) => attributes.class?.split(' ') ?? []),
      text: page.slice(at, end),
    };
    found.push(element);
    at = end;
    if (!VOID.includes(name) && !closed) open.push(element);
  }
  if (open.length > 0) fail(`<${open.at(-1)?.name}> is not closed`, page.length);
  return found;
}
