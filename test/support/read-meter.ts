/** What a store asks of its tables. */
import { documents } from '../../functions/data/table.ts';

export interface Asked<Result> {
  /** Calls of DynamoDB, and the capacity units that they consumed. */
  readonly calls: number;
  readonly units: number;
  readonly result: Result;
}

/** Counts what the stores' client sends while `action` runs; one action at a time. */
export async function asked<Result>(action: () => Promise<Result>): Promise<Asked<Result>> {
  const meter = { calls: 0, units: 0 };
  documents.middlewareStack.add(
    next => async args => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const answer = await next(args);
      meter.calls++;
      meter.units +=
        (answer.output as { ConsumedCapacity?: { CapacityUnits?: number } }).ConsumedCapacity?.CapacityUnits ?? 0;
      return answer;
    },
    { step: 'initialize', name: 'meter' },
  );
  try {
    const result = await action();
    return { ...meter, result };
  } finally {
    documents.middlewareStack.remove('meter');
  }
}
