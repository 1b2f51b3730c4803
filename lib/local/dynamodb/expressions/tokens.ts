import { refuse } from '../values/refusal.ts';

export interface Token {
  readonly kind: 'word' | 'name' | 'value' | 'number' | 'symbol' | 'end';
  readonly text: string;
}

const LONGEST_BYTES = 4096;
const PATTERN = /\s*(?:([A-Za-z][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|(\d+)|(<>|<=|>=|[=<>()[\].,+-]))/y;
const KINDS = ['word', 'name', 'value', 'number', 'symbol'] as const;

/** Splits an expression; the last token is of kind `end`. `label` is the parameter's name, for the error. */
export function tokensOf(expression: string, label: string): readonly Token[] {
  if (expression.trim() === '') refuse(`Invalid ${label}: The expression can not be empty;`);
  if (Buffer.byteLength(expression) > LONGEST_BYTES) {
    refuse(`Invalid ${label}: Expression size has exceeded the maximum allowed size;`);
  }
  const tokens: Token[] = [];
  const end = expression.trimEnd().length;
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < end) {
    const from = PATTERN.lastIndex;
    const match = PATTERN.exec(expression);
    if (!match) {
      const rest = expression.slice(from).trimStart();
      refuse(`Invalid ${label}: Syntax error; token: "${rest.charAt(0)}", near: "${rest.slice(0, 20)}"`);
    }
    const group = match.slice(1).findIndex(text => text !== undefined);
    tokens.push({ kind: KINDS[group] ?? 'symbol', text: match[group + 1] ?? '' });
  }
  return [...tokens, { kind: 'end', text: '<EOF>' }];
}
