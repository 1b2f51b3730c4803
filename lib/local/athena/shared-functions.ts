/** The functions that mean the same in Trino and in DuckDB: a query may call these and no other. */
export const SHARED_FUNCTIONS: ReadonlySet<string> = new Set([
  // Aggregates.
  ...['count', 'count_star', 'sum', 'min', 'max', 'avg'],
  // Window functions.
  ...['row_number', 'rank', 'dense_rank', 'lag', 'lead', 'first_value', 'last_value'],
  // Text.
  ...['lower', 'upper', 'trim', 'ltrim', 'rtrim', 'length', 'substr', 'substring', 'replace', 'strpos', 'starts_with'],
  // Numbers and nulls.
  ...['abs', 'round', 'nullif'],
  // Dates. `extract(year from x)` is read as date_part.
  ...['date_trunc', 'year', 'month', 'day', 'hour', 'minute', 'second', 'date_part'],
  // How operators and LIKE are read.
  ...['+', '-', '*', '/', '%', '||', '~~', '!~~', 'like_escape', 'not_like_escape'],
]);

export const SHARED_TYPES: ReadonlySet<string> = new Set([
  ...[
    'BOOLEAN',
    'TINYINT',
    'SMALLINT',
    'INTEGER',
    'BIGINT',
    'FLOAT',
    'DOUBLE',
    'DECIMAL',
    'VARCHAR',
    'DATE',
    'TIMESTAMP',
  ],
]);

/**
 * DuckDB's own date_trunc makes a timestamp of a date; time_bucket does not. Its weeks begin on Monday, as Trino's do.
 * It stands before DuckDB's own by its place in the schema that names are looked up in first.
 */
export const DATE_TRUNC_MACRO = `CREATE MACRO date_trunc(unit, moment) AS time_bucket(CASE lower(unit)
  WHEN 'second' THEN INTERVAL 1 SECOND WHEN 'minute' THEN INTERVAL 1 MINUTE WHEN 'hour' THEN INTERVAL 1 HOUR
  WHEN 'day' THEN INTERVAL 1 DAY WHEN 'week' THEN INTERVAL 7 DAY WHEN 'month' THEN INTERVAL 1 MONTH
  WHEN 'quarter' THEN INTERVAL 3 MONTH WHEN 'year' THEN INTERVAL 1 YEAR
  ELSE error('date_trunc does not know ' || unit) END, moment)`;
