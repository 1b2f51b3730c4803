import { denyAccess, type Ports } from '../../service.ts';
import type { Call, Stores } from '../operations/operation.ts';
import { openStream, pageAfter, SHARD } from './stream-operations.ts';
import { sequenceOf, sequenceText } from './stream-store.ts';

/** The port of other services to the streams. A position is the sequence number of the last record that was read. */
export function streamPort(stores: Stores): Ports['readStream'] {
  return async ({ streamArn, after, limit, as: principal }) => {
    const authorize: Call['authorize'] = (action, resource) => {
      if (!stores.context.iam.allows({ principal, action, resource })) denyAccess(principal, action, resource);
    };
    for (const action of ['DescribeStream', 'GetShardIterator']) openStream({ stores, authorize }, action, streamArn);
    const table = openStream({ stores, authorize }, 'GetRecords', streamArn);
    const from = after === 'LATEST' ? stores.streams.latest() : (sequenceOf(after) ?? 0);
    const records = pageAfter(stores, table, from, limit);
    return {
      shardId: SHARD,
      records: records.map(({ record }) => record),
      position: sequenceText(records.at(-1)?.sequence ?? from),
    };
  };
}
