import { atomically } from '../../database.ts';
import { project } from '../expressions/projection.ts';
import { choiceIn } from '../input.ts';
import { refuse } from '../values/refusal.ts';
import type { Item } from '../values/value.ts';
import { CapacityMeter } from './capacity.ts';
import type { Call, Operation } from './operation.ts';
import { type Outcome, perform, readDelete, readPut, readUpdateWrite, type Write } from './write.ts';

const SHARED = [
  'TableName',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnConsumedCapacity',
  'ReturnItemCollectionMetrics',
  'ReturnValues',
  'ReturnValuesOnConditionCheckFailure',
];
const RETURN_VALUES = ['NONE', 'ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW'] as const;
type ReturnValues = (typeof RETURN_VALUES)[number];

export const putItem: Operation = {
  parameters: [...SHARED, 'Item'],
  run: call => run(call, call => readPut(call, call.input), ['NONE', 'ALL_OLD']),
};

export const deleteItem: Operation = {
  parameters: [...SHARED, 'Key'],
  run: call => run(call, call => readDelete(call, call.input), ['NONE', 'ALL_OLD']),
};

export const updateItem: Operation = {
  parameters: [...SHARED, 'Key', 'UpdateExpression'],
  run: call => run(call, call => readUpdateWrite(call, call.input), RETURN_VALUES),
};

function run(call: Call, read: (call: Call) => Write, allowed: readonly ReturnValues[]): Record<string, unknown> {
  const { input, stores } = call;
  const meter = new CapacityMeter(input);
  const returned = choiceIn(input, 'ReturnValues', RETURN_VALUES);
  if (!allowed.includes(returned)) refuse('Return values set to invalid value');
  const write = read(call);
  const outcome = atomically(stores.sql.database, () => perform(stores, write));
  meter.write(write.table, outcome.before?.item, outcome.after);
  const attributes = attributesOf(returned, write, outcome);
  return { ...(attributes && { Attributes: attributes }), ...meter.single() };
}

function attributesOf(returned: ReturnValues, { changes }: Write, { before, after }: Outcome): Item | undefined {
  if (returned === 'NONE') return undefined;
  const image = returned.endsWith('OLD') ? before?.item : after;
  if (!image || returned.startsWith('ALL')) return image;
  const changed = project(image, changes);
  return Object.keys(changed).length > 0 ? changed : undefined;
}
