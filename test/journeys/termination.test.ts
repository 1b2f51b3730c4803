/**
 * 7.2a, 7.2b: an account that ends, over the running platform: what runs, an upload that is open, a worker that comes late, a
 * withdrawal, a new account of the same people; and nothing of it is left in any table, bucket or file. A platform of its own:
 * its time is moved, and its folder is searched. `npm run purge` is the long form: PURGE_OBJECTS objects, and PURGE_KILLS kills.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateMultipartUploadCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAccount } from '../../bin/local/seed.ts';
import { ApiClient, SMALL } from '../support/api-client.ts';
import {
  allRows,
  type Leaving,
  leavingAccount,
  objectsLeft,
  putObjects,
  putRows,
  saying,
} from '../support/leaving-account.ts';
import { personOf, type SignedInPerson } from '../support/people.ts';
import { Platform } from '../support/platform.ts';
import { descendantsOf, isAlive } from '../support/processes.ts';
import { Started } from '../support/start.ts';
import { unlistedItems } from '../support/unlisted-items.ts';

const KILLS = Number(process.env.PURGE_KILLS || 0);
const OBJECTS = Number(process.env.PURGE_OBJECTS || 5_000);
const VERSIONS = 4;
const DAY_MS = 24 * 3600_000;

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly certificate_id: string | null;
  readonly export_until: string | null;
}

const NAME = 'Grete Vogelsang';

/** Files of the folder that hold one of the words, each with the word. E-mails that were delivered are their readers', and so is the note of their delivery. */
function filesWith(folder: string, words: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap(name => {
    const path = join(folder, name);
    if (!statSync(path).isFile() || name.startsWith('mail/')) return [];
    const bytes = readFileSync(path);
    const held = words.filter(word => bytes.includes(word));
    if (held.length === 0 || !name.startsWith('logs/')) return held.map(word => `${name}: ${word}`);
    const lines = bytes.toString().split('\n');
    return lines.filter(line => !line.includes('ses.delivered') && held.some(word => line.includes(word)));
  });
}

describe.skipIf(KILLS > 0)('an account that ends', () => {
  let platform: Platform;
  let owner: SignedInPerson;
  let operator: SignedInPerson;
  let accountId: string;
  let api: ApiClient;
  let documents: DynamoDBDocumentClient;
  let s3: S3Client;
  let media: string;

  beforeAll(async () => {
    platform = await Platform.start();
    operator = await personOf(platform, 'operator');
    owner = await personOf(platform, 'developer');
    const { subject, email } = owner;
    const opened = await openAccount(platform.cloud, {
      name: NAME,
      plan: 'scale',
      credits: 10_000,
      owner: { subject, email },
    });
    accountId = opened.accountId;
    api = new ApiClient(platform.cloud.apiUrl, opened.apiKey);
    documents = DynamoDBDocumentClient.from(new DynamoDBClient(platform.cloud.client));
    s3 = new S3Client(platform.cloud.client);
    media = platform.output('MediaBucket');
  }, 120_000);
  afterAll(async () => {
    s3?.destroy();
    documents?.destroy();
    await platform?.stop();
  });

  const advance = () => platform.operate<{ failed: number }>('AdvanceTerminationsFunction', {});
  const read = async () => (await owner.api.send<Shown>('GET', '/account/termination')).body;

  /** What waits until then is due. */
  async function due(id: string, ...fields: string[]): Promise<void> {
    const past = new Date(Date.now() - 1).toISOString();
    await documents.send(
      new UpdateCommand({
        TableName: platform.table('Core'),
        Key: { pk: `TERMINATION#${id}`, sk: 'TERMINATION' },
        UpdateExpression: `SET ${['dueAt', ...fields].map(field => `${field} = :past`).join(', ')}`,
        ExpressionAttributeValues: { ':past': past },
      }),
    );
  }

  async function termination(id: string): Promise<Record<string, unknown>> {
    const Key = { pk: `TERMINATION#${id}`, sk: 'TERMINATION' };
    const { Item = {} } = await documents.send(
      new GetCommand({ TableName: platform.table('Core'), Key, ConsistentRead: true }),
    );
    return Item;
  }

  const approve = (id: string) =>
    operator.api.send<Shown>('POST', `/operators/accounts/${id}/termination/decision`, {
      decision: 'approve',
      reason: 'as asked',
    });

  it('is withdrawn within its window, and is what it was before', { timeout: 60_000 }, async () => {
    const person = await personOf(platform, 'developer');
    const { subject, email } = person;
    const opened = await openAccount(platform.cloud, {
      name: 'Goes And Stays',
      plan: 'scale',
      credits: 100,
      owner: { subject, email },
    });
    const own = new ApiClient(platform.cloud.apiUrl, opened.apiKey);
    const asked = await person.api.send<Shown>('POST', '/account/termination', {});
    expect([asked.status, asked.body.state]).toEqual([200, 'requested']);
    await approve(opened.accountId);
    await advance();
    expect(await own.send('GET', '/openapi/v2/account/balance')).toMatchObject({ status: 401, ErrCode: 400012 });
    const back = await person.api.send<Shown>('DELETE', '/account/termination');
    expect([back.status, back.body.state]).toEqual([200, 'withdrawn']);
    expect((await own.send('GET', '/openapi/v2/account/balance')).status).toBe(200);
  });

  it('is ordered by two operators and never by one', { timeout: 60_000 }, async () => {
    const { accountId: id } = await platform.customer();
    const order = { cause: 'violation', reason: 'the third time' };
    const send = (who: SignedInPerson) => who.api.send<Shown>('POST', `/operators/accounts/${id}/termination`, order);
    expect((await send(operator)).body.state).toBe('proposed');
    expect((await send(operator)).body.state).toBe('proposed');
    const second = await personOf(platform, 'operator');
    expect((await send(second)).body.state).toBe('closing');
  });

  it('is ordered by the ladder of standing, by two operators too, and begins by itself', {
    timeout: 60_000,
  }, async () => {
    const { accountId: id } = await platform.customer();
    const decide = (who: SignedInPerson, body: object) =>
      who.api.send('POST', `/operators/accounts/${id}/standing`, body);
    const second = await personOf(platform, 'operator');
    const reason = 'Films of a person who did not agree, again.';
    expect((await decide(operator, { action: 'suspend', urgent: true, reason })).status).toBe(200);
    expect((await decide(operator, { action: 'terminate', reason })).status).toBe(200);
    expect(await termination(id)).toEqual({});
    expect((await decide(second, { action: 'terminate', reason })).status).toBe(200);
    const begun = async () => {
      const { cause, reason: why, terminationState } = await termination(id);
      return { cause, why, isBegun: terminationState === 'closing' || terminationState === 'export_window' };
    };
    await expect.poll(begun, { timeout: 20_000 }).toEqual({ cause: 'violation', why: reason, isBegun: true });
  });

  it('refuses calls at once, stops and refunds what runs, and leaves its people time to export', {
    timeout: 120_000,
  }, async () => {
    const made = await api.generate({ ...SMALL, prompt: `${NAME} waves` });
    await api.ended(made.Resp.video_id, 60_000);
    const before = await api.balance();
    const running = await api.generate({ ...SMALL, prompt: `${NAME} runs`, duration: 8 });
    expect(running.ErrCode).toBe(0);

    expect((await owner.api.send<Shown>('POST', '/account/termination', { reason: `${NAME} moves on` })).status).toBe(
      200,
    );
    expect((await approve(accountId)).body.state).toBe('closing');
    expect(await api.send('GET', '/openapi/v2/account/balance')).toMatchObject({ status: 401, ErrCode: 400012 });

    await advance();
    const { state, export_until } = await read();
    expect(state).toBe('export_window');
    expect(Date.parse(export_until ?? '')).toBeGreaterThan(Date.now() + 29 * DAY_MS);
    const account = (await owner.api.send<{ status: string }>('GET', '/account')).body;
    expect(account.status).toBe('terminating');
    const core = (await platform.everything('Core')).find(
      ({ pk, sk }) => pk === `ACCOUNT#${accountId}` && sk === 'ACCOUNT',
    );
    expect(core).toMatchObject({ running: 0, held: 0 });
    expect(core).not.toHaveProperty('gatewayKeyId');
    expect(core?.available).toBe(before);
  });

  it('leaves nothing, whatever comes late, and a certificate that says so', { timeout: 240_000 }, async () => {
    const upload = { Bucket: media, Key: `accounts/${accountId}/media/open` };
    await s3.send(new CreateMultipartUploadCommand(upload));
    await due(accountId, 'exportUntil');
    for (let runs = 0; (await termination(accountId)).terminationState !== 'last_pass'; runs++) {
      if (runs > 10) throw new Error(JSON.stringify(await termination(accountId)));
      await advance();
    }
    // A worker that was at it.
    await s3.send(
      new PutObjectCommand({ Bucket: media, Key: `accounts/${accountId}/videos/late/1/video.mp4`, Body: NAME }),
    );
    await due(accountId, 'lastPassAt');
    await advance();
    const over = await termination(accountId);
    expect(over.terminationState).toBe('certified');
    expect(await objectsLeft(s3, media, { accountId } as Leaving)).toEqual([]);

    const certificate = await fetch(`${platform.cloud.apiUrl}/v1/certificates/${over.certificateId}`);
    expect(certificate.status).toBe(200);
    const text = await certificate.text();
    expect(text).not.toContain(accountId);

    const tables = Object.fromEntries(
      ['Core', 'Jobs', 'Ledger', 'Idempotency', 'Audit', 'Seals'].map(name => [
        name.toLowerCase(),
        platform.table(name),
      ]),
    );
    const gone = { accountId, email: owner.email, name: NAME, company: NAME };
    // Events of the audit trail are sealed and reduced; what the platform itself did since says no more than that.
    expect(saying(await allRows(documents, tables), gone)).toEqual([]);
    const verdict = await platform.operate<{ intact: boolean; faults: unknown[] }>('VerifyAuditFunction', {
      accountId,
    });
    expect(verdict.faults).toEqual([]);

    forgetMailbox(platform.dataDir);
    expect(filesWith(platform.dataDir, [NAME, owner.email])).toEqual([]);
  });

  it('is afterwards like one that never was: keys, tokens and ids', { timeout: 120_000 }, async () => {
    const shown = async (client: ApiClient, path: string) => {
      const { status, ErrCode, ErrMsg } = await client.send('GET', path);
      return { status, ErrCode, ErrMsg };
    };
    const never = new ApiClient(platform.cloud.apiUrl, `${api.key.slice(0, -1)}${api.key.endsWith('a') ? 'b' : 'a'}`);
    expect(await shown(api, '/openapi/v2/account/balance')).toEqual(await shown(never, '/openapi/v2/account/balance'));

    const stranger = await personOf(platform, 'developer');
    const told = async (person: SignedInPerson, path: string) => {
      const { status, body } = await person.api.send<{ detail: string }>('GET', path);
      return { status, detail: body.detail };
    };
    for (const path of ['/account', '/account/termination', '/keys'])
      expect([path, await told(owner, path)]).toEqual([path, await told(stranger, path)]);

    // The same people with the same address: another account, which has nothing.
    const again = await personOf(platform, 'developer');
    const opened = await openAccount(platform.cloud, {
      name: NAME,
      plan: 'scale',
      credits: 100,
      owner: { subject: again.subject, email: owner.email },
    });
    expect(opened.accountId).not.toBe(accountId);
    const own = new ApiClient(platform.cloud.apiUrl, opened.apiKey);
    const { body } = await again.api.send<{ data: unknown[] }>('GET', '/videos');
    expect(body.data).toEqual([]);
    expect((await own.send('GET', '/openapi/v2/account/balance')).status).toBe(200);
  });

  it('leaves nothing in the tables that the inventory of personal data does not list', async () => {
    expect((await unlistedItems(platform)).unlisted).toEqual([]);
  });
});

if (KILLS > 0)
  describe('the purge of a large account', () => {
    it(`ends with nothing left through ${KILLS} kills of the platform`, { timeout: 4 * 3600_000 }, async () => {
      const dataDir = mkdtempSync(join(tmpdir(), 'mutoscope-purge-'));
      let running = await Started.start(dataDir);
      const account = leavingAccount(1);
      const { accountId } = account;
      try {
        const tools = () => toolsOf(running);
        let { documents, s3, lambda, tables, buckets } = tools();
        const put = (TableName: string, Item: object) => documents.send(new PutCommand({ TableName, Item }));
        await putRows(put, tables, account, { jobs: OBJECTS });
        await putObjects(s3, buckets, account, { objects: OBJECTS, versions: VERSIONS });
        const at = new Date(Date.now() - 1000).toISOString();
        const key = { pk: `TERMINATION#${accountId}`, sk: 'TERMINATION' };
        const item = {
          terminationId: `term_${accountId.slice(5)}`,
          accountId,
          cause: 'user_request',
          reason: account.name,
        };
        const times = { requestedAt: at, exportUntil: at, dueAt: at };
        await put(tables.core, {
          ...key,
          ...item,
          ...times,
          terminationState: 'export_window',
          revision: 0,
          holdsRevision: 0,
          rows: {},
        });
        let kills = 0;
        for (;;) {
          const { Item } = await documents.send(
            new GetCommand({ TableName: tables.core, Key: key, ConsistentRead: true }),
          );
          if (Item?.terminationState === 'certified') break;
          if (Item?.terminationState === 'last_pass') {
            await put(tables.core, { ...Item, lastPassAt: at, dueAt: at });
          }
          const call = lambda
            .send(new InvokeCommand({ FunctionName: running.local.outputs.AdvanceTerminationsFunction ?? '' }))
            .catch(() => undefined);
          if (kills === KILLS) {
            await call;
            continue;
          }
          await Promise.race([call, pause(Math.random() * 2_000)]);
          kills++;
          const processes = descendantsOf(running.child.pid ?? 0);
          await running.end('SIGKILL');
          await expect.poll(() => processes.filter(({ pid }) => isAlive(pid)), { timeout: 30_000 }).toEqual([]);
          running = await Started.start(dataDir);
          ({ documents, s3, lambda, tables, buckets } = tools());
        }
        expect(kills).toBe(KILLS);
        expect(saying(await allRows(documents, tables), account)).toEqual([]);
        for (const bucket of Object.values(buckets)) expect(await objectsLeft(s3, bucket, account)).toEqual([]);
        await running.end('SIGTERM');
        forgetMailbox(dataDir);
        // Its company stands on an invoice, which stays.
        expect(filesWith(dataDir, [account.email, account.name])).toEqual([]);
      } finally {
        await running.end('SIGKILL');
        rmSync(dataDir, { recursive: true, force: true });
      }
    });
  });

function toolsOf({ local }: Started) {
  const { region, credentials, awsEndpoints, outputs } = local;
  const at = (service: string) => ({
    region,
    credentials,
    endpoint: awsEndpoints[service] ?? awsEndpoints.dynamodb ?? '',
  });
  const table = (name: string): string => outputs[`${name}Table`] ?? '';
  return {
    documents: DynamoDBDocumentClient.from(new DynamoDBClient(at('dynamodb'))),
    s3: new S3Client({ ...at('s3'), forcePathStyle: true }),
    lambda: new LambdaClient({ ...at('lambda'), maxAttempts: 1 }),
    tables: {
      core: table('Core'),
      jobs: table('Jobs'),
      ledger: table('Ledger'),
      idempotency: table('Idempotency'),
      audit: table('Audit'),
      seals: table('Seals'),
    },
    buckets: { media: outputs.MediaBucket ?? '', documents: outputs.DocumentsBucket ?? '' },
  };
}

/** E-mails that were delivered are their readers'; records of streams end within a day. */
function forgetMailbox(dataDir: string): void {
  const database = new DatabaseSync(join(dataDir, 'cloud.sqlite'));
  database.exec(
    'PRAGMA secure_delete=ON; DELETE FROM ses_mail; DELETE FROM dynamodb_stream_records; PRAGMA wal_checkpoint(TRUNCATE)',
  );
  database.close();
}
