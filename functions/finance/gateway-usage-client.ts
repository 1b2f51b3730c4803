/**
 * API Gateway's own count of requests. Its control plane is slow and takes few calls a second, so this is read once a
 * night. A key's name is its account's id; whose it was is kept, for keys are deleted.
 */
import {
  APIGatewayClient,
  GetApiKeysCommand,
  GetUsageCommand,
  type GetUsageCommandOutput,
} from '@aws-sdk/client-api-gateway';
import { keepOwner, keptOwners } from './gateway-keys-store.ts';
import type { GatewayCount } from './rows.ts';

const client = new APIGatewayClient({ retryMode: 'adaptive', maxAttempts: 10 });
/** The most that one page may have. */
const PAGE = 500;

/** The counts of a day by plan and key; `plans` are usage plan ids by name. There are at most 10,000 keys in all. */
export async function gatewayCounts(
  table: string,
  plans: Readonly<Record<string, string>>,
  day: string,
): Promise<GatewayCount[]> {
  const owners = await keyOwners(table);
  const counts: GatewayCount[] = [];
  for (const [plan, usagePlanId] of Object.entries(plans)) {
    for (let position: string | undefined, first = true; first || position !== undefined; first = false) {
      const page: GetUsageCommandOutput = await client.send(
        new GetUsageCommand({ usagePlanId, startDate: day, endDate: day, limit: PAGE, position }),
      );
      for (const [keyId, [of]] of Object.entries(page.items ?? {})) {
        const [requests = 0, remaining = 0] = of ?? [];
        const accountId = owners.get(keyId);
        counts.push({ usagePlanId, plan, keyId, requests, remaining, ...(accountId && { accountId }) });
      }
      position = page.position;
    }
  }
  return counts;
}

/** Whose each key is, deleted ones included where any night has seen them. */
async function keyOwners(table: string): Promise<Map<string, string>> {
  const owners = await keptOwners(table);
  for (let position: string | undefined, first = true; first || position !== undefined; first = false) {
    const { items = [], position: next } = await client.send(new GetApiKeysCommand({ limit: PAGE, position }));
    for (const { id = '', name = '' } of items) {
      if (owners.has(id) || !name.startsWith('acct_')) continue;
      owners.set(id, name);
      await keepOwner(table, id, name);
    }
    position = next;
  }
  return owners;
}
