/** Transactions that meet others: DynamoDB cancels them, which one machine's tables never do. */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { documents } from '../../functions/data/table.ts';

/** The next `count` transactions of the stores' client are cancelled for others on the item at `place`, while `action` runs. */
export async function withConflicts<Result>(
  count: number,
  place: number,
  action: () => Promise<Result>,
): Promise<Result> {
  let left = count;
  documents.middlewareStack.add(
    next => async args => {
      const { TransactItems = [] } = args.input as { TransactItems?: unknown[] };
      if (TransactItems.length === 0 || left-- <= 0) return next(args);
      throw new TransactionCanceledException({
        message: 'Transaction cancelled',
        $metadata: {},
        CancellationReasons: TransactItems.map((_, position) => ({
          Code: position === place ? 'TransactionConflict' : 'None',
        })),
      });
    },
    { step: 'initialize', name: 'conflicts' },
  );
  try {
    return await action();
  } finally {
    documents.middlewareStack.remove('conflicts');
  }
}
