/** Why a query FAILED, in the words of its StateChangeReason. */
export class QueryFailure extends Error {
  /** Whose fault it is: 1 Athena's, 2 the caller's. */
  readonly category: 1 | 2;

  constructor(reason: string, category: 1 | 2 = 2) {
    super(reason);
    this.category = category;
  }
}

/**
 * A failure of DuckDB in the words of Athena: the kind of error that a caller may look for, then DuckDB's own first
 * line. `folder` is where the query's links are: it stands in messages, and is nobody's business.
 */
export function asQueryFailure(error: unknown, folder: string): QueryFailure {
  if (error instanceof QueryFailure) return error;
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const text = line.replaceAll(folder, '');
  if (/^Out of Memory/.test(text)) return new QueryFailure('Query exhausted resources at this scale factor', 1);
  const kind = KINDS.find(([pattern]) => pattern.test(text))?.[1];
  if (kind !== undefined) return new QueryFailure(`${kind}: ${text}`);
  return new QueryFailure(`GENERIC_INTERNAL_ERROR: ${text}`, 1);
}

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^(Parser|Binder|Catalog) Error/, 'SYNTAX_ERROR'],
  [/^Conversion Error/, 'INVALID_CAST_ARGUMENT'],
  [/^Out of Range Error/, 'NUMERIC_VALUE_OUT_OF_RANGE'],
  [/^(Invalid Input|IO|Serialization) Error/, 'HIVE_BAD_DATA'],
];
