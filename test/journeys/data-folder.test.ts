/** What a start makes of `local.json` and the developer's account as an earlier one, a kill or the developer has left them. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalJson, RoleName } from '../../bin/local/local-json.ts';
import { seed } from '../../bin/local/seed.ts';
import { signIn } from '../../bin/local/sign-in.ts';
import { accountKey } from '../../functions/data/item-keys.ts';
import { ApiClient } from '../support/api-client.ts';
import { Platform } from '../support/platform.ts';

let platform: Platform;
let dataDir: string;

beforeAll(async () => {
  platform = await Platform.shared();
  dataDir = mkdtempSync(join(tmpdir(), 'mutoscope-seeded-'));
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const file = (): string => join(dataDir, 'local.json');
const stored = (): LocalJson => JSON.parse(readFileSync(file(), 'utf8')) as LocalJson;
const write = (local: unknown): void => writeFileSync(file(), JSON.stringify(local));
const start = () => seed(platform.cloud, dataDir);
const accepted = async ({ apiKey }: { apiKey: string }) =>
  (await new ApiClient(platform.cloud.apiUrl, apiKey).send('GET', '/openapi/v2/account/balance')).status;

async function signedIn(role: RoleName) {
  const client = new CognitoIdentityProviderClient(platform.cloud.client);
  const tokens = await signIn({ client, ...stored().people[role] });
  client.destroy();
  return tokens;
}

describe('a start', () => {
  let first: LocalJson;
  beforeAll(async () => {
    first = (await start()).local;
  });

  it('on what an earlier one left changes nothing of it: account, key, people and their passwords', async () => {
    const { local, trouble } = await start();
    expect(local).toEqual(first);
    expect(trouble).toBeUndefined();
    expect(stored()).toEqual(local);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('says where people sign in now, not where they did at an earlier start, on other ports', async () => {
    const { operator } = first.people;
    const pages = { issuer: 'http://127.0.0.1:1/elsewhere', callback: 'http://127.0.0.1:2/docs' };
    write({ ...first, people: { ...first.people, operator: { ...operator, pages } } });
    const { local } = await start();
    expect(local.people.operator).toEqual(operator);
    expect(stored()).toEqual(first);
  });

  it('lets npm run token print a code of staff, who have a second factor, and of nobody else', async () => {
    const token = async (role: RoleName): Promise<string> => {
      const script = fileURLToPath(new URL('../../bin/token.ts', import.meta.url));
      const options = { env: { PATH: process.env.PATH, MUTOSCOPE_DATA_DIR: dataDir } };
      const run = promisify(execFile)(process.execPath, [script, role, '--code'], options);
      return run.then(
        ({ stdout }) => stdout,
        error => error.stderr,
      );
    };
    expect(await token('reviewer')).toMatch(/^\d{6}\n$/);
    expect(await token('developer')).toContain('No token: a developer signs in without a second factor');
  });

  it.each([
    ['cut in the middle', () => truncateSync(file(), Math.floor(statSync(file()).size / 2))],
    ['of an earlier version, which knew no people', () => write({ apiUrl: first.apiUrl, apiKey: first.apiKey })],
  ])(
    'whose local.json is %s goes on with the account that is there, by another key, and everybody can sign in',
    async (_, damage) => {
      // Staff have an authenticator from here on, whose secret is lost with the file.
      await signedIn('reviewer');
      damage();
      const { local, trouble } = await start();
      expect(trouble).toBeUndefined();
      expect(local.accountId).toBe(first.accountId);
      expect(await accepted(local)).toBe(200);
      expect(local.people.developer.subject).toBe(first.people.developer.subject);
      await signedIn('reviewer');
      await signedIn('developer');
      expect(stored()).toEqual(local);
    },
  );

  it('whose key the developer has revoked makes another, and leaves everybody the password they have', async () => {
    const before = stored();
    const keys = (await platform.everything('Core')).filter(
      ({ accountId, sk, state }) => accountId === first.accountId && sk === 'KEY' && state === 'active',
    );
    for (const { keyId } of keys) await platform.operate('RevokeKeyFunction', { accountId: first.accountId, keyId });
    expect(await accepted(before)).toBe(401);
    const { local, trouble } = await start();
    expect(trouble).toBeUndefined();
    expect(local).toMatchObject({ accountId: first.accountId, people: before.people });
    expect(local.apiKey).not.toBe(before.apiKey);
    expect(await accepted(local)).toBe(200);
  });

  it('on a platform that is too busy to tell keeps the key: it is no other account that is missing', async () => {
    const busy = createServer((_, response) => response.writeHead(503).end('{}')).listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const apiUrl = `http://127.0.0.1:${(busy.address() as AddressInfo).port}`;
    const cloud = Object.create(platform.cloud, { apiUrl: { value: apiUrl } });
    const before = stored();
    const { local, trouble } = await seed(cloud, dataDir);
    busy.close();
    expect(trouble).toBeUndefined();
    expect(local).toEqual({ ...before, apiUrl });
  });

  it('whose account was frozen starts all the same, and says what keeps the key from being accepted', async () => {
    const documents = DynamoDBDocumentClient.from(new DynamoDBClient(platform.cloud.client));
    const setStatus = (status: string) =>
      documents.send(
        new UpdateCommand({
          TableName: platform.table('Core'),
          Key: accountKey(first.accountId),
          UpdateExpression: 'SET #status = :status',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':status': status },
        }),
      );
    const before = stored();
    await setStatus('frozen');
    const { local, trouble } = await start();
    expect(trouble).toMatch(/account is frozen/);
    expect(local).toMatchObject({ accountId: first.accountId, apiKey: before.apiKey, people: before.people });
    await setStatus('active');
    expect(await start()).toMatchObject({ trouble: undefined, local: { apiKey: before.apiKey } });
  });
});
