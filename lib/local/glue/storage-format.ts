/**
 * The format of a table's objects, from its SerDe: Parquet, or CSV as OpenCSVSerde reads it. Two things of CSV differ: a
 * quote inside quotes is written with escapeChar alone (so `""` needs escapeChar `"`), and a line break inside quotes,
 * which Athena cannot read, is read here.
 */
import type { Properties } from '../properties.ts';
import type { Format } from './catalog.ts';

export const STORAGE_PROPERTIES = [
  ...['Location', 'Columns', 'SerdeInfo', 'InputFormat', 'OutputFormat'],
  // What Hive notes of its own buckets and sorting, and whether objects are compressed, which they say themselves.
  ...['Compressed', 'NumberOfBuckets', 'StoredAsSubDirectories', 'Parameters'],
];
export const HEADER_LINES = 'skip.header.line.count';

const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';
const OPEN_CSV = 'org.apache.hadoop.hive.serde2.OpenCSVSerde';
/** The input and output formats that belong to each SerDe. */
const CLASSES: Readonly<Record<string, { InputFormat: string; OutputFormat: string }>> = {
  [PARQUET]: {
    InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  },
  [OPEN_CSV]: {
    InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  },
};

/** Reads SerdeInfo and the formats of a StorageDescriptor; `parameters` are the table's. */
export function readFormat(storage: Properties, parameters: Readonly<Record<string, string>>): Format {
  const serde = storage.nested('SerdeInfo', ['Name', 'Parameters', 'SerializationLibrary']);
  const library = serde?.choice('SerializationLibrary', [PARQUET, OPEN_CSV], '' as typeof PARQUET);
  if (!serde || !library) return storage.refuse('SerdeInfo', 'is missing');
  for (const name of ['InputFormat', 'OutputFormat'] as const) {
    const wanted = CLASSES[library]?.[name];
    if (storage.string(name) !== wanted) storage.refuse(name, `should be ${wanted} with ${library}`);
  }
  const given = serde.map('Parameters');
  const known = ['serialization.format', ...(library === OPEN_CSV ? ['separatorChar', 'quoteChar', 'escapeChar'] : [])];
  const unknown = Object.keys(given).find(name => !known.includes(name));
  if (unknown !== undefined) serde.refuse('Parameters', `the local cloud does not know ${unknown}`);
  const lines = Number(parameters[HEADER_LINES] ?? 0);
  if (library === PARQUET) return { kind: 'parquet' };
  if (!Number.isInteger(lines) || lines < 0) return storage.refuse('Parameters', `${HEADER_LINES} should be a number`);
  return {
    kind: 'csv',
    separator: given.separatorChar ?? ',',
    quote: given.quoteChar ?? '"',
    escape: given.escapeChar ?? '\\',
    headerLines: lines,
  };
}
