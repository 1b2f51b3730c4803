import { restHandler } from '../audit/api-handlers.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { route } from '../http/api-handler.ts';
import { pageOfIds } from '../http/page.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { bundleLink } from './bundles-store.ts';
import { type AccountExport, describeExport, type ExportLinks, isReadable, volumeName } from './export.ts';
import { requestExport } from './exports-command.ts';
import * as contract from './exports-contract.ts';
import { exportsOf, findExport } from './exports-store.ts';

const TABLES = { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') };
const BUCKET = setting('ACCOUNT_EXPORTS_BUCKET');
const DEPENDENCIES = { tables: TABLES, exportMachineArn: setting('EXPORT_MACHINE_ARN'), now, random };
const LIMIT = 20;

/** Minted when they are asked for, never stored. */
async function linksOf(found: AccountExport): Promise<ExportLinks | undefined> {
  const { manifest, exportId } = found;
  if (!manifest || !isReadable(found, now())) return undefined;
  const volumes = found.volumes.map(({ key }, index) =>
    bundleLink(BUCKET, key, `${exportId}-${volumeName(index + 1)}`),
  );
  return {
    volumes: await Promise.all(volumes),
    manifest: await bundleLink(BUCKET, manifest.key, `${exportId}-manifest.jws`),
  };
}

export const handler = restHandler(
  route(contract.createExport, async ({ caller }) => ({
    status: 202,
    body: describeExport(await requestExport(DEPENDENCIES, caller), now()),
  })),
  route(contract.listExports, async ({ caller, input: { limit = LIMIT, after } }) => {
    const { exports, more } = await exportsOf(TABLES.core, caller.accountId, { after, limit });
    return {
      body: pageOfIds(
        exports.map(each => describeExport(each, now())),
        more,
      ),
    };
  }),
  route(contract.retrieveExport, async ({ caller, input: { id } }) => {
    const found = await findExport(TABLES.core, caller.accountId, id);
    if (!found) throw new Refusal('not_found', `there is no export ${id} in this account`, 'id');
    return { body: describeExport(found, now(), await linksOf(found)) };
  }),
);
