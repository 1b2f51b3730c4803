import type { DynamoDBStreamEvent } from 'aws-lambda';
import { eventOf } from '../audit/event.ts';
import { RISK_RULES } from '../catalogue/risk-rules.ts';
import { streamedItems } from '../data/stream-records.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { observing } from './evaluate.ts';
import { watchUse } from './watch-use-command.ts';

const RULES = setting('USE_RULES') === 'observe' ? observing(RISK_RULES) : RISK_RULES;
const TABLES = { core: setting('CORE_TABLE'), jobs: setting('JOBS_TABLE'), audit: setting('AUDIT_TABLE') };

/** Called with the calls that the audit trail records. A batch that fails comes again, whole; what was taken up changes nothing then. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<void> {
  await watchUse(
    { tables: TABLES, now, random, rules: RULES },
    streamedItems(Records).map(({ item }) => eventOf(item)),
  );
}
