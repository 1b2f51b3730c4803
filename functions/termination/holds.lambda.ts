import { holdsOf } from '../accounts/holds-store.ts';
import { restHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { pageOfIds } from '../http/page.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { describeHold } from './hold.ts';
import { liftHold, placeHold } from './holds-command.ts';
import * as contract from './holds-contract.ts';

const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), jobs: setting('JOBS_TABLE'), audit: setting('AUDIT_TABLE') },
  buckets: { media: setting('MEDIA_BUCKET'), documents: setting('DOCUMENTS_BUCKET') },
  now,
  random,
};

export const handler = restHandler(
  route(contract.placeHold, async ({ caller, input }) => ({
    status: 201,
    body: describeHold(await placeHold(DEPENDENCIES, caller, input)),
  })),
  route(contract.liftHold, async ({ caller, input }) => ({
    body: describeHold(await liftHold(DEPENDENCIES, caller, input)),
  })),
  route(contract.listHolds, async ({ input: { id } }) => {
    const holds = (await holdsOf(DEPENDENCIES.tables.core, id)).map(describeHold);
    return { body: { ...pageOfIds(holds, false), has_more: false as const } };
  }),
);
