/** A statement as text: what kind it is, its placeholders, and why it failed. Pure. */
import { AwsError } from '../service.ts';

/** Text, quoted names and comments, which hide whatever looks like SQL in them. */
const HIDDEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\//g;
const LITERAL =
  /^(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|(?:(?:DATE|TIMESTAMP|DECIMAL)\s*)?'(?:[^']|'')*'|TRUE|FALSE|NULL)$/i;

/** What DuckDB reads and Athena does not, and cannot be told from the tree that DuckDB makes of it. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/::/, 'the operator :: (write CAST)'],
  [/==/, 'the operator == (write =)'],
  [/\blimit\s+\S+\s+offset\b/i, 'LIMIT before OFFSET (write OFFSET first)'],
  [/\$/, 'the sign $ (write ? for a parameter)'],
  [/\b[ebx]'/i, "text that begins with a letter, such as E'' (write '')"],
  [/\bas\s+(text|string|int4|int8|float4|float8|numeric)\b/i, "types of other dialects (write Trino's names)"],
];

/**
 * The one statement of `sql`, its placeholders replaced by `parameters`, which are SQL literals such as `'a'`, `10` or
 * `DATE '2026-11-24'`. Throws InvalidRequestException for another statement than SELECT or WITH.
 */
export function readStatement(sql: string, parameters: readonly string[]): string {
  // Of the same length, with the quote that text began with.
  const bare = sql.replace(HIDDEN, hidden => {
    const [first = ''] = hidden;
    return first === "'" || first === '"' ? first.padEnd(hidden.length, '_') : ' '.repeat(hidden.length);
  });
  const [, first = ''] = /^[\s(]*(\w*)/.exec(bare) ?? [];
  if (!/^(select|with)$/i.test(first)) {
    throw invalid(
      `Queries of this type are not supported: the local Athena runs SELECT and WITH, not ${first.toUpperCase()}`,
    );
  }
  const end = bare.search(/;\s*$/);
  const body = end < 0 ? bare : bare.slice(0, end);
  if (body.includes(';')) throw invalid('Only one sql statement is allowed');
  const foreign = FOREIGN.find(([pattern]) => pattern.test(body))?.[1];
  if (foreign !== undefined) throw invalid(`The local Athena does not read ${foreign}, since Athena does not`);
  const wrong = parameters.findIndex(parameter => !LITERAL.test(parameter.trim()));
  if (wrong >= 0) throw invalid(`ExecutionParameters[${wrong}] should be an SQL literal, such as 'text' in quotes`);
  const places = [...body.matchAll(/\?/g)].map(({ index }) => index);
  if (places.length !== parameters.length) {
    throw invalid(`Incorrect number of parameters: expected ${places.length} but found ${parameters.length}`);
  }
  const pieces = [0, ...places.map(place => place + 1)].map((from, n) => sql.slice(from, places[n] ?? body.length));
  return pieces.map((piece, n) => `${piece}${parameters[n] ?? ''}`).join('');
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidRequestException', message);
}

/** Why a query FAILED, in the words of its StateChangeReason. */
export class QueryFailure extends Error {
  /** Whose fault it is: 1 Athena's, 2 the caller's. */
  readonly category: 1 | 2;

  constructor(reason: string, category: 1 | 2 = 2) {
    super(reason);
    this.category = category;
  }
}
