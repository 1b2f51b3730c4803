/** What the four kinds of expression share: a cursor over tokens, document paths, and syntax errors as AWS words them. */
import { refuse } from '../values/refusal.ts';
import type { Value } from '../values/value.ts';
import type { Path } from './path.ts';
import type { Placeholders } from './placeholders.ts';
import { isReserved } from './reserved-words.ts';
import { type Token, tokensOf } from './tokens.ts';

export class ExpressionReader {
  readonly label: string;
  readonly #tokens: readonly Token[];
  readonly #placeholders: Placeholders;
  #at = 0;

  /** `label` is the parameter that holds the expression, such as `ConditionExpression`. */
  constructor(expression: string, label: string, placeholders: Placeholders) {
    this.label = label;
    this.#tokens = tokensOf(expression, label);
    this.#placeholders = placeholders;
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)] as Token;
  }

  /** Steps over the symbol or keyword if it is next. Keywords are in upper case here, in any case in the text. */
  accept(text: string): boolean {
    if (!this.sees(text)) return false;
    this.#at++;
    return true;
  }

  sees(text: string): boolean {
    const token = this.peek();
    return token.kind === 'symbol' ? token.text === text : token.kind === 'word' && token.text.toUpperCase() === text;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.syntaxError();
  }

  /** Steps over the next token, whatever it is. */
  next(): Token {
    const token = this.peek();
    this.#at++;
    return token;
  }

  /** A document path such as `a.b[0].#c`. */
  path(): Path {
    const steps: [string, ...(string | number)[]] = [this.#pathName()];
    for (;;) {
      if (this.accept('.')) {
        steps.push(this.#pathName());
      } else if (this.accept('[')) {
        if (this.peek().kind !== 'number') this.syntaxError();
        steps.push(Number(this.next().text));
        this.expect(']');
      } else {
        return steps;
      }
    }
  }

  value(): Value {
    if (this.peek().kind !== 'value') this.syntaxError();
    return this.#placeholders.value(this.next().text, this.label);
  }

  /** Whether a function call such as `size(` is next. */
  seesCall(): boolean {
    return this.peek().kind === 'word' && this.peek(1).kind === 'symbol' && this.peek(1).text === '(';
  }

  end(): void {
    if (this.peek().kind !== 'end') this.syntaxError();
  }

  syntaxError(): never {
    const near = [this.peek(-1), this.peek(), this.peek(1)].filter(
      (token, i, all) => token && all.indexOf(token) === i,
    );
    this.refuse(`Syntax error; token: "${this.peek().text}", near: "${near.map(token => token.text).join(' ')}"`);
  }

  /** Throws ValidationException that names the expression. */
  refuse(message: string): never {
    refuse(`Invalid ${this.label}: ${message}`);
  }

  #pathName(): string {
    const token = this.peek();
    if (token.kind !== 'word' && token.kind !== 'name') this.syntaxError();
    this.#at++;
    if (token.kind === 'name') return this.#placeholders.name(token.text, this.label);
    if (isReserved(token.text)) {
      this.refuse(`Attribute name is a reserved keyword; reserved keyword: ${token.text}`);
    }
    return token.text;
  }
}
