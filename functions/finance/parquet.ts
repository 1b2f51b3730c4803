/**
 * Parquet as it is written down row by row: a row group is encoded when it is full and handed on, so memory holds one
 * row group whatever the file's size. The same rows give the same bytes.
 */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Cell, Column, Dataset, Row } from './dataset-contract.ts';

type Schema = ConstructorParameters<typeof ParquetWriter>[0]['schema'];

/** Some megabytes of the widest dataset. */
const ROW_GROUP = 10_000;

export class ParquetRows {
  readonly #dataset: Dataset;
  readonly #bytes = new ByteWriter();
  readonly #writer: ParquetWriter;
  #rows: Row[] = [];

  constructor(dataset: Dataset) {
    this.#dataset = dataset;
    this.#writer = new ParquetWriter({ writer: this.#bytes, schema: schemaOf(dataset), createdBy: 'mutoscope' });
  }

  /** Takes a row; returns bytes to write where a row group became full. */
  add(row: Row): Uint8Array | undefined {
    this.#rows.push(row);
    return this.#rows.length < ROW_GROUP ? undefined : this.#rowGroup();
  }

  /** The rest of the file. */
  end(): Uint8Array {
    const rest = this.#rows.length > 0 ? this.#rowGroup() : new Uint8Array();
    this.#writer.finish();
    return Buffer.concat([rest, this.#taken()]);
  }

  #rowGroup(): Uint8Array {
    const rows = this.#rows;
    this.#rows = [];
    const columnData = this.#dataset.columns.map((column, index) => ({
      name: column.name,
      data: rows.map(row => stored(column, row[index] ?? null)),
      // Nobody looks up single pages, and the index of all of them would stay in memory to the end.
      offsetIndex: false,
    }));
    this.#writer.write({ columnData, rowGroupSize: rows.length });
    return this.#taken();
  }

  /** What was written since, out of the writer's buffer, which is used again. */
  #taken(): Uint8Array {
    const { buffer, index } = this.#bytes;
    const bytes = new Uint8Array(buffer.slice(0, index));
    this.#bytes.index = 0;
    return bytes;
  }
}

function stored({ type }: Column, cell: Cell): Cell | bigint {
  return typeof cell === 'number' && type !== 'double' ? BigInt(cell) : cell;
}

function schemaOf({ columns }: Dataset): Schema {
  return [
    { name: 'root', num_children: columns.length },
    ...columns.map(({ name, type, optional }) => ({
      name,
      repetition_type: optional ? ('OPTIONAL' as const) : ('REQUIRED' as const),
      ...TYPES[type],
    })),
  ];
}

const TYPES = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  bigint: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  decimal: { type: 'INT64', converted_type: 'DECIMAL', precision: 18, scale: 4 },
} as const satisfies Record<Column['type'], Omit<Schema[number], 'name'>>;
