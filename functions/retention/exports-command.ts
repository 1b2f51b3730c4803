/** Asking for an export: one at a time for an account, whatever is repeated. */

import { type AccountDependencies, changeAccount, changeBy } from '../accounts/account-changes-store.ts';
import { ownAccount } from '../accounts/accounts-store.ts';
import { busy } from '../data/contention.ts';
import type { Caller } from '../http/caller.ts';
import { refuseStale } from '../http/fresh-sign-in.ts';
import { prefixedId } from '../runtime/ids.ts';
import { type AccountExport, BEGINNING } from './export.ts';
import { startExportRun } from './export-runs-client.ts';
import { exportWrite, findExport } from './exports-store.ts';

export interface ExportDependencies extends AccountDependencies {
  readonly exportMachineArn: string;
}

/** The export that is being made, which is a new one where none is; throws a Refusal for a sign-in that is too old. */
export async function requestExport(dependencies: ExportDependencies, caller: Caller): Promise<AccountExport> {
  const { tables, exportMachineArn, now, random } = dependencies;
  refuseStale(caller, 'an export', now());
  const found = (await open(dependencies, caller)) ?? (await begin());
  // Also one that was committed before: whoever asked for it may have been cut off here.
  await startExportRun(exportMachineArn, found, now());
  return found;

  async function begin(): Promise<AccountExport> {
    const at = now();
    const { accountId, id: requestedBy } = caller;
    const exportId = prefixedId('exp', at, random);
    const createdAt = new Date(at).toISOString();
    const made: AccountExport = {
      exportId,
      accountId,
      state: 'preparing',
      requestedBy,
      createdAt,
      place: BEGINNING,
      volumes: [],
    };
    const written = await changeAccount(
      changeBy(caller, dependencies),
      accountId,
      { set: { exporting: exportId }, where: { exporting: undefined } },
      { action: 'export.requested', subject: exportId },
      { export: exportWrite(tables.core, made) },
    );
    if (written) return made;
    // Two calls that met: the other one was first.
    const other = await open(dependencies, caller);
    if (!other) throw busy();
    return other;
  }
}

async function open({ tables }: ExportDependencies, { accountId }: Caller): Promise<AccountExport | undefined> {
  const { exporting } = await ownAccount(tables.core, accountId);
  return exporting === undefined ? undefined : findExport(tables.core, accountId, exporting);
}
