import { deleteGatewayKey } from '../accounts/gateway-keys-client.ts';
import { offenderKeyReader } from '../accounts/offender-key-client.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { type AdvanceDependencies, advanceTerminations } from './advance-command.ts';
import { endServiceByWaves } from './end-service-command.ts';
import { userDeleter } from './users-client.ts';

const DEPENDENCIES = {
  tables: {
    core: setting('CORE_TABLE'),
    jobs: setting('JOBS_TABLE'),
    ledger: setting('LEDGER_TABLE'),
    idempotency: setting('IDEMPOTENCY_TABLE'),
    audit: setting('AUDIT_TABLE'),
  },
  buckets: [
    { bucketClass: 'media', bucket: setting('MEDIA_BUCKET') },
    { bucketClass: 'documents', bucket: setting('DOCUMENTS_BUCKET') },
  ],
  stateMachineArn: setting('STATE_MACHINE_ARN'),
  mailFrom: setting('MAIL_FROM'),
  support: setting('SUPPORT'),
  deleteUser: userDeleter(setting('USER_POOL_ID')),
  deleteGatewayKey,
  offenderKey: offenderKeyReader(setting('OFFENDER_KEY_ARN')),
  now,
  random,
};

/** Less than the minute after which it is called again, with room for the page that is under way. */
const RUN_MS = 35_000;

const certify = (): Promise<void> => Promise.reject(new Error('no certificates yet'));

/** Called every minute, and by whoever will not wait for that. */
export async function handler(): Promise<{ looked: number; failed: number }> {
  const until = now() + RUN_MS;
  const isOver = () => now() >= until;
  await endServiceByWaves(DEPENDENCIES);
  return advanceTerminations({ ...DEPENDENCIES, isOver, certify } satisfies AdvanceDependencies);
}
