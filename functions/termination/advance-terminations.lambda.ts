import { readFileSync } from 'node:fs';
import { deleteGatewayKey } from '../accounts/gateway-keys-client.ts';
import { offenderKeyReader } from '../accounts/offender-key-client.ts';
import { certificatePdf } from '../certificates/certificate-pdf.ts';
import { certificateStore } from '../certificates/certificates-store.ts';
import { issueCertificate } from '../certificates/issue-certificate-command.ts';
import { signedBy } from '../certificates/signing-client.ts';
import { stampedBy } from '../certificates/time-stamp-client.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { type AdvanceDependencies, advanceTerminations, type CertificateRequest } from './advance-command.ts';
import { endServiceByWaves } from './end-service-command.ts';
import { userDeleter } from './users-client.ts';

/** It lies beside the entry in what is deployed. */
const FONT = readFileSync(new URL('./fonts/DejaVuSans.ttf', import.meta.url));

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
    { bucketClass: 'exports', bucket: setting('ACCOUNT_EXPORTS_BUCKET') },
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

const CERTIFICATES = {
  store: certificateStore(setting('CERTIFICATES_BUCKET')),
  sign: signedBy(setting('CERTIFICATE_KEY')),
  stamp: stampedBy(setting('TIMESTAMP_URL'), random),
  pdfOf: certificatePdf.bind(null, FONT),
  issuer: setting('CERTIFICATE_ISSUER'),
  now,
};

async function certify({ items, ...request }: CertificateRequest): Promise<void> {
  await issueCertificate(CERTIFICATES, { ...request, subject: { kind: 'account' }, items: items() });
}

/** Less than the minute after which it is called again, with room for the page that is under way. */
const RUN_MS = 35_000;

/** Called every minute, and by whoever will not wait for that. */
export async function handler(): Promise<{ looked: number }> {
  const until = now() + RUN_MS;
  const isOver = () => now() >= until;
  await endServiceByWaves(DEPENDENCIES);
  const { looked, failed } = await advanceTerminations({
    ...DEPENDENCIES,
    isOver,
    certify,
  } satisfies AdvanceDependencies);
  // What an alarm sees; each has its line in the log, and comes again.
  if (failed > 0) throw new Error(`${failed} of ${looked} terminations could not be moved on`);
  return { looked };
}
