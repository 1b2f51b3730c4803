/** Somebody who registers an account and applies, step by step, and the e-mails that come. */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { registerAccount } from '../../functions/accounts/contract.ts';
import { submitQualification } from '../../functions/qualification/contract.ts';
import type { SignedInPerson } from './people.ts';
import type { Platform } from './platform.ts';

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** An address that the calls take and SES refuses: it is too long before the @. */
export const UNDELIVERABLE = `${'a'.repeat(65)}@example.com`;

/** What was sent to an address, newest first. */
export async function mailsTo({ cloud }: Platform, address: string): Promise<Mail[]> {
  const mails = (await (await fetch(`${cloud.awsUrl}/_mail.json`)).json()) as Mail[];
  return mails.filter(({ to }) => to.includes(address));
}

/** The code of the newest e-mail to an address. */
export async function codeFor(platform: Platform, address: string): Promise<string> {
  for (let tries = 0; tries < 20; tries++) {
    const [newest] = await mailsTo(platform, address);
    const [code] = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(newest?.text ?? '') ?? [];
    if (code) return code;
    await pause(50);
  }
  throw new Error(`no code was sent to ${address}`);
}

/** The body of a registration by a company. */
export const registrationOf = (email: string, change: object = {}): object => ({
  ...registerAccount.example.body,
  email,
  ...change,
});

/** A small PDF, whole. */
export const PDF = Buffer.from(
  [
    '%PDF-1.4',
    '1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj',
    '2 0 obj << /Type /Pages /Kids [] /Count 0 >> endobj',
    'xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000058 00000 n ',
    'trailer << /Size 3 /Root 1 0 R >>',
    'startxref\n110\n%%EOF\n',
  ].join('\n'),
);

export interface Announced {
  readonly id: string;
  readonly upload: { readonly url: string; readonly headers: Readonly<Record<string, string>> };
}

/** Announces a document for these bytes. */
export async function announce({ api }: SignedInPerson, bytes: Buffer, change: object = {}): Promise<Announced> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { status, body } = await api.send<Announced>('POST', '/account/qualification/documents', {
    kind: 'company_registration',
    content_type: 'application/pdf',
    bytes: bytes.length,
    sha256,
    ...change,
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body;
}

/** Sends bytes to where a document was announced; answers S3's status. */
export async function upload({ upload: { url, headers } }: Announced, bytes: Buffer): Promise<number> {
  const { 'content-length': _, ...others } = headers;
  return (await fetch(url, { method: 'PUT', headers: others, body: new Uint8Array(bytes) })).status;
}

/** The body of a submission of these documents. */
export const submissionOf = (...documents: string[]): object => ({
  ...submitQualification.example.body,
  documents,
});

/** An account that was registered and verified, by its owner. */
export async function verified(platform: Platform, person: SignedInPerson): Promise<string> {
  const { body } = await person.api.send<{ id: string }>('POST', '/account', registrationOf(person.email));
  const code = await codeFor(platform, person.email);
  await person.api.send('POST', '/account/email/confirmation', { code });
  return body.id;
}

/** An account that waits for a reviewer. */
export async function submitted(platform: Platform, person: SignedInPerson): Promise<string> {
  const accountId = await verified(platform, person);
  const document = await announce(person, PDF);
  await upload(document, PDF);
  await person.api.send('POST', '/account/qualification', submissionOf(document.id));
  return accountId;
}
