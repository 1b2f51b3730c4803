import { restHandler } from '../audit/api-handlers.ts';
import { actorOf } from '../audit/event.ts';
import { route } from '../http/api-handler.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { changePlan } from './change-plan-command.ts';
import * as contract from './plan-contract.ts';

const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') },
  usagePlans: setting('USAGE_PLANS'),
  now,
  random,
};

export const handler = restHandler(
  route(contract.changePlan, async ({ caller, input: { id: accountId, plan, reason } }) => {
    const previous = await changePlan(DEPENDENCIES, { accountId, plan, reason, actor: actorOf(caller) });
    return { body: { object: 'account.plan' as const, account: accountId, plan, previous_plan: previous } };
  }),
);
