/** Refuses what a text asks for, and counts that it was refused. */
import { logger } from '../runtime/runtime.ts';
import { refusalOfCounted } from './probing.ts';
import { countRefusedText } from './refused-texts-store.ts';
import type { Screening } from './screening.ts';

export interface ProhibitedDependencies {
  readonly tables: { readonly core: string };
  /** Epoch ms. */
  readonly now: () => number;
}

/** Throws a Refusal for what is not clear, whether or not it can be counted. */
export async function refuseProhibited(
  { tables, now }: ProhibitedDependencies,
  accountId: string,
  screening: Screening,
): Promise<void> {
  if (screening.kind === 'clear') return;
  const refused = await countRefusedText(tables.core, accountId, now()).catch(error => {
    logger.error('a refused text was not counted', error as Error);
    return 1;
  });
  throw refusalOfCounted(screening, refused);
}
