/**
 * TransactWriteItems is one SQLite transaction: every condition is asked and every change is made, or nothing is. The
 * client's token is stored in that same transaction, so a repeated request is never done twice within ten minutes.
 */
import { atomically } from '../../database.ts';
import { AwsError } from '../../service.ts';
import { type Input, invalid, optionalTextIn, recordIn, recordsIn } from '../input.ts';
import { refuse } from '../values/refusal.ts';
import { itemSize } from '../values/size.ts';
import { CapacityMeter } from './capacity.ts';
import { answerTo, remember } from './client-tokens.ts';
import { onlyMembers, refuseSameItem } from './members.ts';
import type { Call, Operation, Stores } from './operation.ts';
import { type Outcome, perform, readCheck, readDelete, readPut, readUpdateWrite, type Write } from './write.ts';

const MOST_ITEMS = 100;
const LARGEST_BYTES = 4 * 1024 * 1024;
const GUARD = [
  'TableName',
  'ConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ReturnValuesOnConditionCheckFailure',
];

interface Kind {
  readonly members: readonly string[];
  read(call: Call, input: Input): Write;
}

const KINDS: Readonly<Record<string, Kind>> = {
  Put: { members: [...GUARD, 'Item'], read: readPut },
  Update: { members: [...GUARD, 'Key', 'UpdateExpression'], read: readUpdateWrite },
  Delete: { members: [...GUARD, 'Key'], read: readDelete },
  ConditionCheck: { members: [...GUARD, 'Key'], read: readCheck },
};

export const transactWriteItems: Operation = {
  parameters: ['TransactItems', 'ClientRequestToken', 'ReturnConsumedCapacity', 'ReturnItemCollectionMetrics'],
  run(call) {
    const { input, stores } = call;
    const meter = new CapacityMeter(input, 2);
    const elements = recordsIn(input, 'TransactItems');
    if (elements.length === 0 || elements.length > MOST_ITEMS) {
      const bound = elements.length === 0 ? 'greater than or equal to 1' : `less than or equal to ${MOST_ITEMS}`;
      invalid('TransactItems', `${elements.length} items`, `Member must have length ${bound}`);
    }
    const writes = elements.map(element => readElement(call, element));
    refuseSameItem(writes, 'Transaction request cannot include multiple operations on one item');
    const token = optionalTextIn(input, 'ClientRequestToken');
    const repeated = token === undefined ? undefined : answerTo(stores, token, elements);
    if (repeated) return repeated;
    return atomically(stores.sql.database, () => {
      const outcomes = performAll(stores, writes);
      for (const [i, { table }] of writes.entries()) meter.write(table, outcomes[i]?.before?.item, outcomes[i]?.after);
      const answer = meter.list();
      if (token !== undefined) remember(stores, token, elements, answer);
      return answer;
    });
  },
};

function readElement(call: Call, element: Input): Write {
  onlyMembers(element, 'TransactItems', Object.keys(KINDS));
  const [name, ...more] = Object.keys(element).filter(member => element[member] !== undefined);
  const kind = KINDS[name ?? ''];
  if (!kind || name === undefined || more.length > 0) {
    refuse('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  const input = recordIn(element, name);
  onlyMembers(input, name, kind.members);
  return kind.read(call, input);
}

function performAll(stores: Stores, writes: readonly Write[]): readonly Outcome[] {
  const results = writes.map(write => attempt(stores, write));
  const reasons = results.map(result => ('reason' in result ? result.reason : { Code: 'None' }));
  if (reasons.some(({ Code }) => Code !== 'None')) {
    const codes = reasons.map(({ Code }) => Code).join(', ');
    throw new AwsError(
      'TransactionCanceledException',
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
      400,
      { CancellationReasons: reasons },
    );
  }
  const outcomes = results.flatMap(result => ('outcome' in result ? [result.outcome] : []));
  const bytes = outcomes.reduce(
    (sum, { before, after }) => sum + Math.max(before?.size ?? 0, after ? itemSize(after) : 0),
    0,
  );
  if (bytes > LARGEST_BYTES) refuse('Transaction request size exceeded: its items have at most 4 MB together');
  return outcomes;
}

type Reason = { Code: string; Message?: string; Item?: unknown };

function attempt(stores: Stores, write: Write): { outcome: Outcome } | { reason: Reason } {
  try {
    return { outcome: perform(stores, write) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const code = error.code === 'ValidationException' ? 'ValidationError' : 'ConditionalCheckFailed';
    return { reason: { Code: code, Message: error.message, ...error.detail } };
  }
}
