/** The operations of DynamoDB Streams, and the port by which other services read them. */
import { z } from 'zod';
import { AwsError, denyAccess, type Ports } from '../../service.ts';
import { type Call, operation, type Stores, tableName } from '../operations/operation.ts';
import { keyAttributes, type Table } from '../storage/table-definition.ts';
import { refuse } from '../values/refusal.ts';
import { STREAM_LABEL, type StreamRecord, sequenceOf, sequenceText, streamArnOf } from './stream-store.ts';

/** A stream is one shard for as long as it lives. */
const SHARD = 'shardId-00000000000000000001-00000001';
/** Where the shard begins: before every record. */
const SHARD_START = 0;
const MOST_RECORDS = 1000;
const PAGE_BYTES = 1024 * 1024;
const ITERATOR_LIFETIME_MS = 15 * 60 * 1000;
const STREAM = { StreamArn: z.string() };

export const STREAM_OPERATIONS = {
  ListStreams: operation(
    {
      TableName: z.string().optional(),
      Limit: z.int().min(1).max(100).default(100),
      ExclusiveStartStreamArn: z.string().default(''),
    },
    '*',
    ({ TableName: of, Limit: limit, ExclusiveStartStreamArn: after }, { state }) => {
      const tables = state.catalog
        .all()
        .filter(table => table.streamView && (of === undefined || table.name === tableName(of)))
        .filter(({ arn }) => streamArnOf(arn) > after);
      const page = tables.slice(0, limit);
      const last = page.at(-1);
      return {
        Streams: page.map(({ arn, name }) => ({
          StreamArn: streamArnOf(arn),
          StreamLabel: STREAM_LABEL,
          TableName: name,
        })),
        ...(last && tables.length > limit && { LastEvaluatedStreamArn: streamArnOf(last.arn) }),
      };
    },
  ),

  DescribeStream: operation(
    { ...STREAM, Limit: z.int().optional(), ExclusiveStartShardId: z.string().optional() },
    ({ StreamArn }) => StreamArn,
    (input, { state }) => {
      const table = tableOf(state, input.StreamArn);
      const shard = { ShardId: SHARD, SequenceNumberRange: { StartingSequenceNumber: sequenceText(SHARD_START) } };
      return {
        StreamDescription: {
          StreamArn: streamArnOf(table.arn),
          StreamLabel: STREAM_LABEL,
          StreamStatus: 'ENABLED',
          StreamViewType: table.streamView,
          CreationRequestDateTime: table.createdAt / 1000,
          TableName: table.name,
          KeySchema: keyAttributes(table.keys).map(({ name }, i) => ({
            AttributeName: name,
            KeyType: i === 0 ? 'HASH' : 'RANGE',
          })),
          Shards: input.ExclusiveStartShardId === SHARD ? [] : [shard],
        },
      };
    },
  ),

  GetShardIterator: operation(
    {
      ...STREAM,
      ShardId: z.string(),
      ShardIteratorType: z.enum(['TRIM_HORIZON', 'LATEST', 'AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER']),
      SequenceNumber: z.string().optional(),
    },
    ({ StreamArn }) => StreamArn,
    ({ StreamArn, ShardId, ShardIteratorType: type, SequenceNumber }, { state }) => {
      const table = tableOf(state, StreamArn);
      if (ShardId !== SHARD) {
        throw new AwsError('ResourceNotFoundException', 'Requested resource not found: the shard does not exist');
      }
      const sequence = (): number => {
        const named = sequenceIn(state, table, SequenceNumber);
        return type === 'AT_SEQUENCE_NUMBER' ? Math.max(named - 1, SHARD_START) : named;
      };
      const after = type === 'TRIM_HORIZON' ? SHARD_START : type === 'LATEST' ? state.streams.latest() : sequence();
      return { ShardIterator: writeIterator({ table: table.name, after, at: state.context.clock.now() }) };
    },
  ),

  GetRecords: operation(
    { ShardIterator: z.string(), Limit: z.int().min(1).max(MOST_RECORDS).default(MOST_RECORDS) },
    ({ ShardIterator }, { state }) => arnIn(state, ShardIterator),
    ({ ShardIterator, Limit: limit }, { state }) => {
      const now = state.context.clock.now();
      const iterator = readIterator(ShardIterator, now);
      const table = tableOf(state, arnIn(state, ShardIterator));
      const records = pageAfter(state, table, iterator.after, limit);
      const after = records.at(-1)?.sequence ?? iterator.after;
      return {
        Records: records.map(({ record }) => record),
        NextShardIterator: writeIterator({ table: table.name, after, at: now }),
      };
    },
  ),
};

/** The port of other services to the streams. A position is the sequence number of the last record that was read. */
export function streamPort(stores: Stores): Ports['readStream'] {
  return async ({ streamArn, after, limit, as: principal }) => {
    const authorize: Call['authorize'] = (action, resource) => {
      if (!stores.context.iam.allows({ principal, action, resource })) denyAccess(principal, action, resource);
    };
    for (const action of ['DescribeStream', 'GetShardIterator', 'GetRecords']) {
      authorize(`dynamodb:${action}`, streamArn);
    }
    const table = tableOf(stores, streamArn);
    const from = after === 'LATEST' ? stores.streams.latest() : (sequenceOf(after) ?? 0);
    const records = pageAfter(stores, table, from, limit);
    return {
      shardId: SHARD,
      records: records.map(({ record }) => record),
      position: sequenceText(records.at(-1)?.sequence ?? from),
    };
  };
}

/** Up to `limit` records after a sequence number, as many as fill a page. */
function pageAfter({ streams }: Stores, table: Table, after: number, limit: number): readonly StreamRecord[] {
  let room = PAGE_BYTES;
  return streams.after(table, after, limit).filter(({ bytes }, i) => {
    const fits = i === 0 || bytes <= room;
    room = fits ? room - bytes : 0;
    return fits;
  });
}

function tableOf({ catalog }: Stores, streamArn: string): Table {
  const table = catalog.all().find(({ arn }) => streamArnOf(arn) === streamArn);
  if (table?.streamView) return table;
  throw new AwsError('ResourceNotFoundException', `Requested resource not found: Stream: ${streamArn} not found`);
}

/** The number of a record that the stream still has, or the one at which DescribeStream says that the shard starts. */
function sequenceIn({ streams }: Stores, table: Table, text: string | undefined): number {
  if (text === undefined) refuse('SequenceNumber: Member must not be null for this ShardIteratorType');
  const sequence = sequenceOf(text) ?? refuse(`Invalid SequenceNumber: ${text}`);
  if (sequence === SHARD_START) return sequence;
  if (streams.after(table, sequence - 1, 1)[0]?.sequence !== sequence) {
    throw new AwsError(
      'TrimmedDataAccessException',
      'The operation attempted to read past the oldest stream record in a shard, or one that never was in it',
    );
  }
  return sequence;
}

/** The stream of an iterator. */
function arnIn({ catalog, context }: Stores, iterator: string): string {
  return streamArnOf(catalog.arnOf(readIterator(iterator, context.clock.now()).table));
}

interface ShardIterator {
  readonly table: string;
  /** The sequence number of the last record that was read. */
  readonly after: number;
  /** When it was given out, in epoch milliseconds. */
  readonly at: number;
}

/** The iterator as clients hold it: an opaque text. */
function writeIterator(iterator: ShardIterator): string {
  return Buffer.from(JSON.stringify([iterator.table, iterator.after, iterator.at])).toString('base64');
}

/** Reads such a text; refuses any other, and one that is older than 15 minutes. */
function readIterator(text: string, now: number): ShardIterator {
  const [table, after, at] = parsed(text);
  if (typeof table !== 'string' || typeof after !== 'number' || typeof at !== 'number') {
    refuse('Invalid ShardIterator');
  }
  if (at + ITERATOR_LIFETIME_MS < now) {
    throw new AwsError('ExpiredIteratorException', 'The shard iterator has expired: it is more than 15 minutes old');
  }
  return { table, after, at };
}

function parsed(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
