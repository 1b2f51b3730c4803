/** PutItem, UpdateItem, DeleteItem and BatchWriteItem. */
import { z } from 'zod';
import { atomically } from '../../database.ts';
import type { Call as OperationCall } from '../../protocols/operation.ts';
import { project } from '../expressions/projection.ts';
import { refuse } from '../values/refusal.ts';
import type { Item } from '../values/value.ts';
import { CapacityMeter } from './capacity.ts';
import {
  CAPACITY,
  type Call,
  COLLECTION_METRICS,
  map,
  operation,
  readPart,
  refuseSameItem,
  type Stores,
} from './operation.ts';
import {
  DELETE,
  type Outcome,
  PUT,
  perform,
  readDelete,
  readPut,
  readUpdateWrite,
  UPDATE,
  type Write,
} from './write.ts';

const MOST_BATCH_REQUESTS = 25;
const ReturnValues = z.enum(['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW']).default('NONE');
type ReturnValues = z.output<typeof ReturnValues>;
const SINGLE = { ...CAPACITY, ...COLLECTION_METRICS, ReturnValues };
const BatchRequest = z.strictObject({
  PutRequest: z.strictObject({ Item: map }).optional(),
  DeleteRequest: z.strictObject({ Key: map }).optional(),
});
/** A batch's requests have no conditions. */
const UNGUARDED = { ReturnValuesOnConditionCheckFailure: 'NONE' } as const;

export const WRITES = {
  PutItem: operation({ ...PUT, ...SINGLE }, 'itself', (input, call) => {
    refuseOtherReturnValues(input.ReturnValues, ['NONE', 'ALL_OLD']);
    return writeOne(call, input, readPut(call, input));
  }),

  DeleteItem: operation({ ...DELETE, ...SINGLE }, 'itself', (input, call) => {
    refuseOtherReturnValues(input.ReturnValues, ['NONE', 'ALL_OLD']);
    return writeOne(call, input, readDelete(call, input));
  }),

  UpdateItem: operation({ ...UPDATE, ...SINGLE }, 'itself', (input, call) =>
    writeOne(call, input, readUpdateWrite(call, input)),
  ),

  /** Up to 25 puts and deletes. Here they are one transaction; a caller may not count on that, and none is unprocessed. */
  BatchWriteItem: operation({ RequestItems: map, ...CAPACITY, ...COLLECTION_METRICS }, 'itself', (input, call) => {
    const meter = new CapacityMeter(input);
    const requests = Object.entries(input.RequestItems).flatMap(([table, list]) =>
      Array.isArray(list) ? list.map(request => ({ table, request })) : [],
    );
    if (requests.length === 0) refuse('RequestItems: Member must have length greater than or equal to 1');
    if (requests.length > MOST_BATCH_REQUESTS) {
      refuse(`RequestItems: Member must have length less than or equal to ${MOST_BATCH_REQUESTS}`);
    }
    const writes = requests.map(({ table, request }) => readRequest(call, table, request));
    refuseSameItem(writes, 'Provided list of item keys contains duplicates');
    const [first] = writes;
    if (first) call.state.contention.beforeRead(call.request.principal, first.table);
    const outcomes = atomically(call.state.sql.database, () => writes.map(each => perform(call.state, each)));
    for (const [i, { table }] of writes.entries()) meter.write(table, outcomes[i]?.before?.item, outcomes[i]?.after);
    return { UnprocessedItems: {}, ...meter.list() };
  }),
};

function refuseOtherReturnValues(given: ReturnValues, allowed: readonly ReturnValues[]): void {
  if (!allowed.includes(given)) refuse('Return values set to invalid value');
}

function writeOne(
  { state: stores, request }: Pick<OperationCall<Stores>, 'state' | 'request'>,
  input: z.output<z.ZodObject<typeof SINGLE>>,
  write: Write,
): Record<string, unknown> {
  stores.contention.beforeWrite(request.principal, write.table);
  const meter = new CapacityMeter(input);
  const outcome = atomically(stores.sql.database, () => perform(stores, write));
  meter.write(write.table, outcome.before?.item, outcome.after);
  const attributes = attributesOf(input.ReturnValues, write, outcome);
  return { ...(attributes && { Attributes: attributes }), ...meter.single() };
}

function attributesOf(returned: ReturnValues, { changes }: Write, { before, after }: Outcome): Item | undefined {
  if (returned === 'NONE') return undefined;
  const image = returned.endsWith('OLD') ? before?.item : after;
  if (!image || returned.startsWith('ALL')) return image;
  const changed = project(image, changes);
  return Object.keys(changed).length > 0 ? changed : undefined;
}

function readRequest(call: Call, TableName: string, given: unknown): Write {
  const { PutRequest, DeleteRequest } = readPart(BatchRequest, given, `RequestItems.${TableName}`);
  if (PutRequest) return readPut(call, { ...PutRequest, TableName, ...UNGUARDED }, 'BatchWriteItem');
  if (!DeleteRequest) refuse(`RequestItems.${TableName}: a request should have PutRequest or DeleteRequest`);
  return readDelete(call, { ...DeleteRequest, TableName, ...UNGUARDED }, 'BatchWriteItem');
}
