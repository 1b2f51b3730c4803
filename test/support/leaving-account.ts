/** An account with something of every kind that the product stores of one, to see what a purge leaves of it. */
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { sortable } from '../../functions/runtime/ids.ts';

type Put = (table: string, item: object) => Promise<unknown>;
type Tables = Readonly<Record<'core' | 'jobs' | 'ledger' | 'idempotency' | 'audit', string>>;

export interface Leaving {
  readonly accountId: string;
  readonly email: string;
  readonly name: string;
  readonly company: string;
}

export const leavingAccount = (number: number): Leaving => ({
  accountId: `acct_019f2a6a0c00Leaving${String(number).padStart(7, '0')}`,
  email: `grete.vogelsang.${number}@leaving.example`,
  name: `Grete Vogelsang${number}`,
  company: `Vogelsang${number} Lichtspiele GmbH`,
});

/** What identifies it, as text that must be gone: its own id is looked for apart. */
export const wordsOf = ({ email, name, company }: Leaving): string[] => [
  email,
  name,
  company,
  email.toLowerCase(),
  name.toLowerCase(),
];

const AT = '2026-11-01T08:00:00.000Z';

/** Rows of every kind, in the tables. `jobs` is how many videos there are. */
export async function putRows(put: Put, tables: Tables, leaving: Leaving, { jobs }: { jobs: number }): Promise<void> {
  const { accountId, email, name, company } = leaving;
  const pk = `ACCOUNT#${accountId}`;
  const personId = `user_${accountId.slice(-8)}`;
  const core: object[] = [
    {
      sk: 'ACCOUNT',
      accountId,
      accountNumber: 1,
      name,
      email,
      emailVerifiedAt: AT,
      company: { name: company, registration_number: 'HRB 1', address: 'Am Sande 1' },
      status: 'terminating',
      plan: 'trial',
      available: 0,
      held: 0,
      running: 0,
      listed: 'ACCOUNTS',
      createdAt: AT,
    },
    { sk: `MEMBER#${personId}`, personId },
    { sk: `MAIL#mail_${accountId}`, mailId: `mail_${accountId}`, fields: { name }, createdAt: AT },
    { sk: 'DAY#2026-11-01', generations: 3 },
    { sk: 'USAGE#2026-11-01', count: 3 },
    { sk: 'KEYS', hashes: { key_1: 'a' } },
    { sk: 'STREAMS' },
    { sk: 'GATEWAY#trial', gatewayKeyId: `gw${accountId.slice(-6)}`, gatewayKeyValue: 'secret' },
    { sk: 'EMAIL#verify', email, codeHash: 'x' },
    { sk: 'TERMS#2026-01-01', acceptedBy: personId, address: '203.0.113.7' },
    { sk: 'DOCUMENT#doc_1', documentId: 'doc_1', sha256: 'd'.repeat(64), fileName: `${name}.pdf` },
    { sk: 'SUBMISSION#000001', facts: { name, company } },
    { sk: 'ALERT#a1', subject: name },
    { sk: 'USE#ACCOUNT', revision: 1 },
    { sk: 'STANDING', points: {}, revision: 1 },
    { sk: 'AUTO_TOP_UP', accountId, revision: 1, customerId: `cus_${accountId}` },
    { sk: 'VIOLATION#viol_1', id: 'viol_1', evidence: name, rectifyBy: AT },
    { sk: 'MEASURE#meas_1', id: 'meas_1', reason: name, rectifyBy: AT },
    { sk: 'APPEAL#viol_1', accountId, subject: 'viol_1', text: name, createdAt: AT, state: 'open' },
    { sk: `TOP_UP_DUE#${AT}`, accountId, at: AT },
    { sk: `CASE#case_${accountId}`, caseId: `case_${accountId}`, createdAt: AT },
    { sk: 'BOOKING#grant#1', terms: name },
    { sk: 'INVOICE#inv_1', accountId, customer: { name: company }, pdf: { sha256: 'x', bytes: 1 } },
    { sk: 'PURCHASE#pur_1', accountId, createdBy: personId, checkoutUrl: `https://pay.example/${email}` },
  ];
  for (const item of core) await put(tables.core, { pk, ...item });
  await put(tables.core, {
    pk: `PERSON#${personId}`,
    sk: 'PERSON',
    personId,
    accountId,
    state: 'active',
    createdAt: AT,
  });
  await put(tables.core, { pk: `KEY#hash${accountId}`, sk: 'KEY', keyId: 'key_1', accountId, name: `${name}'s key` });
  for (const [by, text] of [
    ['email', email],
    ['name', name.toLowerCase()],
    ['company', company.toLowerCase()],
  ] as const) {
    const find = { pk: `FIND#${by}`, sk: `${text}#${accountId}` };
    await put(tables.core, { ...find, text, foundAccount: accountId });
    await put(tables.core, { pk, sk: `${find.pk}#${find.sk}`, find });
  }
  const listed = [
    { pk: 'TOP_UPS_DUE', sk: `${AT}#${accountId}`, at: AT },
    { pk: 'RECTIFY_DUE', sk: `${AT}#${accountId}#viol_1`, by: AT, subject: 'viol_1' },
    { pk: 'RECTIFY_DUE', sk: `${AT}#${accountId}#meas_1`, by: AT, subject: 'meas_1' },
    {
      pk: 'APPEALS_OPEN',
      sk: `${AT}#${accountId}#viol_1`,
      text: name,
      createdAt: AT,
      subject: 'viol_1',
      state: 'open',
    },
    { pk: 'CASES_OPEN', sk: `${AT}#case_${accountId}`, state: 'open' },
    { pk: `CASE#case_${accountId}`, sk: 'CASE', caseId: `case_${accountId}`, state: 'open', createdAt: AT },
  ];
  for (const item of listed) await put(tables.core, { accountId, ...item });
  await put(tables.core, { pk: 'FINANCE#GATEWAY_KEYS', sk: `gw${accountId.slice(-6)}`, accountId });
  for (let index = 0; index < jobs; index++) {
    const id = sortable(1_000_000_000_000_000 + index);
    const request = { function: 'text_to_video', prompt: `${name} waves` };
    await put(tables.jobs, {
      pk: accountId,
      sk: `JOB#${id}`,
      accountId,
      jobId: Number(id),
      state: 'succeeded',
      request,
    });
  }
  const image = sortable(2_000_000_000_000_001);
  await put(tables.jobs, { pk: accountId, sk: `IMAGE#${image}`, accountId, imageId: Number(image) });
  await put(tables.jobs, { pk: accountId, sk: 'SPEAKERS', speakers: [{ name }] });
  await put(tables.jobs, { pk: accountId, sk: 'EVENT#evt_1', type: 'video.succeeded', jobId: 1, at: AT });
  await put(tables.idempotency, { pk: `${accountId}#${name}`, accountId, requestHash: 'h', expiresAt: 9_999_999_999 });
  const actor = { accountId, at: AT, actorKind: 'person', actorId: personId, address: '203.0.113.7' };
  for (const eventId of ['evt_1', 'evt_2']) {
    const event = { eventId, ...actor, action: 'account.changed', subject: name, detail: { email } };
    await put(tables.audit, { pk: accountId, sk: `EVENT#${eventId}`, ...event });
  }
  await put(tables.audit, {
    pk: `CALLS#${accountId}`,
    sk: 'EVENT#evt_3',
    eventId: 'evt_3',
    ...actor,
    action: 'call.made',
  });
}

/** Objects with versions and delete markers, and an upload in parts that nobody ends. */
export async function putObjects(
  s3: S3Client,
  buckets: Readonly<Record<'media' | 'documents', string>>,
  { accountId, name }: Leaving,
  { objects, versions }: { objects: number; versions: number },
): Promise<void> {
  for (let index = 0; index < objects; index++) {
    const Key = `accounts/${accountId}/videos/${sortable(1_000_000_000_000_000 + index)}/1/video.mp4`;
    for (let version = 0; version < versions; version++) {
      await s3.send(new PutObjectCommand({ Bucket: buckets.media, Key, Body: `${name} ${version}` }));
    }
    if (index % 5 === 0) await s3.send(new DeleteObjectCommand({ Bucket: buckets.media, Key }));
  }
  await s3.send(new PutObjectCommand({ Bucket: buckets.documents, Key: `accounts/${accountId}/doc_1`, Body: name }));
  const upload = { Bucket: buckets.media, Key: `accounts/${accountId}/media/open` };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(upload));
  await s3.send(new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: name }));
}

/** Every row of the tables, with the name of its table. */
export async function allRows(client: DynamoDBDocumentClient, tables: Readonly<Record<string, string>>) {
  const rows: { table: string; row: Record<string, unknown> }[] = [];
  for (const [table, TableName] of Object.entries(tables)) {
    for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true }))
      rows.push(...Items.map(row => ({ table, row })));
  }
  return rows;
}

/** What is there of an account in a bucket: versions, delete markers, open uploads. */
export async function objectsLeft(s3: S3Client, Bucket: string, { accountId }: Leaving): Promise<string[]> {
  const Prefix = `accounts/${accountId}/`;
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix }));
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix }));
  return [...Versions, ...DeleteMarkers, ...Uploads].map(({ Key = '' }) => Key);
}

/** Kinds of rows in which the account's id may stand after a purge, as `STAYS` says. */
const STAYING = [
  /^core TERMINATION#\S+ TERMINATION$/,
  /^core HOLD#\S+ hold_/,
  /^core ACCOUNT#\S+ (INVOICE|PURCHASE)#/,
  /^core LOTS#/,
  /^core CASE#\S+ /,
  /^core (PAYMENT_EXCEPTIONS|PAYMENT#|EXCEPTION#|ISSUED#)/,
  /^ledger /,
  /^audit \S+ EVENT#/,
  /^seals /,
];

/** Rows that say what nothing may say any more, each as its table and key. */
export function saying(rows: readonly { table: string; row: Record<string, unknown> }[], leaving: Leaving): string[] {
  return rows.flatMap(({ table, row }) => {
    const text = JSON.stringify(row);
    const key = `${table} ${row.pk} ${row.sk ?? ''}`;
    const isBook = / (INVOICE|REPORT)#/.test(key);
    const says = wordsOf(leaving).some(word => text.includes(word)) && !isBook;
    const named = text.includes(leaving.accountId) && !STAYING.some(staying => staying.test(key));
    return says || named ? [key] : [];
  });
}
