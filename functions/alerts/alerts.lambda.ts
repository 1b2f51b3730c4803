import { restHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { pageOfIds } from '../http/page.ts';
import { setting } from '../runtime/runtime.ts';
import { describeAlert } from './alert.ts';
import { alertsOf } from './alerts-store.ts';
import { listAlerts } from './contract.ts';

const CORE_TABLE = setting('CORE_TABLE');
const LIMIT = 20;

export const handler = restHandler(
  route(listAlerts, async ({ caller, input: { limit = LIMIT, after } }) => {
    const { alerts, more } = await alertsOf(CORE_TABLE, caller.accountId, { after, limit });
    return { body: pageOfIds(alerts.map(describeAlert), more) };
  }),
);
