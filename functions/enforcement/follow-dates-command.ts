/**
 * What was not rectified in time: the next step follows by itself. Each is done once, however often and by how many it is
 * tried; what follows is to be rectified by a date of its own, until only people decide what is next.
 */
import { findAccount } from '../accounts/accounts-store.ts';
import type { Measure } from '../accounts/standing.ts';
import { RETRY, transact } from '../data/transaction.ts';
import { prefixedId } from '../runtime/ids.ts';
import { logger } from '../runtime/runtime.ts';
import { changeWrites, type EnforcementDependencies } from './decision-store.ts';
import { addMeasure, standingOf, stepAfterDate } from './ladder.ts';
import { isViolation, type MeasureRecord } from './measure.ts';
import { type Rectification, rectificationEnd, rectificationsDue, rectificationWrite } from './rectification-store.ts';
import { findFinding, findState, followedWrite, measureWrite } from './standing-store.ts';

const ACTOR = { kind: 'platform', id: 'follow-dates' } as const;
/** For what follows: long enough to be read and mended. */
const NEXT_DATE_MS = 14 * 24 * 3600_000;

/** What fails for one does not stop the others: it is thrown once all were looked at, and a repeated call goes on. */
export async function followDates(dependencies: EnforcementDependencies): Promise<{ done: number }> {
  const failures: unknown[] = [];
  let done = 0;
  const { tables, now } = dependencies;
  for await (const page of rectificationsDue(tables.core, new Date(now()).toISOString())) {
    for (const due of page) {
      try {
        await follow(dependencies, due);
        done++;
      } catch (error) {
        logger.error('date not followed', { ...due, error: error as Error });
        failures.push(error);
      }
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} dates could not be followed`);
  return { done };
}

function follow(dependencies: EnforcementDependencies, due: Rectification): Promise<void> {
  const { tables, now, random } = dependencies;
  const { accountId, subject } = due;
  return transact<void>(async () => {
    const before = await findState(tables.core, accountId);
    const [account, finding] = await Promise.all([
      findAccount(tables.core, accountId),
      findFinding(tables.core, accountId, subject),
    ]);
    const at = now();
    const end = rectificationEnd(tables.core, due, at);
    const isOpen = finding?.state === 'in_force' && finding.rectifiedAt === undefined && !finding.followedBy;
    const step = isOpen ? stepAfterDate(standingOf(before, at).step) : undefined;
    if (!account || !finding || step === undefined) return { result: undefined, writes: { end } };
    const root = (isViolation(finding) ? undefined : finding.cause) ?? finding.id;
    const measure: Measure = { id: prefixedId('meas', at, random), step, cause: root };
    const reason = `what was to be rectified by ${due.by.slice(0, 10)} was not noted as rectified`;
    const rectifyBy = new Date(at + NEXT_DATE_MS).toISOString();
    const hasNext = stepAfterDate(step) !== undefined;
    const record: MeasureRecord = {
      ...measure,
      state: 'in_force',
      reason,
      decidedBy: ACTOR.id,
      decidedAt: new Date(at).toISOString(),
      ...(hasNext && { rectifyBy }),
    };
    return {
      result: undefined,
      writes: {
        end,
        followed: followedWrite(tables.core, accountId, subject, measure.id),
        measure: measureWrite(tables.core, accountId, record),
        ...(hasNext && {
          due: rectificationWrite(tables.core, { accountId, subject: measure.id, by: rectifyBy }),
        }),
        ...changeWrites(dependencies, {
          account,
          before,
          after: addMeasure(before, measure, at),
          actor: ACTOR,
          details: { action: 'standing.changed', subject: measure.id, reason, detail: { cause: root } },
          mail: { template: step, reason, ...(hasNext && { rectifyBy }) },
          at,
        }),
      },
      refused: () => RETRY,
    };
  });
}
