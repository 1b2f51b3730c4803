/** The operations of DynamoDB Streams. */
import { AwsError } from '../../service.ts';
import { choiceIn, optionalIntegerIn, optionalTextIn, textIn } from '../input.ts';
import { type Call, type Operation, type Stores, tableName } from '../operations/operation.ts';
import { keyAttributes, type Table } from '../storage/table-definition.ts';
import { refuse } from '../values/refusal.ts';
import { readIterator, writeIterator } from './shard-iterator.ts';
import { STREAM_LABEL, streamArnOf } from './stream-arn.ts';
import { type StreamRecord, sequenceOf, sequenceText } from './stream-store.ts';

/** A stream is one shard for as long as it lives. */
export const SHARD = 'shardId-00000000000000000001-00000001';
const MOST_RECORDS = 1000;
const PAGE_BYTES = 1024 * 1024;
const ITERATOR_TYPES = ['', 'TRIM_HORIZON', 'LATEST', 'AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'] as const;

const listStreams: Operation = {
  parameters: ['TableName', 'Limit', 'ExclusiveStartStreamArn'],
  run({ input, stores, authorize }) {
    authorize('dynamodb:ListStreams', '*');
    const of = optionalTextIn(input, 'TableName');
    const after = optionalTextIn(input, 'ExclusiveStartStreamArn');
    const limit = optionalIntegerIn(input, 'Limit', 1, 100) ?? 100;
    const tables = stores.catalog
      .all()
      .filter(table => table.streamView && (of === undefined || table.name === tableName(of)))
      .filter(({ arn }) => after === undefined || streamArnOf(arn) > after);
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
};

const describeStream: Operation = {
  parameters: ['StreamArn', 'Limit', 'ExclusiveStartShardId'],
  run(call) {
    const table = openStream(call, 'DescribeStream', textIn(call.input, 'StreamArn'));
    const shard = { ShardId: SHARD, SequenceNumberRange: { StartingSequenceNumber: sequenceText(0) } };
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
        Shards: call.input.ExclusiveStartShardId === SHARD ? [] : [shard],
      },
    };
  },
};

const getShardIterator: Operation = {
  parameters: ['StreamArn', 'ShardId', 'ShardIteratorType', 'SequenceNumber'],
  run(call) {
    const { input, stores } = call;
    const table = openStream(call, 'GetShardIterator', textIn(input, 'StreamArn'));
    if (textIn(input, 'ShardId') !== SHARD) {
      throw new AwsError('ResourceNotFoundException', 'Requested resource not found: the shard does not exist');
    }
    textIn(input, 'ShardIteratorType');
    const type = choiceIn(input, 'ShardIteratorType', ITERATOR_TYPES);
    const after =
      type === 'TRIM_HORIZON' ? 0 : type === 'LATEST' ? stores.streams.latest() : sequenceIn(call, table, type);
    return { ShardIterator: writeIterator({ table: table.name, after, at: stores.context.clock.now() }) };
  },
};

const getRecords: Operation = {
  parameters: ['ShardIterator', 'Limit'],
  run(call) {
    const { input, stores } = call;
    const now = stores.context.clock.now();
    const iterator = readIterator(textIn(input, 'ShardIterator'), now);
    const table = openStream(call, 'GetRecords', streamArnOf(stores.catalog.arnOf(iterator.table)));
    const limit = optionalIntegerIn(input, 'Limit', 1, MOST_RECORDS) ?? MOST_RECORDS;
    const records = pageAfter(stores, table, iterator.after, limit);
    const after = records.at(-1)?.sequence ?? iterator.after;
    return {
      Records: records.map(({ record }) => record),
      NextShardIterator: writeIterator({ table: table.name, after, at: now }),
    };
  },
};

export const STREAM_OPERATIONS: Readonly<Record<string, Operation>> = {
  ListStreams: listStreams,
  DescribeStream: describeStream,
  GetShardIterator: getShardIterator,
  GetRecords: getRecords,
};

/** Up to `limit` records after a sequence number, as many as fill a page. */
export function pageAfter({ streams }: Stores, table: Table, after: number, limit: number): readonly StreamRecord[] {
  let room = PAGE_BYTES;
  return streams.after(table, after, limit).filter(({ bytes }, i) => {
    const fits = i === 0 || bytes <= room;
    room = fits ? room - bytes : 0;
    return fits;
  });
}

/** The table behind a stream's ARN, once the caller is authorized for the action on the stream. */
export function openStream(
  { stores, authorize }: Pick<Call, 'stores' | 'authorize'>,
  action: string,
  streamArn: string,
): Table {
  authorize(`dynamodb:${action}`, streamArn);
  const table = stores.catalog.all().find(({ arn }) => streamArnOf(arn) === streamArn);
  if (!table?.streamView) {
    throw new AwsError('ResourceNotFoundException', `Requested resource not found: Stream: ${streamArn} not found`);
  }
  return table;
}

/** Behind which record an iterator at, or after, a record's sequence number stands. */
function sequenceIn({ input, stores }: Call, table: Table, type: string): number {
  const text = textIn(input, 'SequenceNumber');
  const sequence = sequenceOf(text) ?? refuse(`Invalid SequenceNumber: ${text}`);
  if (stores.streams.after(table, sequence - 1, 1)[0]?.sequence !== sequence) {
    throw new AwsError(
      'TrimmedDataAccessException',
      'The operation attempted to read past the oldest stream record in a shard, or one that never was in it',
    );
  }
  return type === 'AT_SEQUENCE_NUMBER' ? sequence - 1 : sequence;
}
