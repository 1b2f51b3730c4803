import { atomically } from '../../database.ts';
import { type Input, invalid, isRecord, recordIn } from '../input.ts';
import { CapacityMeter } from './capacity.ts';
import { onlyMembers, refuseSameItem } from './members.ts';
import type { Call, Operation } from './operation.ts';
import { perform, readDelete, readPut, type Write } from './write.ts';

const MOST_REQUESTS = 25;

/** Up to 25 puts and deletes. Here they are one transaction; a caller may not count on that, and none is unprocessed. */
export const batchWriteItem: Operation = {
  parameters: ['RequestItems', 'ReturnConsumedCapacity', 'ReturnItemCollectionMetrics'],
  run(call) {
    const { input, stores } = call;
    const meter = new CapacityMeter(input);
    const requests = Object.entries(recordIn(input, 'RequestItems')).flatMap(([table, list]) =>
      Array.isArray(list) ? list.map(request => ({ table, request })) : [],
    );
    if (requests.length === 0 || requests.length > MOST_REQUESTS) {
      const bound = requests.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${MOST_REQUESTS}`;
      invalid(
        'RequestItems',
        `${requests.length} requests`,
        `Map value must satisfy constraint: [Member must have length ${bound}]`,
      );
    }
    const writes = requests.map(({ table, request }) => readRequest(call, table, isRecord(request) ? request : {}));
    refuseSameItem(writes, 'Provided list of item keys contains duplicates');
    const outcomes = atomically(stores.sql.database, () => writes.map(write => perform(stores, write)));
    for (const [i, { table }] of writes.entries()) meter.write(table, outcomes[i]?.before?.item, outcomes[i]?.after);
    return { UnprocessedItems: {}, ...meter.list() };
  },
};

function readRequest(call: Call, table: string, request: Input): Write {
  onlyMembers(request, `RequestItems.${table}`, ['PutRequest', 'DeleteRequest']);
  if (isRecord(request.PutRequest)) {
    onlyMembers(request.PutRequest, 'PutRequest', ['Item']);
    return readPut(call, { ...request.PutRequest, TableName: table }, 'BatchWriteItem');
  }
  const remove = recordIn(request, 'DeleteRequest');
  onlyMembers(remove, 'DeleteRequest', ['Key']);
  return readDelete(call, { ...remove, TableName: table }, 'BatchWriteItem');
}
