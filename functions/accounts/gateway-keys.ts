/**
 * The hidden API Gateway key of an account. Its only use is that API Gateway's usage plan counts by it: callers never
 * see it, and it opens nothing by itself.
 */
import { APIGatewayClient, CreateApiKeyCommand, CreateUsagePlanKeyCommand } from '@aws-sdk/client-api-gateway';
import { base62, type Random } from '../platform/ids.ts';

const client = new APIGatewayClient({});

export interface GatewayKey {
  readonly gatewayKeyId: string;
  /** What the authorizer names to API Gateway. */
  readonly gatewayKeyValue: string;
}

/** Makes a key and puts it into the usage plan. API Gateway takes values of 20 to 128 alphanumeric characters. */
export async function createGatewayKey(accountId: string, usagePlanId: string, random: Random): Promise<GatewayKey> {
  const value = base62(40, random);
  const { id = '' } = await client.send(new CreateApiKeyCommand({ name: accountId, value, enabled: true }));
  await client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: id, keyType: 'API_KEY' }));
  return { gatewayKeyId: id, gatewayKeyValue: value };
}
