/** Indexes that are behind their table, as those of DynamoDB may be for a moment and those of one machine never are. */
import { documents } from '../../functions/data/table.ts';

/** What the stores' client asks of the index finds nothing while `action` runs. */
export async function withLaggingIndex<Result>(index: string, action: () => Promise<Result>): Promise<Result> {
  documents.middlewareStack.add(
    next => async args => {
      const answer = await next(args);
      const { IndexName } = args.input as { IndexName?: string };
      return IndexName === index ? { ...answer, output: { ...answer.output, Items: [] } } : answer;
    },
    { step: 'initialize', name: 'lagging-index' },
  );
  try {
    return await action();
  } finally {
    documents.middlewareStack.remove('lagging-index');
  }
}
