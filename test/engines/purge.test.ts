/** The purge of an account over the product's own tables and buckets, cut off after every single write, and with holds. */

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateMultipartUploadCommand,
  GetObjectLegalHoldCommand,
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { FORGET_METHOD_MS, LAST_PASS_MS } from '../../functions/catalogue/terminations.ts';
import { createS3 } from '../../lib/local/s3/s3.ts';
import {
  allRows,
  type Leaving,
  leavingAccount,
  objectsLeft,
  putObjects,
  putRows,
  saying,
} from '../support/leaving-account.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';

type Advance = typeof import('../../functions/termination/advance-command.ts');
type Dependencies = Parameters<Advance['advanceTermination']>[0];
type Request = Parameters<Dependencies['certify']>[0];

let product: ProductTables;
let advance: Advance;
let holds: typeof import('../../functions/termination/holds-command.ts');
let s3: S3Client;
let documents: DynamoDBDocumentClient;
let buckets: Record<'media' | 'documents' | 'exports', string>;

beforeAll(async () => {
  product = await startProductTables([createS3]);
  // As the template makes them: test/template/data.test.ts.
  const Rules = [
    { Id: 'purged', Status: 'Enabled', ExpirationInDays: 1, TagFilters: [{ Key: 'purge', Value: 'true' }] },
    {
      Id: 'leftovers',
      Status: 'Enabled',
      ExpiredObjectDeleteMarker: true,
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    },
  ];
  const versioned = { VersioningConfiguration: { Status: 'Enabled' }, ObjectLockEnabled: true };
  const locked = { ...versioned, LifecycleConfiguration: { Rules } };
  buckets = {
    media: (await product.cloud.make('AWS::S3::Bucket', 'Media', locked)).ref,
    documents: (await product.cloud.make('AWS::S3::Bucket', 'Documents', locked)).ref,
    exports: (await product.cloud.make('AWS::S3::Bucket', 'AccountExports', {})).ref,
  };
  s3 = new S3Client(product.cloud.client);
  documents = DynamoDBDocumentClient.from(new DynamoDBClient(product.cloud.client));
  advance = await import('../../functions/termination/advance-command.ts');
  holds = await import('../../functions/termination/holds-command.ts');
}, 60_000);
afterAll(async () => {
  s3?.destroy();
  documents?.destroy();
  await product?.stop();
});
afterEach(() => vi.restoreAllMocks());

/** `npm run purge` goes through all of them. */
const EVERY = Number(process.env.PURGE_EVERY || 3);
const STARTED = Date.parse('2026-11-30T12:00:00Z');

/** What a world without faults would do with what only others have. */
interface World {
  readonly deletedUsers: string[];
  readonly deletedKeys: string[];
  readonly certified: { request: Request; items: unknown[] }[];
  now: number;
}
const newWorld = (): World => ({ deletedUsers: [], deletedKeys: [], certified: [], now: STARTED });

function dependenciesOf(world: World): Dependencies {
  return {
    tables: product.tables,
    buckets: Object.entries(buckets).map(([bucketClass, bucket]) => ({ bucketClass, bucket })),
    stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:none',
    mailFrom: 'from@platform.example',
    support: 'help@platform.example',
    now: () => world.now,
    random: size => crypto.getRandomValues(new Uint8Array(size)),
    isOver: () => false,
    deleteUser: async subject => void world.deletedUsers.push(subject),
    deleteGatewayKey: async keyId => void world.deletedKeys.push(keyId),
    offenderKey: async () => 'k'.repeat(64),
    async certify(request) {
      // As a certificate is issued: what is first under an id stays.
      if (world.certified.some(({ request: { certificateId } }) => certificateId === request.certificateId)) return;
      const items: unknown[] = [];
      for await (const item of request.items()) items.push(item);
      world.certified.push({ request, items });
    },
  };
}

let accounts = 0;

/** An account whose window to export is over. */
async function leaving({ jobs = 1, objects = 1, versions = 2, cause = 'user_request' } = {}): Promise<Leaving> {
  const account = leavingAccount(++accounts);
  await putRows(product.put, product.tables, account, { jobs });
  await putObjects(s3, buckets, account, { objects, versions });
  const { accountId, name } = account;
  const at = new Date(STARTED - 1).toISOString();
  await product.put(product.tables.core, {
    pk: `TERMINATION#${accountId}`,
    sk: 'TERMINATION',
    terminationId: `term_${accountId.slice(5)}`,
    terminationState: 'export_window',
    accountId,
    cause,
    reason: `${name} goes`,
    requestedBy: 'user_1',
    requestedAt: at,
    exportUntil: at,
    dueAt: at,
    revision: 0,
    holdsRevision: 0,
    rows: {},
  });
  return account;
}

const run = (world: World, { accountId }: Leaving) => advance.advanceTermination(dependenciesOf(world), accountId);

async function stateOf({ accountId }: Leaving): Promise<string> {
  const [item] = await product.items<{ terminationState: string }>(product.tables.core, `TERMINATION#${accountId}`);
  return item?.terminationState ?? 'none';
}

/** To the end, whatever cuts it off. */
async function toTheEnd(world: World, account: Leaving): Promise<void> {
  for (let runs = 0; (await stateOf(account)) !== 'certified'; runs++) {
    if (runs > 50) throw new Error(`it stays ${await stateOf(account)}`);
    await run(world, account);
    if ((await stateOf(account)) === 'last_pass') world.now += LAST_PASS_MS + 1;
  }
}

async function nothingIsLeft(account: Leaving): Promise<void> {
  expect(saying(await allRows(documents, product.tables), account)).toEqual([]);
  for (const bucket of Object.values(buckets)) expect(await objectsLeft(s3, bucket, account)).toEqual([]);
}

const WRITES = /^(Put|Update|Delete|TransactWrite|BatchWrite|Abort)/;

/** Counts writes of both clients, and ends the process after the `last` one, as far as it can be ended in a test. */
function crashAfter(last: number): { readonly writes: number } {
  const seen = { writes: 0, dead: false };
  for (const client of [DynamoDBDocumentClient, S3Client]) {
    const send = client.prototype.send as (...args: unknown[]) => Promise<unknown>;
    vi.spyOn(client.prototype, 'send').mockImplementation(async function (this: object, ...args: unknown[]) {
      if (seen.dead) throw new Error('dead');
      const answer = await send.apply(this, args);
      if (!WRITES.test((args[0] as object).constructor.name)) return answer;
      if (++seen.writes === last) seen.dead = true;
      if (seen.dead) throw new Error('killed after a write');
      return answer;
    } as never);
  }
  return seen;
}

const OPERATOR = {
  kind: 'person',
  id: 'staff_1',
  accountId: '',
  plan: '',
  roles: ['operator'],
  address: '',
  client: '',
} as const;

describe('a purge', () => {
  it('leaves nothing of an account but what it says stays, and certifies each version and each row that went once', async () => {
    const world = newWorld();
    const account = await leaving({ jobs: 45, objects: 6, versions: 3 });
    const other = await leaving();
    const before = saying(await allRows(documents, product.tables), other).length;

    await toTheEnd(world, account);

    await nothingIsLeft(account);
    const [{ request, items } = { request: undefined, items: [] }] = world.certified;
    expect(world.certified).toHaveLength(1);
    expect(request?.certificateId).toMatch(/^cert_[0-9A-Za-z]{26}$/);
    const of = (kind: string) => (items as { kind: string }[]).filter(item => item.kind === kind);
    // 6 videos of 3 versions and one document; every fifth video was deleted before.
    expect(of('object')).toHaveLength(6 * 3 + 1);
    expect(of('object')).toContainEqual(expect.objectContaining({ bucket: 'documents', sha256: 'd'.repeat(64) }));
    expect(of('other')).toEqual(
      expect.arrayContaining([
        { kind: 'other', what: 'sign-in of a person', count: 1 },
        { kind: 'other', what: 'upload in parts that was open', count: 1 },
      ]),
    );
    expect((items as { what?: string }[]).filter(({ what }) => what === 'delete marker in media')).toHaveLength(2);
    const rows = Object.fromEntries(
      (of('rows') as unknown as { table: string; of: string; count: number }[]).map(row => [
        `${row.table}/${row.of}`,
        row.count,
      ]),
    );
    expect(rows).toMatchObject({
      'jobs/JOB': 45,
      'jobs/IMAGE': 1,
      'jobs/SPEAKERS': 1,
      'idempotency/RECORD': 1,
      'core/KEY': 1,
      'core/PERSON': 1,
      'core/ACCOUNT': 1,
      'core/GATEWAY_KEY': 1,
      'core/TOP_UPS_DUE': 1,
      'core/RECTIFY_DUE': 2,
      'core/APPEALS_OPEN': 1,
      'core/CASES_OPEN': 1,
      'core/USE': 1,
      'core/PURCHASE reduced': 1,
      'audit/CALL': 1,
    });
    expect(world.deletedUsers).toEqual([account.accountId.slice(-8)]);
    expect(new Set(world.deletedKeys)).toEqual(new Set([`gw${account.accountId.slice(-6)}`]));
    // Another account's rows are as they were.
    expect(saying(await allRows(documents, product.tables), other)).toHaveLength(before);
  });

  it('comes to the same wherever it is killed: after every single write', { timeout: 300_000 }, async () => {
    const whole = newWorld();
    const seen = crashAfter(Number.POSITIVE_INFINITY);
    const first = await leaving();
    const began = seen.writes;
    await toTheEnd(whole, first);
    const writes = seen.writes - began;
    vi.restoreAllMocks();
    expect(writes).toBeGreaterThan(30);
    const expected = summaryOf(whole);

    for (let last = 1; last <= writes; last += EVERY) {
      const world = newWorld();
      const account = await leaving();
      const crash = crashAfter(last);
      await toTheEnd(world, account).catch(() => undefined);
      expect(crash.writes).toBe(last);
      vi.restoreAllMocks();
      await toTheEnd(world, account);
      await nothingIsLeft(account);
      expect([last, summaryOf(world)]).toEqual([last, expected]);
    }
  });

  it('takes what comes late with a last pass, which is after whatever began before', async () => {
    const world = newWorld();
    const account = await leaving();
    await run(world, account);
    expect(await stateOf(account)).toBe('last_pass');
    // A worker that was at it while its job was cancelled.
    const Key = `accounts/${account.accountId}/videos/1000000000000000/2/video.mp4`;
    await s3.send(new PutObjectCommand({ Bucket: buckets.media, Key, Body: account.name }));
    await run(world, account);
    expect(world.certified).toHaveLength(0);
    world.now += LAST_PASS_MS + 1;
    await run(world, account);
    expect(await stateOf(account)).toBe('certified');
    await nothingIsLeft(account);
    expect(world.certified[0]?.items).toContainEqual(expect.objectContaining({ key: Key }));
  });

  it('takes exports of the account, the open upload of one, and the volume that comes late', async () => {
    const world = newWorld();
    const account = await leaving();
    const { accountId, name } = account;
    const volume = (number: number) => ({
      Bucket: buckets.exports,
      Key: `accounts/${accountId}/exp_1/vol_${number}.zip`,
    });
    await s3.send(new PutObjectCommand({ ...volume(1), Body: name }));
    await s3.send(new CreateMultipartUploadCommand(volume(2)));
    // Of a hold that was lifted nothing is to be unlocked in a bucket without locks.
    const all = { id: accountId, kind: 'account', reason: 'a lawsuit' } as const;
    const hold = await holds.placeHold({ ...dependenciesOf(world), buckets }, OPERATOR, all);
    await holds.liftHold({ ...dependenciesOf(world), buckets }, OPERATOR, {
      id: accountId,
      hold_id: hold.holdId,
      reason: 'settled',
    });
    await run(world, account);
    expect(await stateOf(account)).toBe('last_pass');
    expect(await objectsLeft(s3, buckets.exports, account)).toEqual([]);
    // The machine was at it: without its export there is no volume after this one.
    await s3.send(new PutObjectCommand({ ...volume(2), Body: name }));
    await toTheEnd(world, account);
    await nothingIsLeft(account);
    const gone = world.certified[0]?.items.filter(item => (item as { bucket?: string }).bucket === 'exports');
    expect(gone).toHaveLength(2);
  });

  it('keeps a case of which an authority was told, with what it was told, for ten years, and no other', async () => {
    const world = newWorld();
    const account = await leaving();
    const { core } = product.tables;
    const { accountId, name } = account;
    const caseId = `case_of_${accountId}`;
    const createdAt = '2026-11-02T08:00:00.000Z';
    const { caseWrites, reportWrite } = await import('../../functions/risk/cases-store.ts');
    type Made = Parameters<typeof caseWrites>[1];
    const made = { caseId, accountId, createdAt, state: 'open' } as Made;
    const told = { caseId, reportId: 'rep_1', text: name } as Parameters<typeof reportWrite>[1];
    const untold = { ...made, caseId: `case_untold_${accountId}` };
    const writes = [...Object.values(caseWrites(core, made)), ...Object.values(caseWrites(core, untold))];
    for (const { Put } of [...writes, reportWrite(core, told)]) await product.put(core, Put?.Item ?? {});
    await toTheEnd(world, account);
    await nothingIsLeft(account);
    const until = Math.floor(STARTED / 1000) + 10 * 365 * 86_400;
    const kept = await product.items<{ sk: string; text?: string; expiresAt: number }>(core, `CASE#${caseId}`);
    expect(kept.map(({ sk, text, expiresAt }) => [sk, text, expiresAt])).toEqual([
      ['CASE', undefined, until],
      ['REPORT#rep_1', name, until],
    ]);
    expect(await product.items(core, `CASE#case_${accountId}`)).toEqual([]);
    expect(await product.items(core, `CASE#${untold.caseId}`)).toEqual([]);
    expect(world.certified[0]?.request.stayed.map(({ what }) => what).join()).toContain('reports to an authority');
  });

  it('has Stripe forget the saved method, waits a day for it, and says in the certificate where it did not', async () => {
    const { topUpDue } = await import('../../functions/payments/top-up-command.ts');
    const forgotten: string[] = [];
    const world = newWorld();
    const topUp = (isDown: boolean) =>
      topUpDue({
        ...dependenciesOf(world),
        pricing: { taxBy: 'nobody' },
        charging: async () => ({
          forgetMethods: async (methods: readonly string[]) => {
            if (isDown) throw new Error('Stripe is down');
            forgotten.push(...methods);
          },
        }),
      } as unknown as Parameters<typeof topUpDue>[0]);
    const saved = async () => {
      const account = await leaving();
      await product.put(product.tables.core, {
        pk: `ACCOUNT#${account.accountId}`,
        sk: 'AUTO_TOP_UP',
        accountId: account.accountId,
        revision: 3,
        customerId: `cus_${account.accountId}`,
        method: { methodId: `pm_${account.accountId}`, type: 'card', savedBy: account.name, savedAt: 'x' },
      });
      return account;
    };
    const [one, other] = [await saved(), await saved()];
    const method = `pm_${one.accountId}`;
    await run(world, one);
    expect(await stateOf(one)).toBe('purging');
    await expect(topUp(true)).rejects.toThrow('could not be topped up');
    world.now += 6 * 60_000;
    await run(world, one);
    expect([await stateOf(one), forgotten]).toEqual(['purging', []]);
    await topUp(false);
    expect(forgotten).toEqual([method]);
    world.now += 6 * 60_000;
    await toTheEnd(world, one);
    await nothingIsLeft(one);
    expect(world.certified[0]?.request.stayed.filter(({ until }) => until === null)).toEqual([]);

    await run(world, other);
    world.now += FORGET_METHOD_MS - 1_000;
    await run(world, other);
    expect(await stateOf(other)).toBe('purging');
    world.now += 6 * 60_000;
    await toTheEnd(world, other);
    await nothingIsLeft(other);
    expect(forgotten).toEqual([method]);
    const said = world.certified[1]?.request.stayed.filter(({ until }) => until === null);
    expect(said).toEqual([expect.objectContaining({ what: expect.stringMatching(/^1 payment method saved/) })]);
  });

  it('pays back what was bought and not used, ends gifts, and waits for the credit note before the account goes', async () => {
    const { grant, purchase } = await import('../../functions/credits/ledger.ts');
    const { entryWrite } = await import('../../functions/credits/ledger-store.ts');
    const { documentIdOf } = await import('../../functions/invoices/document.ts');
    const world = newWorld();
    const account = await leaving();
    const { accountId } = account;
    const { core, ledger } = product.tables;
    const bought = purchase(
      '1',
      1_000,
      { amount: 999, currency: 'usd', reference: 'pi_1' },
      { reason: account.name, reference: 'r' },
    );
    for (const entry of [bought, grant('1', 50)]) {
      await product.put(ledger, entryWrite(ledger, accountId, entry, STARTED - 86_400_000).Put?.Item ?? {});
    }
    const [row] = (await product.items<Record<string, unknown>>(core, `ACCOUNT#${accountId}`)).filter(
      ({ sk }) => sk === 'ACCOUNT',
    );
    await product.put(core, { ...row, available: 1_050 });

    await run(world, account);
    expect(await stateOf(account)).toBe('purging');
    type Booked = import('../../functions/credits/ledger-store.ts').BookedEntry & { pk: string };
    const entries = await product.items<Booked>(ledger, accountId);
    const refunds = entries.filter(({ kind }) => kind === 'refund');
    expect(refunds).toHaveLength(1);
    expect(refunds[0]?.money).toMatchObject({ amount: -999, currency: 'usd' });
    expect(entries.filter(({ kind }) => kind === 'expiry')).toHaveLength(1);
    const due = (await product.items<{ kind: string; accountId: string }>(core, 'PAYMENT_EXCEPTIONS')).filter(
      one => one.accountId === accountId,
    );
    expect(due).toEqual([expect.objectContaining({ kind: 'refund_due', subject: refunds[0]?.id })]);
    const [left] = (await product.items<Record<string, unknown>>(core, `ACCOUNT#${accountId}`)).filter(
      ({ sk }) => sk === 'ACCOUNT',
    );
    expect(left?.available).toBe(0);

    world.now += 6 * 60_000;
    await run(world, account);
    expect(await stateOf(account)).toBe('purging');
    world.now += 6 * 60_000;
    const [note] = refunds;
    const invoiceId = note && documentIdOf(accountId, note);
    await product.put(core, {
      pk: `ACCOUNT#${accountId}`,
      sk: `INVOICE#${invoiceId}`,
      invoiceId,
      accountId,
      pdf: { sha256: 'x', bytes: 1 },
    });
    await toTheEnd(world, account);
    await nothingIsLeft(account);
  });

  it('keeps of a terminated offender a keyed hash of the address, and of others nothing', async () => {
    const { isOffender } = await import('../../functions/accounts/offenders-store.ts');
    const known = (account: Leaving, key = 'k'.repeat(64)) => isOffender(product.tables.core, key, account.email);
    const [offender, guest] = [await leaving({ cause: 'violation' }), await leaving()];
    for (const account of [offender, guest]) await toTheEnd(newWorld(), account);
    expect(await known(offender)).toBe(true);
    expect(await known({ ...offender, email: offender.email.toUpperCase() })).toBe(true);
    expect(await known(offender, 'another'.repeat(10))).toBe(false);
    expect(await known(guest)).toBe(false);
    await nothingIsLeft(offender);
  });
});

/** What the certificate says, without ids of its own. */
function summaryOf({ certified }: World): unknown {
  const items = certified.at(-1)?.items as {
    kind: string;
    count?: number;
    table?: string;
    of?: string;
    what?: string;
  }[];
  const objects = items.filter(({ kind }) => kind === 'object').length;
  const others = items.filter(({ kind, what }) => kind !== 'object' && !what?.startsWith('upload'));
  return { objects, others: others.map(({ kind, table, of, what, count }) => [kind, table, of, what, count]) };
}

describe('a hold', () => {
  const held = (world: World) => ({ ...dependenciesOf(world), buckets });
  const video = (index: number) => String(1_000_000_000_000_000 + index);

  it('keeps exactly what it names, and the purge goes on by itself once the last is lifted', async () => {
    const world = newWorld();
    const account = await leaving({ objects: 4, jobs: 4 });
    const id = account.accountId;
    const placing = { id, kind: 'video', target_id: video(2), reason: 'a complaint' } as const;
    const first = await holds.placeHold(held(world), OPERATOR, placing);
    const named = { ...placing, target_id: `video_${video(2)}` };
    const second = await holds.placeHold(held(world), OPERATOR, named);
    expect(second).toMatchObject({ kind: 'video', targetId: video(2) });

    await run(world, account);
    expect(await stateOf(account)).toBe('held');
    const folder = `accounts/${id}/videos/${video(2)}/1/video.mp4`;
    const left = await objectsLeft(s3, buckets.media, account);
    expect(new Set(left)).toEqual(new Set([folder]));
    expect(left).toHaveLength(2);
    expect(await objectsLeft(s3, buckets.documents, account)).toEqual([]);
    expect((await product.items<{ sk: string }>(product.tables.jobs, id)).map(({ sk }) => sk)).toEqual([
      `JOB#${video(2)}`,
    ]);
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: buckets.media, Prefix: folder }));
    const locks = Versions.map(async ({ VersionId }) => {
      const locked = { Bucket: buckets.media, Key: folder, VersionId };
      return (await s3.send(new GetObjectLegalHoldCommand(locked))).LegalHold?.Status;
    });
    expect(await Promise.all(locks)).toEqual(['ON', 'ON']);
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: buckets.media, Key: folder }));
    expect(TagSet).toEqual([]);

    await holds.liftHold(held(world), OPERATOR, { id, hold_id: first.holdId, reason: 'settled' });
    await run(world, account);
    expect(await stateOf(account)).toBe('held');
    expect(await objectsLeft(s3, buckets.media, account)).toHaveLength(2);

    await holds.liftHold(held(world), OPERATOR, { id, hold_id: second.holdId, reason: 'settled too' });
    await toTheEnd(world, account);
    await nothingIsLeft(account);
  });

  it('on all of an account lets nothing go', async () => {
    const world = newWorld();
    const account = await leaving();
    const id = account.accountId;
    const rows = (await product.items(product.tables.jobs, id)).length;
    const objects = (await objectsLeft(s3, buckets.media, account)).length;
    const hold = await holds.placeHold(held(world), OPERATOR, { id, kind: 'account', reason: 'a lawsuit' });
    await run(world, account);
    expect(await stateOf(account)).toBe('held');
    expect(await product.items(product.tables.jobs, id)).toHaveLength(rows);
    expect(await objectsLeft(s3, buckets.media, account)).toHaveLength(objects);
    await holds.liftHold(held(world), OPERATOR, { id, hold_id: hold.holdId, reason: 'it is over' });
    await toTheEnd(world, account);
    await nothingIsLeft(account);
  });

  it('that comes while a purge is at work keeps what is there from its answer on', async () => {
    const world = newWorld();
    const account = await leaving({ objects: 3 });
    const id = account.accountId;
    const crash = crashAfter(6);
    await run(world, account).catch(() => undefined);
    expect(crash.writes).toBe(6);
    vi.restoreAllMocks();
    expect(await stateOf(account)).toBe('purging');
    world.now += 60_000;
    await holds.placeHold(held(world), OPERATOR, { id, kind: 'account', reason: 'a lawsuit' });
    const there = await objectsLeft(s3, buckets.media, account);
    expect(there.length).toBeGreaterThan(0);
    await run(world, account);
    expect(await stateOf(account)).toBe('held');
    expect(await objectsLeft(s3, buckets.media, account)).toEqual(there);
  });

  it('of what is not there is refused, and so is one on an account that is gone', async () => {
    const world = newWorld();
    const account = await leaving();
    const id = account.accountId;
    const place = (target: string) =>
      holds.placeHold(held(world), OPERATOR, { id, kind: 'video', target_id: target, reason: 'x y z' });
    await expect(place('1')).rejects.toMatchObject({ kind: 'not_found', field: 'target_id' });
    await toTheEnd(world, account);
    await expect(place(video(0))).rejects.toMatchObject({ kind: 'not_found', field: 'id' });
  });
});

/** Last, as it moves the time of the buckets. */
it('tags what stands before it deletes it, so that rules end what a purge that never came back has left', async () => {
  const world = newWorld();
  const account = await leaving({ objects: 2 });
  const tagged: string[] = [];
  const send = S3Client.prototype.send as (...args: unknown[]) => Promise<unknown>;
  vi.spyOn(S3Client.prototype, 'send').mockImplementation(async function (this: S3Client, ...args: unknown[]) {
    if ((args[0] as object).constructor.name !== 'DeleteObjectsCommand') return send.apply(this, args);
    const Key = `accounts/${account.accountId}/videos/1000000000000001/1/video.mp4`;
    const found = (await send.call(this, new GetObjectTaggingCommand({ Bucket: buckets.media, Key }))) as {
      TagSet: object[];
    };
    tagged.push(JSON.stringify(found.TagSet));
    throw new Error('never came back');
  } as never);
  await expect(run(world, account)).rejects.toThrow('never came back');
  expect(tagged).toEqual([JSON.stringify([{ Key: 'purge', Value: 'true' }])]);
  vi.restoreAllMocks();
  const left = async () => [
    ...(await objectsLeft(s3, buckets.media, account)),
    ...(await objectsLeft(s3, buckets.documents, account)),
  ];
  expect(await left()).not.toEqual([]);
  // A marker on the first midnight, what it left noncurrent on another, and then the marker alone.
  const dayLater = async () => {
    product.cloud.clock.advance(86_400_000);
    return left();
  };
  await expect.poll(dayLater, { timeout: 20_000, interval: 300 }).toEqual([]);
});
