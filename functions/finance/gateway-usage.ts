/** API Gateway's counts of a day: those of now, and those of an earlier export of the day. */
import { parseCsv } from './csv.ts';
import type { GatewayCount } from './rows.ts';

/**
 * One count for each plan and key, in their order. A key that is deleted since stays as it was, and a count never goes
 * down: API Gateway counts late, and may forget, but it does not take back.
 */
export function mergeCounts(before: readonly GatewayCount[], now: readonly GatewayCount[]): GatewayCount[] {
  const merged = new Map<string, GatewayCount>();
  for (const count of [...before, ...now]) {
    const id = `${count.plan} ${count.usagePlanId} ${count.keyId}`;
    const known = merged.get(id);
    const accountId = count.accountId ?? known?.accountId;
    const latest = known && known.requests > count.requests ? known : count;
    merged.set(id, { ...latest, ...(accountId !== undefined && { accountId }) });
  }
  return [...merged].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, count]) => count);
}

/** The counts in a file of the dataset `gateway_usage`. */
export function readCounts(csv: string): GatewayCount[] {
  const [, ...lines] = parseCsv(csv);
  return lines.map(([usagePlanId = '', plan = '', keyId = '', accountId = '', requests, remaining]) => ({
    usagePlanId,
    plan,
    keyId,
    ...(accountId && { accountId }),
    requests: Number(requests),
    remaining: Number(remaining),
  }));
}
