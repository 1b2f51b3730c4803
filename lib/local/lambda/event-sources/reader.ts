/** Reads a mapping's stream into batches: what passes its filters, so many records, within its window. */
import type { DatabaseSync } from 'node:sqlite';
import type { CloudContext, StreamPage } from '../../service.ts';
import type { Mapping } from './mapping.ts';
import { type EventRecord, eventRecord } from './stream-event.ts';

/** As AWS: the records of a batch are at most six MB as JSON, and leave room for what stands around them. */
const LARGEST_BATCH_BYTES = 6 * 1024 * 1024 - 64 * 1024;
const PAGE_RECORDS = 1000;

export interface Batch {
  /** In the order of the stream; never empty. */
  readonly records: readonly EventRecord[];
  /** The position behind it. */
  readonly end: string;
}

/** A batch to deliver, or how far was read without one. */
interface Gathered {
  readonly batch: Batch | undefined;
  /** Set where records up to here were read, and all of them filtered out. */
  readonly passed?: string;
  /** Whether there may be more to read at once. */
  readonly more?: boolean;
}

interface Open {
  readonly records: EventRecord[];
  bytes: number;
  end: string;
  /** When its first record was read. */
  since: number;
}

export class StreamReader {
  readonly #context: CloudContext;
  readonly #mapping: Mapping;
  readonly #role: () => string;
  #open: Open | undefined;
  shardId = '';

  /** `role`: whom the stream is read as. */
  constructor(context: CloudContext, mapping: Mapping, role: () => string) {
    this.#context = context;
    this.#mapping = mapping;
    this.#role = role;
  }

  /** The position of the mapping's first record. */
  async startingPosition(): Promise<string> {
    return (await this.#page(this.#mapping.startingPosition, 0)).position;
  }

  /** The batch that failed, read again. Undefined where its records are gone from the stream. */
  async again({ position }: Checkpoint, end: string): Promise<Batch | undefined> {
    const records: EventRecord[] = [];
    for (let after = position; after < end; ) {
      const page = await this.#page(after, PAGE_RECORDS);
      if (page.records.length === 0) break;
      const inside = page.records.filter(({ dynamodb }) => dynamodb.SequenceNumber <= end);
      records.push(...inside.map(record => this.#event(record)).filter(event => this.#passes(event)));
      after = page.position;
    }
    return records.length === 0 ? undefined : { records, end };
  }

  /** Reads on: a batch once it is full or its window is over. */
  async gather({ position }: Checkpoint): Promise<Gathered> {
    const { batchSize, windowMs } = this.#mapping;
    const now = this.#context.clock.now();
    this.#open ??= { records: [], bytes: 0, end: position, since: now };
    const open = this.#open;
    const page = await this.#page(open.end, PAGE_RECORDS);
    const full = this.#fill(open, page);
    if (open.records.length === 0) {
      this.#open = undefined;
      return { batch: undefined, ...(open.end === position ? {} : { passed: open.end, more: true }) };
    }
    if (!full && now < open.since + windowMs) return { batch: undefined, more: page.records.length > 0 };
    this.#open = undefined;
    return { batch: { records: open.records.slice(0, batchSize), end: open.end } };
  }

  /** Takes of the page what has room; answers whether the batch is full. */
  #fill(open: Open, page: StreamPage): boolean {
    for (const record of page.records) {
      const event = this.#event(record);
      if (this.#passes(event)) {
        const bytes = Buffer.byteLength(JSON.stringify(event));
        if (open.records.length > 0 && open.bytes + bytes > LARGEST_BATCH_BYTES) return true;
        if (open.records.length === 0) open.since = this.#context.clock.now();
        open.records.push(event);
        open.bytes += bytes;
      }
      open.end = record.dynamodb.SequenceNumber;
      if (open.records.length >= this.#mapping.batchSize) return true;
    }
    return false;
  }

  async #page(after: string, limit: number): Promise<StreamPage> {
    const { streamArn } = this.#mapping;
    const page = await this.#context.ports.readStream({ streamArn, after, limit, as: this.#role() });
    this.shardId = page.shardId;
    return page;
  }

  #event(record: StreamPage['records'][number]): EventRecord {
    return eventRecord(record, this.#mapping.streamArn);
  }

  #passes(event: EventRecord): boolean {
    const { filters } = this.#mapping;
    return filters.length === 0 || filters.some(filter => filter(event));
  }
}

// How far each mapping has come in its stream. A position moves on only past records that are done with.

export interface Checkpoint {
  /** Everything up to here is done with. */
  readonly position: string;
  /** Where the batches that are to be tried again end, the next one first; empty where nothing has failed. */
  readonly ends: readonly string[];
  /** How often the next of these has failed. */
  readonly failures: number;
  /** When it is tried again, in epoch ms. */
  readonly dueAt: number;
}

export class Checkpoints {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(`CREATE TABLE IF NOT EXISTS lambda_checkpoints (
      mapping TEXT NOT NULL, stream TEXT NOT NULL, position TEXT NOT NULL, ends TEXT NOT NULL,
      failures INTEGER NOT NULL, due_at INTEGER NOT NULL, PRIMARY KEY (mapping, stream)) STRICT`);
  }

  find(mapping: string, stream: string): Checkpoint | undefined {
    const row = this.#database
      .prepare('SELECT * FROM lambda_checkpoints WHERE mapping = ? AND stream = ?')
      .get(mapping, stream);
    return (
      row && {
        position: String(row.position),
        ends: JSON.parse(String(row.ends)) as string[],
        failures: Number(row.failures),
        dueAt: Number(row.due_at),
      }
    );
  }

  forget(mapping: string): void {
    this.#database.prepare('DELETE FROM lambda_checkpoints WHERE mapping = ?').run(mapping);
  }

  put(mapping: string, stream: string, { position, ends, failures, dueAt }: Checkpoint): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO lambda_checkpoints VALUES (?, ?, ?, ?, ?, ?)')
      .run(mapping, stream, position, JSON.stringify(ends), failures, dueAt);
  }
}
