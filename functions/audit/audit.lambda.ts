import { route } from '../http/api-handler.ts';
import { pageOfIds } from '../http/page.ts';
import { setting } from '../runtime/runtime.ts';
import { restHandler } from './api-handlers.ts';
import { eventsOfAccount } from './audit-store.ts';
import { listAccountAudit, listAudit } from './contract.ts';
import { describeEvent, describeToOwner } from './event.ts';

const AUDIT_TABLE = setting('AUDIT_TABLE');
const LIMIT = 20;

type Asked = { readonly after?: string | undefined; readonly limit?: number | undefined };

async function listed(accountId: string, { after, limit = LIMIT }: Asked, describe: typeof describeEvent) {
  const { events, more } = await eventsOfAccount(AUDIT_TABLE, accountId, { after, limit });
  return { body: pageOfIds(events.map(describe), more) };
}

export const handler = restHandler(
  route(listAudit, ({ caller, input }) => listed(caller.accountId, input, describeToOwner)),
  route(listAccountAudit, ({ input: { id, ...page } }) => listed(id, page, describeEvent)),
);
