import { now, random, setting } from '../runtime/runtime.ts';
import { reconcileJobs } from './reconcile-command.ts';

const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), jobs: setting('JOBS_TABLE'), ledger: setting('LEDGER_TABLE') },
  stateMachineArn: setting('STATE_MACHINE_ARN'),
  mediaBucket: setting('MEDIA_BUCKET'),
  now,
  random,
};

/** Called every minute. */
export const handler = () => reconcileJobs(DEPENDENCIES);
