/** The little XML that S3 and the older SQS protocol speak: elements and text, no attributes worth reading. */
import { AwsError } from '../service.ts';

/** An element: its name and its text or its children. One without content (undefined) is not written. */
export type XmlNode = readonly [name: string, content: string | number | boolean | undefined | readonly XmlNode[]];

/** The document of `root`, in the namespace `xmlns`. */
export function writeXml(root: XmlNode, xmlns?: string): string {
  const text = write(root);
  const named = xmlns ? text.replace(/^<[^\s/>]+/, open => `${open} xmlns="${xmlns}"`) : text;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${named}`;
}

function write([name, content]: XmlNode): string {
  if (content === undefined) return '';
  const inner = Array.isArray(content) ? content.map(write).join('') : escapeXml(String(content));
  return inner === '' ? `<${name}/>` : `<${name}>${inner}</${name}>`;
}

// Besides the five signs: a carriage return and other control characters, which a reader would fold or refuse when raw.
function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return text.replace(/[&<>"'\u0000-\u001f\u007f\ufffe\uffff]/g, character => {
    return NAMED[character] ?? `&#x${character.charCodeAt(0).toString(16)};`;
  });
}
const NAMED: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** A parsed element. */
export interface XmlElement {
  readonly name: string;
  /** Its own text, with white space kept. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

interface Open {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
}

/** Parses a document; throws MalformedXML (400). Namespace prefixes are dropped; a document type is refused. */
export function readXml(source: string): XmlElement {
  const stack: Open[] = [{ name: '', text: '', children: [] }];
  const token =
    /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([^\s<>/!?]+)([^<>]*?)(\/?)>|([^<]+)|</gy;
  for (const [all, cdata, slash, qualified, , selfClosing, text] of source.matchAll(token)) {
    const top = stack.at(-1) as Open;
    if (text !== undefined) top.text += unescapeXml(text);
    else if (cdata !== undefined) top.text += cdata;
    else if (qualified === undefined) {
      if (all === '<') throw malformed();
    } else {
      const name = qualified.slice(qualified.indexOf(':') + 1);
      if (slash) {
        if (top.name !== name || stack.length < 2) throw malformed();
        stack.pop();
        stack.at(-1)?.children.push(top);
      } else if (selfClosing) top.children.push({ name, text: '', children: [] });
      else stack.push({ name, text: '', children: [] });
    }
  }
  const root = stack[0]?.children[0];
  if (stack.length !== 1 || !root || stack[0]?.children.length !== 1) throw malformed();
  return root;
}

/** The children of `element` called `name`. */
export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter(child => child.name === name);
}

/** The text of the child of `element` called `name`. */
export function childText(element: XmlElement, name: string): string | undefined {
  return childrenOf(element, name)[0]?.text;
}

function unescapeXml(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-z]+));|&/g, (all, hex, decimal, name) => {
      if (name) {
        const found = Object.entries(NAMED).find(([, entity]) => entity === all)?.[0];
        if (!found) throw malformed();
        return found;
      }
      const point = hex ? Number.parseInt(hex, 16) : Number.parseInt(decimal ?? '', 10);
      if (!(point <= 0x10ffff)) throw malformed();
      return String.fromCodePoint(point);
    });
}

function malformed(): AwsError {
  return new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}
