/** A key that looks for ids of others is stopped by itself, its owner is told, and a person undoes it. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it, vi } from 'vitest';
import { utcDay } from '../../functions/data/day-shard.ts';
import type { Problem } from '../../functions/http/problem-body.ts';
import { mailsTo } from '../support/applicant.ts';
import { personOf, type SignedInPerson } from '../support/people.ts';
import { Platform, ROOT } from '../support/platform.ts';
import { VideosClient } from '../support/videos-client.ts';

/** A few more than the rule takes. */
const TRIED = 45;
const WAITED = { timeout: 60_000, interval: 500 };

interface Case {
  readonly id: string;
  readonly key_id: string;
  readonly rule: string;
}

let platform: Platform;
let operator: SignedInPerson;
beforeAll(async () => {
  platform = await Platform.shared();
  operator = await personOf(platform, 'operator');
});

it('2.4d: a key that tries ids of others is stopped and its owner told why; a replay says the same; staff report it, and undo it once', async () => {
  const owner = await personOf(platform, 'developer');
  const { api, keyId } = await platform.customer({ owner });
  const withKey = new VideosClient(platform.cloud.apiUrl, api.key);
  const day = utcDay(Date.now());
  const tried = Array.from({ length: TRIED }, (_, index) =>
    withKey.refused('GET', `/videos/video_${10 ** 14 + index}`),
  );
  expect(new Set((await Promise.all(tried)).map(({ status }) => status))).toEqual(new Set([404]));

  const frozen = await vi.waitFor(async () => {
    const { body } = await owner.api.send<{ state: string; frozen_reason: string }>('GET', `/keys/${keyId}`);
    expect(body.state).toBe('frozen');
    return body;
  }, WAITED);
  expect(frozen.frozen_reason).toContain('different ids tried within an hour that are not of the account');
  const refused = await withKey.refused('GET', '/models');
  expect({ status: refused.status, said: (refused.body as Problem).detail }).toMatchObject({
    status: 401,
    said: expect.stringContaining('see GET /v1/keys for why and what to do'),
  });
  const [mail] = await vi.waitFor(async () => {
    const mails = (await mailsTo(platform, owner.email)).filter(({ subject }) => subject.includes('is suspended'));
    expect(mails).toHaveLength(1);
    return mails;
  }, WAITED);
  expect(mail?.text).toContain('Ask for ids that your account was given alone.');
  const own = await owner.api.refused('POST', `/keys/${keyId}/unfreeze`, { reason: 'it was us' });
  expect(own.status).toBe(409);

  const listed = await operator.api.send<{ data: Case[] }>('GET', '/operators/cases');
  const { id, rule } = listed.body.data.find(({ key_id }) => key_id === keyId) ?? expect.fail();
  expect(rule).toBe('id_probing');
  const replayed = await replay(day);
  expect(replayed.status).toBe(3);
  expect(replayed.out).toMatch(new RegExp(`id_probing +suspend_key \\+ warn +${keyId} `));

  const report = { authority: 'Cybercrime unit', statement: 'Ids of others were tried.' };
  const prepared = await operator.api.send<{ id: string; sha256: string }>(
    'POST',
    `/operators/cases/${id}/reports`,
    report,
  );
  for (let read = 0; read < 2; read++) {
    const answer = await fetch(`${platform.cloud.apiUrl}/v1/operators/cases/${id}/reports/${prepared.body.id}`, {
      headers: { authorization: `Bearer ${operator.token}` },
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(prepared.body.sha256);
  }

  const decision = { decision: 'dismiss', reason: 'a fault of their program' };
  for (let sent = 0; sent < 2; sent++) {
    const decided = await operator.api.send<{ state: string }>('POST', `/operators/cases/${id}`, decision);
    expect(decided.body.state).toBe('dismissed');
  }
  const other = await operator.api.refused('POST', `/operators/cases/${id}`, { ...decision, decision: 'confirm' });
  expect(other.status).toBe(409);
  expect((await withKey.send('GET', '/models')).status).toBe(200);
});

/** `npm run replay` of this platform. */
async function replay(day: string): Promise<{ status: number; out: string }> {
  const { endpoint, region, credentials } = platform.cloud.client;
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: String(endpoint),
    AWS_REGION: String(region),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  const tables = ['--core-table', platform.output('CoreTable'), '--audit-table', platform.output('AuditTable')];
  const args = [join(ROOT, 'bin/replay.ts'), day, ...tables];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    return { status: 0, out: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, out: stdout + stderr };
  }
}
