/**
 * The streams of tables: one shard each, records in the order of their commits, kept for 24 hours. A record is written
 * in the transaction of the change that it tells of; a write that changes nothing leaves none.
 */
import { randomBytes } from 'node:crypto';
import type { CloudContext, StreamPage } from '../../service.ts';
import type { Statements } from '../storage/item-store.ts';
import { onlyAttributes } from '../storage/keys.ts';
import { keyAttributes, type StreamView, type Table } from '../storage/table-definition.ts';
import { type Item, itemSize, sameItem } from '../values/value.ts';

const RETENTION_MS = 24 * 60 * 60 * 1000;

export interface StreamRecord {
  readonly sequence: number;
  /** As GetRecords answers it. */
  readonly record: StreamPage['records'][number];
  /** How much of a page of GetRecords it fills. */
  readonly bytes: number;
}

export class StreamStore {
  readonly #sql: Statements;
  readonly #context: CloudContext;

  constructor(sql: Statements, context: CloudContext) {
    this.#sql = sql;
    this.#context = context;
  }

  /** Writes the record of one change, where the table has a stream. To be called in the change's transaction. */
  append(
    table: Table,
    { before, after, byTimeToLive }: { before: Item | undefined; after: Item | undefined; byTimeToLive: boolean },
  ): void {
    const current = after ?? before;
    if (!table.streamView || !current || (before && after && sameItem(before, after))) return;
    const now = this.#context.clock.now();
    const keys = onlyAttributes(current, keyAttributes(table.keys));
    const images = imagesOf(table.streamView, before, after);
    const record = {
      eventID: randomBytes(16).toString('hex'),
      eventName: !before ? 'INSERT' : !after ? 'REMOVE' : 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: this.#context.region,
      ...(byTimeToLive && { userIdentity: { Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' } }),
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(now / 1000),
        Keys: keys,
        ...images,
        SizeBytes: [keys, ...Object.values(images)].reduce((sum, image) => sum + itemSize(image), 0),
        StreamViewType: table.streamView,
      },
    };
    this.#sql
      .get('INSERT INTO dynamodb_stream_records (table_id, at, record) VALUES (?, ?, ?)')
      .run(table.id, now, JSON.stringify(record));
  }

  /** Up to `limit` records after the sequence number. */
  after(table: Table, sequence: number, limit: number): readonly StreamRecord[] {
    return this.#sql
      .get(
        `SELECT sequence, record FROM dynamodb_stream_records
         WHERE table_id = ? AND sequence > ? AND at > ? ORDER BY sequence LIMIT ?`,
      )
      .all(table.id, sequence, this.#context.clock.now() - RETENTION_MS, limit)
      .map(row => {
        const record = JSON.parse(String(row.record)) as StreamPage['records'][number];
        const dynamodb = { ...record.dynamodb, SequenceNumber: sequenceText(Number(row.sequence)) };
        return {
          sequence: Number(row.sequence),
          record: { ...record, dynamodb },
          bytes: Number(record.dynamodb.SizeBytes),
        };
      });
  }

  /** The last sequence number that any stream has given out; 0 before the first. */
  latest(): number {
    const row = this.#sql.get('SELECT seq FROM sqlite_sequence WHERE name = ?').get('dynamodb_stream_records');
    return Number(row?.seq ?? 0);
  }

  /** Deletes what is older than the retention. */
  trim(): void {
    this.#sql.get('DELETE FROM dynamodb_stream_records WHERE at <= ?').run(this.#context.clock.now() - RETENTION_MS);
  }
}

/** A sequence number as the wire has it: at least 21 digits, and texts of one length so that they sort. */
export function sequenceText(sequence: number): string {
  return `1${String(sequence).padStart(20, '0')}`;
}

/** The number behind such a text; undefined for any other. */
export function sequenceOf(text: string): number | undefined {
  return /^1\d{20}$/.test(text) ? Number(text.slice(1)) : undefined;
}

function imagesOf(view: StreamView, before: Item | undefined, after: Item | undefined): Record<string, Item> {
  return {
    ...(after && (view === 'NEW_IMAGE' || view === 'NEW_AND_OLD_IMAGES') && { NewImage: after }),
    ...(before && (view === 'OLD_IMAGE' || view === 'NEW_AND_OLD_IMAGES') && { OldImage: before }),
  };
}

/**
 * A stream's label is the time of its making on AWS. Here it is always the same, because the template asks for the
 * stream's ARN before the table is made, and it must still be that ARN after the next start.
 */
export const STREAM_LABEL = '2012-08-10T00:00:00.000';

export function streamArnOf(tableArn: string): string {
  return `${tableArn}/stream/${STREAM_LABEL}`;
}
