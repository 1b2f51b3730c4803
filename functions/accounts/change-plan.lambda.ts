import { setTimeout as pause } from 'node:timers/promises';
import { restHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { changePlan } from './change-plan.ts';
import * as contract from './plan-contract.ts';

const PLACE = {
  tables: { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') },
  usagePlans: setting('USAGE_PLANS'),
};

export const handler = restHandler(
  route(contract.changePlan, async ({ caller, input: { id: accountId, plan, reason } }) => {
    const { kind, keyId: id, address, client } = caller;
    const tools = { actor: { kind, id, address, client }, now: now(), random, pause };
    const previous = await changePlan(PLACE, { accountId, plan, reason }, tools);
    return { body: { object: 'account.plan' as const, account: accountId, plan, previous_plan: previous } };
  }),
);
