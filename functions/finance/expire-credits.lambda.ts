import { now, random, setting } from '../runtime/runtime.ts';
import { expireCredits } from './expire-credits-command.ts';

const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), ledger: setting('LEDGER_TABLE'), audit: setting('AUDIT_TABLE') },
  mailFrom: setting('MAIL_FROM'),
  support: setting('SUPPORT'),
  now,
  random,
};

/** Runs every night after the export; a run that fails, or comes twice, goes on where the last one was. */
export async function handler(): Promise<object> {
  return expireCredits(DEPENDENCIES);
}
