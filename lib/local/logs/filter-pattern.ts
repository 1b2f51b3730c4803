/**
 * Filter patterns of CloudWatch Logs. Terms are looked for as they are written: all of them, none that begins with `-`,
 * and, where there are any with `?`, one of those. A pattern in braces asks for members of a message that is JSON. Pure.
 * Source: "Filter pattern syntax for metric filters, subscription filters, filter log events, and Live Tail".
 */
import { AwsError } from '../service.ts';

const LONGEST_PATTERN = 1024;

/** Whether a message is one that the pattern asks for. Throws InvalidParameterException for a pattern that is none. */
export function readFilterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (text.length > LONGEST_PATTERN) throw invalid(`it has more than ${LONGEST_PATTERN} characters`);
  if (text === '') return () => true;
  if (text.startsWith('[')) throw invalid('the local cloud does not read patterns of space-delimited fields');
  return text.startsWith('{') ? jsonFilter(text) : termFilter(text);
}

function invalid(why: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid filter pattern: ${why}`);
}

type Test = (text: string) => boolean;

const TERM = /([?-]?)(?:"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)+)%|([^\s"%]+))(?=\s|$)\s*/y;

function termFilter(pattern: string): Test {
  const [all, none, any]: [Test[], Test[], Test[]] = [[], [], []];
  TERM.lastIndex = 0;
  while (TERM.lastIndex < pattern.length) {
    const at = TERM.lastIndex;
    const match = TERM.exec(pattern);
    if (!match) throw invalid(`it cannot be read from '${pattern.slice(at, at + 20)}' on`);
    const [, sign = '', quoted, expression, plain] = match;
    if (plain !== undefined && !/^[\w.*]+$/.test(plain)) throw invalid(`${plain} should stand in double quotes`);
    const term = quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/gs, '$1');
    const test: Test = expression === undefined ? text => text.includes(term) : matching(expression);
    (sign === '-' ? none : sign === '?' ? any : all).push(test);
  }
  return message =>
    all.every(test => test(message)) &&
    !none.some(test => test(message)) &&
    (any.length === 0 || any.some(test => test(message)));
}

function matching(expression: string): Test {
  try {
    const compiled = new RegExp(expression);
    return text => compiled.test(text);
  } catch {
    throw invalid(`%${expression}% is no regular expression`);
  }
}

// JSON: comparisons of `$.member` joined by && and ||.

type JsonTest = (message: unknown) => boolean;

const TOKEN =
  /\s*(?:(\|\||&&|[()]|!=|<=|>=|[=<>])|(\$(?:\.[\w-]+|\[\d+\]|\['[^']*'\])+)|"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)+)%|([\w.*+-]+))/y;

interface Token {
  readonly kind: 'symbol' | 'selector' | 'quoted' | 'expression' | 'word' | 'end';
  readonly text: string;
}
const KINDS = ['symbol', 'selector', 'quoted', 'expression', 'word'] as const;

function jsonFilter(pattern: string): Test {
  if (!pattern.endsWith('}')) throw invalid('it should end in }');
  const tokens = tokensOf(pattern.slice(1, -1).trim());
  const test = disjunction(tokens);
  if (tokens[0]?.kind !== 'end') throw invalid(`it cannot be read from '${tokens[0]?.text}' on`);
  return message => {
    try {
      const parsed: unknown = JSON.parse(message);
      return typeof parsed === 'object' && parsed !== null && test(parsed);
    } catch {
      return false;
    }
  };
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw invalid(`it cannot be read from '${text.slice(at, at + 20)}' on`);
    const group = match.slice(1).findIndex(part => part !== undefined);
    tokens.push({ kind: KINDS[group] ?? 'symbol', text: match[group + 1] ?? '' });
  }
  return [...tokens, { kind: 'end', text: '}' }];
}

function accept(tokens: Token[], symbol: string): boolean {
  const [next] = tokens;
  if (next?.kind !== 'symbol' || next.text !== symbol) return false;
  tokens.shift();
  return true;
}

function disjunction(tokens: Token[]): JsonTest {
  const tests = [conjunction(tokens)];
  while (accept(tokens, '||')) tests.push(conjunction(tokens));
  return message => tests.some(test => test(message));
}

function conjunction(tokens: Token[]): JsonTest {
  const tests = [predicate(tokens)];
  while (accept(tokens, '&&')) tests.push(predicate(tokens));
  return message => tests.every(test => test(message));
}

function predicate(tokens: Token[]): JsonTest {
  if (accept(tokens, '(')) {
    const inner = disjunction(tokens);
    if (!accept(tokens, ')')) throw invalid('a parenthesis is not closed');
    return inner;
  }
  const selector = tokens.shift();
  if (selector?.kind !== 'selector')
    throw invalid(`a member such as $.level should stand where '${selector?.text}' does`);
  const path = [...selector.text.matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']*)'\]/g)].map(
    step => step[1] ?? step[2] ?? step[3],
  );
  const of: (message: unknown) => unknown = message =>
    path.reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name ?? ''], message);
  const operator = tokens.shift();
  const value = tokens.shift();
  const test = comparison(operator?.text.toUpperCase() ?? '', value);
  return message => test(of(message));
}

const CONSTANTS: Readonly<Record<string, unknown>> = { NULL: null, TRUE: true, FALSE: false };

function comparison(operator: string, value: Token | undefined): (actual: unknown) => boolean {
  const text = value?.text ?? '';
  const word = text.toUpperCase();
  if (operator === 'NOT' && word === 'EXISTS') return actual => actual === undefined;
  if (operator === 'IS' && Object.hasOwn(CONSTANTS, word)) return actual => actual === CONSTANTS[word];
  if (
    !['=', '!=', '<', '<=', '>', '>='].includes(operator) ||
    !value ||
    ['end', 'symbol', 'selector'].includes(value.kind)
  ) {
    throw invalid(`'${operator} ${text}' compares nothing`);
  }
  const number = value.kind === 'word' && text.trim() !== '' ? Number(text) : Number.NaN;
  const same = sameAs(value, number);
  switch (operator) {
    case '=':
      return same;
    case '!=':
      return actual => actual !== undefined && !same(actual);
    default:
      if (Number.isNaN(number)) throw invalid(`${operator} compares with a number, not '${text}'`);
      return actual => typeof actual === 'number' && ordered(operator, actual, number);
  }
}

function ordered(operator: string, actual: number, number: number): boolean {
  if (operator === '<') return actual < number;
  if (operator === '<=') return actual <= number;
  return operator === '>' ? actual > number : actual >= number;
}

/** Texts are equal with `*` for any run of characters. */
function sameAs({ kind, text }: Token, number: number): (actual: unknown) => boolean {
  if (kind === 'expression') {
    const test = matching(text);
    return actual => actual !== undefined && test(String(actual));
  }
  const plain = kind === 'quoted' ? text.replace(/\\(.)/gs, '$1') : text;
  const parts = plain.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join('.*')}$`, 's');
  return actual => {
    if (typeof actual === 'number') return actual === number;
    return typeof actual === 'string' || typeof actual === 'boolean' ? pattern.test(String(actual)) : false;
  };
}
