/**
 * The API Gateway key of an account. Its only use is that API Gateway's usage plan counts by it: callers never see it, and
 * it is accepted nowhere by itself.
 */
import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  NotFoundException,
  paginateGetUsagePlans,
} from '@aws-sdk/client-api-gateway';
import { PLAN_NAMES, type PlanName } from '../catalogue/plans.ts';
import { base62, type Random } from '../runtime/ids.ts';

const client = new APIGatewayClient({});

export interface GatewayKey {
  readonly gatewayKeyId: string;
  /** What the authorizer names to API Gateway. */
  readonly gatewayKeyValue: string;
}

/**
 * Makes a key and puts it into the usage plan of the plan. `plans` is what the names of the stage's usage plans begin with.
 * API Gateway takes values of 20 to 128 alphanumeric characters.
 */
export async function createGatewayKey(
  accountId: string,
  plans: string,
  plan: PlanName,
  random: Random,
): Promise<GatewayKey> {
  const usagePlanId = await usagePlanIdOf(`${plans}${plan}`);
  const value = base62(40, random);
  const { id = '' } = await client.send(new CreateApiKeyCommand({ name: accountId, value, enabled: true }));
  await client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: id, keyType: 'API_KEY' }));
  return { gatewayKeyId: id, gatewayKeyValue: value };
}

/** Removes a key for good; does nothing where it is gone. */
export async function deleteGatewayKey(apiKey: string): Promise<void> {
  try {
    await client.send(new DeleteApiKeyCommand({ apiKey }));
  } catch (error) {
    if (!(error instanceof NotFoundException)) throw error;
  }
}

/** Found once: a usage plan keeps its id. */
const found = new Map<string, string>();

/**
 * The id of a usage plan by its name. A function that the API calls cannot have it in its environment: the usage plan needs the API's stage,
 * and the stage every function that the API calls.
 */
async function usagePlanIdOf(name: string): Promise<string> {
  if (!found.has(name)) {
    for await (const { items = [] } of paginateGetUsagePlans({ client }, { limit: 500 })) {
      for (const { name: known, id } of items) if (known && id) found.set(known, id);
    }
  }
  const id = found.get(name);
  if (id === undefined) throw new Error(`API Gateway has no usage plan ${name}`);
  return id;
}

/** The ids of all usage plans of the stage; `plans` is what their names begin with. */
export async function usagePlanIds(plans: string): Promise<Readonly<Record<PlanName, string>>> {
  const ids = await Promise.all(PLAN_NAMES.map(async plan => [plan, await usagePlanIdOf(`${plans}${plan}`)] as const));
  return Object.fromEntries(ids) as Record<PlanName, string>;
}
