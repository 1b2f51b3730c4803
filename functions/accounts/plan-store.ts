/**
 * The plan of an account, and the API Gateway keys of the plans that it has been in. Such a key is in one usage plan for
 * ever: an account that changes plans changes keys, so at each moment its key is in a plan, and no call is refused
 * between two of them. A key that was made for a change that did not come is found by the next.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { auditWrite } from '../audit/audit-store.ts';
import { auditEvent } from '../audit/event.ts';
import type { PlanName } from '../catalogue/plans.ts';
import { accountKey } from '../data/item-keys.ts';
import { documents } from '../data/table.ts';
import type { NamedWrites } from '../data/transaction.ts';
import type { Account } from './account.ts';
import { accountWrite, type ChangeContext } from './account-changes-store.ts';
import type { GatewayKey } from './gateway-keys-client.ts';

const gatewayKeyKey = (accountId: string, plan: PlanName) => ({ pk: accountKey(accountId).pk, sk: `GATEWAY#${plan}` });

/** The account's key in the usage plan of `plan`, where it has been in that plan before. */
export async function findGatewayKey(
  table: string,
  accountId: string,
  plan: PlanName,
): Promise<GatewayKey | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: gatewayKeyKey(accountId, plan), ConsistentRead: true }),
  );
  if (!Item) return undefined;
  const { gatewayKeyId, gatewayKeyValue } = Item as GatewayKey;
  return { gatewayKeyId, gatewayKeyValue };
}

/** Keeps a key that was made; where another was kept meanwhile, returns that one. */
export async function keepGatewayKey(
  table: string,
  accountId: string,
  plan: PlanName,
  key: GatewayKey,
): Promise<GatewayKey> {
  try {
    const Item = { ...gatewayKeyKey(accountId, plan), ...key };
    await documents.send(new PutCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' }));
    return key;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return (await findGatewayKey(table, accountId, plan)) ?? key;
  }
}

/**
 * The writes that put the account on the plan, with the API Gateway key of that plan where it has one; they are refused
 * where its plan or key has changed since it was read.
 */
export function planWrites(
  { tables, actor, now, random }: ChangeContext,
  { accountId, plan: from, gatewayKeyId, gatewayKeyValue }: Account,
  { plan, gatewayKey, reason }: { plan: PlanName; gatewayKey: GatewayKey | undefined; reason: string },
): NamedWrites {
  const had = gatewayKeyId !== undefined && gatewayKeyValue !== undefined;
  const details = { accountId, action: 'account.plan_changed', subject: accountId, reason } as const;
  const event = auditEvent(actor, { ...details, detail: { from, to: plan } }, { now, random });
  return {
    account: accountWrite(tables.core, accountId, {
      set: { plan, planDecision: { from, to: plan, reason }, ...gatewayKey },
      where: { plan: from, gatewayKeyId },
    }),
    ...(had && {
      kept: {
        Put: { TableName: tables.core, Item: { ...gatewayKeyKey(accountId, from), gatewayKeyId, gatewayKeyValue } },
      },
    }),
    event: auditWrite(tables.audit, event),
  };
}
