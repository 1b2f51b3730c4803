import { signedBy } from '../certificates/signing-client.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { MANIFEST_TYPE } from './export.ts';
import { failExport, makeVolume, type VolumeRequest } from './make-volume-command.ts';

const DEPENDENCIES = {
  tables: {
    core: setting('CORE_TABLE'),
    jobs: setting('JOBS_TABLE'),
    ledger: setting('LEDGER_TABLE'),
    audit: setting('AUDIT_TABLE'),
  },
  buckets: { media: setting('MEDIA_BUCKET'), invoices: setting('INVOICES_BUCKET') },
  exportsBucket: setting('ACCOUNT_EXPORTS_BUCKET'),
  mailFrom: setting('MAIL_FROM'),
  support: setting('SUPPORT'),
  sign: signedBy(setting('CERTIFICATE_KEY'), MANIFEST_TYPE),
  // Two thirds of the function's time: the page at hand is packed after that, and the volume closed.
  most: { bytes: 2 * 1024 ** 3, files: 5_000, ms: 10 * 60_000 },
  now,
  random,
};

/** Called by the state machine until there is nothing more to make; with `failed` after the last try. */
export async function handler(event: VolumeRequest & { readonly failed?: true }): Promise<object> {
  const { accountId, exportId } = event;
  if (event.failed) await failExport(DEPENDENCIES, event);
  return { accountId, exportId, more: event.failed ? false : await makeVolume(DEPENDENCIES, event) };
}
