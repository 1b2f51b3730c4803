/**
 * The hidden API Gateway key of an account. Its only use is that API Gateway's usage plan counts by it: callers never
 * see it, and it opens nothing by itself.
 */
import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  paginateGetUsagePlans,
} from '@aws-sdk/client-api-gateway';
import { base62, type Random } from '../platform/ids.ts';

const client = new APIGatewayClient({});

/** Makes a key and puts it into the usage plan. API Gateway takes values of 20 to 128 alphanumeric characters. */
export async function createGatewayKey(
  accountId: string,
  usagePlanId: string,
  random: Random,
): Promise<{ gatewayKeyId: string; gatewayKeyValue: string }> {
  const value = base62(40, random);
  const { id = '' } = await client.send(new CreateApiKeyCommand({ name: accountId, value, enabled: true }));
  await client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: id, keyType: 'API_KEY' }));
  return { gatewayKeyId: id, gatewayKeyValue: value };
}

const idsByName = new Map<string, string>();

/**
 * The id of a usage plan, looked up once. Whoever answers a route cannot be told it by the template: usage plans are made of
 * the stage, the stage of the deployment, and that of all routes and what answers them.
 */
export async function usagePlanNamed(name: string): Promise<string> {
  if (!idsByName.has(name)) {
    for await (const { items = [] } of paginateGetUsagePlans({ client, pageSize: 100 }, {})) {
      for (const plan of items) if (plan.name && plan.id) idsByName.set(plan.name, plan.id);
    }
  }
  const id = idsByName.get(name);
  if (id === undefined) throw new Error(`there is no usage plan ${name}`);
  return id;
}
