import { ACCOUNT_CURSOR, type ListPlace } from '../accounts/account.ts';
import { accountsByAge, applicationsOf } from '../accounts/accounts-store.ts';
import { restHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { pageOfPlaces } from '../http/page.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import * as contract from './operators-contract.ts';
import { inspectAccount } from './review-command.ts';

const CORE_TABLE = setting('CORE_TABLE');
const DEPENDENCIES = {
  tables: { core: CORE_TABLE, audit: setting('AUDIT_TABLE') },
  documentsBucket: setting('DOCUMENTS_BUCKET'),
  now,
  random,
};
const LIMIT = 20;

const pageOf = ({ limit = LIMIT, after }: { limit?: number | undefined; after?: string | undefined }) => ({
  limit,
  after: after === undefined ? undefined : ACCOUNT_CURSOR.read(after),
});

/** `places`: where each item stands. */
function listed<Item>(items: readonly Item[], places: readonly ListPlace[], more: boolean) {
  const [first, last] = [places[0], places.at(-1)].map(place => place && ACCOUNT_CURSOR.write(place));
  return { body: pageOfPlaces(items, { first, last, more }) };
}

export const handler = restHandler(
  route(contract.listApplications, async ({ input: { status = 'submitted', ...page } }) => {
    const at = now();
    const { rows, next } = await applicationsOf(CORE_TABLE, status, pageOf(page));
    const data = rows.map(({ accountId, name, kind = null, country = null, applicationSince }) => ({
      id: accountId,
      object: 'application' as const,
      name,
      kind,
      country,
      status,
      status_since: applicationSince,
      age_seconds: Math.max(0, Math.floor((at - Date.parse(applicationSince)) / 1000)),
    }));
    const places = rows.map(({ accountId, applicationSince: at }) => ({ accountId, at }));
    return listed(data, places, next !== undefined);
  }),
  route(contract.listAccounts, async ({ input }) => {
    const { rows, next } = await accountsByAge(CORE_TABLE, pageOf(input));
    const data = rows.map(({ accountId, name, kind = null, country = null, status, plan, createdAt }) => ({
      id: accountId,
      object: 'account.summary' as const,
      name,
      kind,
      country,
      status,
      plan,
      created_at: createdAt,
    }));
    const places = rows.map(({ accountId, createdAt: at }) => ({ accountId, at }));
    return listed(data, places, next !== undefined);
  }),
  route(contract.inspectAccount, async ({ caller, input: { id } }) => ({
    body: await inspectAccount(DEPENDENCIES, caller, id),
  })),
);
