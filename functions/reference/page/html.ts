/** HTML as text that is escaped unless it was made here. Pure. */
import type { Links } from './links.ts';

export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | undefined | false | readonly Part[];

/** A template whose values are escaped, other templates excepted; lists are joined, and undefined and false are nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(strings.map((text, index) => (index === 0 ? text : textOf(values[index - 1]) + text)).join(''));
}

/** Words in which backticks make code; calls within them, and names of sections, are links. */
export function prose(words: string, links: Links): Html {
  const parts = words.split(/(`[^`]+`|\bsee Models\b|\bunder Choices\b)/);
  return html`${parts.map(part => {
    if (part.startsWith('`')) return code(part.slice(1, -1), links);
    if (part === 'see Models') return html`see <a href="${links.models()}">Models</a>`;
    if (part === 'under Choices') return html`under <a href="${links.page('choices')}">Choices</a>`;
    return part;
  })}`;
}

function code(words: string, links: Links): Html {
  const target = links.named(words);
  return target === undefined ? html`<code>${words}</code>` : html`<a href="${target}"><code>${words}</code></a>`;
}

/** A sample to be copied: it scrolls by keyboard too, and says what it is. */
export function sample(label: string, text: string): Html {
  return html`<pre tabindex="0" role="group" aria-label="${label}"><code>${text}</code></pre>`;
}

/** A table that scrolls sideways where the page is narrower, by keyboard too. */
export function scrolling(label: string, table: Html): Html {
  return html`<section class="scroll" tabindex="0" aria-label="${label}">${table}</section>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function textOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(textOf).join('');
  return String(part).replace(/[&<>"']/g, letter => ENTITIES[letter] ?? letter);
}
