/** A dataset's two files of a day, written as its rows come. What they hold is known by their digests. */
import { createHash } from 'node:crypto';
import { csvHeader, csvRow } from './csv.ts';
import { DATASETS, type DatasetName, type Form, type Row } from './dataset-contract.ts';
import { ParquetRows } from './parquet.ts';

/** An object that is written from front to back, and is there only once it is closed. */
export interface Sink {
  write(bytes: Uint8Array): Promise<void>;
  /** Returns the checksum by which its store knows it. */
  close(): Promise<string>;
  /** Leaves nothing behind. */
  abort(): Promise<void>;
}

export type OpenSink = (key: string, contentType: string) => Sink;

export interface StoredFile {
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
  /** As S3 keeps it: SHA-256 in base64, of an object in parts that of their checksums with the number of parts. */
  readonly checksum: string;
}

export interface StoredDataset {
  readonly rows: number;
  readonly csv: StoredFile;
  readonly parquet: StoredFile;
}

/** By the form: Athena takes every object below a table's place for one of its files, so each form has a folder of its own. */
export function fileKey(form: Form, dataset: DatasetName, day: string): string {
  return `${form}/${dataset}/day=${day}/data.${form}`;
}

/** Text is handed on when it is so long. */
const CHUNK = 256 * 1024;
const CONTENT_TYPES: Readonly<Record<Form, string>> = {
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
};

export class DatasetFiles {
  readonly #name: DatasetName;
  readonly #parquet: ParquetRows;
  readonly #files: Readonly<Record<Form, Digested>>;
  #text: string;
  #rows = 0;

  constructor(name: DatasetName, day: string, open: OpenSink) {
    this.#name = name;
    this.#parquet = new ParquetRows(DATASETS[name]);
    this.#text = csvHeader(DATASETS[name]);
    const file = (form: Form) => new Digested(fileKey(form, name, day), CONTENT_TYPES[form], open);
    this.#files = { csv: file('csv'), parquet: file('parquet') };
  }

  /** Waits only where something was written: most rows are kept until more are there. */
  add(row: Row): Promise<void> | undefined {
    this.#rows++;
    this.#text += csvRow(DATASETS[this.#name], row);
    const group = this.#parquet.add(row);
    return group || this.#text.length >= CHUNK ? this.#write(group) : undefined;
  }

  async end(): Promise<StoredDataset> {
    await this.#write(this.#parquet.end());
    return {
      rows: this.#rows,
      csv: await this.#files.csv.close(),
      parquet: await this.#files.parquet.close(),
    };
  }

  async abort(): Promise<void> {
    await Promise.all(Object.values(this.#files).map(file => file.abort()));
  }

  async #write(group: Uint8Array | undefined): Promise<void> {
    const text = this.#text;
    this.#text = '';
    await this.#files.csv.write(Buffer.from(text));
    if (group) await this.#files.parquet.write(group);
  }
}

/** A sink that counts and digests what goes through. */
class Digested {
  readonly #key: string;
  readonly #sink: Sink;
  readonly #hash = createHash('sha256');
  #bytes = 0;

  constructor(key: string, contentType: string, open: OpenSink) {
    this.#key = key;
    this.#sink = open(key, contentType);
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    await this.#sink.write(bytes);
  }

  async close(): Promise<StoredFile> {
    const checksum = await this.#sink.close();
    return { key: this.#key, bytes: this.#bytes, sha256: this.#hash.digest('hex'), checksum };
  }

  abort(): Promise<void> {
    return this.#sink.abort();
  }
}
