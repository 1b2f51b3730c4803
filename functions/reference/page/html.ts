/** HTML as text that is escaped unless it was made here. Pure. */

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

/** Words in which backticks make code, and names of sections are links. */
export function prose(words: string): Html {
  const parts = words.split(/(`[^`]+`|\bsee Models\b|\bunder Choices\b)/);
  return html`${parts.map(part => {
    if (part.startsWith('`')) return html`<code>${part.slice(1, -1)}</code>`;
    if (part === 'see Models') return html`see <a href="#models">Models</a>`;
    if (part === 'under Choices') return html`under <a href="#choices">Choices</a>`;
    return part;
  })}`;
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
