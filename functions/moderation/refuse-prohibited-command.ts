/** Refuses what a text asks for, counts that it was refused, and reports it against the standing of the account. */
import type { EnforcementDependencies } from '../enforcement/decision-store.ts';
import { reportViolation } from '../enforcement/report-violation-command.ts';
import { logger } from '../runtime/runtime.ts';
import { refusalOfCounted, violationsOf } from './probing.ts';
import { countRefusedText } from './refused-texts-store.ts';
import type { Screening } from './screening.ts';

/** Throws a Refusal for what is not clear, whether or not it can be counted. */
export async function refuseProhibited(
  dependencies: EnforcementDependencies,
  accountId: string,
  screening: Screening,
): Promise<void> {
  throwRefusal(screening, await countRefused(dependencies, accountId, screening));
}

function throwRefusal(screening: Screening, refused: number): void {
  const refusal = refusalOfCounted(screening, refused);
  if (refusal) throw refusal;
}

/** How many texts of the hour were refused, with this one; 0 for one that is clear. What cannot be counted or reported is an error in the log. */
export async function countRefused(
  dependencies: EnforcementDependencies,
  accountId: string,
  screening: Screening,
): Promise<number> {
  if (screening.kind === 'clear') return 0;
  const at = dependencies.now();
  try {
    const counts = await countRefusedText(dependencies.tables.core, accountId, screening.rule, at);
    for (const violation of violationsOf(screening, counts, at)) {
      await reportViolation(dependencies, { ...violation, accountId, source: 'text-screening', at });
    }
    return counts.texts;
  } catch (error) {
    logger.error('a refused text was not counted or reported', error as Error);
    return 1;
  }
}
