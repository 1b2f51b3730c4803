import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { SMALL } from '../support/api-client.ts';
import { creditsOf } from '../support/credits.ts';
import { Platform } from '../support/platform.ts';

let platform: Platform;

beforeAll(async () => {
  platform = await Platform.shared();
});

const jobsOf = async (accountId: string) =>
  (await platform.items<{ sk: string }>('Jobs', accountId)).filter(({ sk }) => sk.startsWith('JOB#'));

it('the same Ai-trace-id and body twice is one job, one charge and the same response', async () => {
  const { api, accountId } = await platform.customer();
  const headers = { 'Ai-trace-id': randomUUID() };
  const first = await api.generate(SMALL, headers);
  const again = await api.generate(SMALL, headers);
  expect(again.Resp).toEqual(first.Resp);
  expect(await jobsOf(accountId)).toHaveLength(1);
  await api.ended(first.Resp.video_id);
  // Also when the first has long ended.
  expect((await api.generate(SMALL, headers)).Resp).toEqual(first.Resp);
  const { entries } = await creditsOf(platform, accountId);
  expect(entries.map(({ kind }) => kind).sort()).toEqual(['capture', 'grant', 'hold']);
});

it('twenty calls with one Ai-trace-id at the same moment are one job and one charge', async () => {
  const { api, accountId } = await platform.customer();
  const headers = { 'Ai-trace-id': randomUUID() };
  const replies = await Promise.all(Array.from({ length: 20 }, () => api.generate(SMALL, headers)));
  expect(new Set(replies.map(({ ErrCode, Resp }) => JSON.stringify([ErrCode, Resp]))).size).toBe(1);
  expect(replies[0]?.ErrCode).toBe(0);
  expect(await jobsOf(accountId)).toHaveLength(1);
  const { entries } = await creditsOf(platform, accountId);
  expect(entries.filter(({ kind }) => kind === 'hold')).toHaveLength(1);
});

it('the members of the body may come in another order', async () => {
  const { api } = await platform.customer();
  const headers = { 'Ai-trace-id': randomUUID() };
  const first = await api.generate(SMALL, headers);
  const turned = Object.fromEntries(Object.entries(SMALL).reverse());
  expect((await api.generate(turned, headers)).Resp).toEqual(first.Resp);
});

it('the same Ai-trace-id with another body is refused and charges nothing', async () => {
  const { api, accountId } = await platform.customer();
  const headers = { 'Ai-trace-id': randomUUID() };
  await api.generate(SMALL, headers);
  const other = await api.generate({ ...SMALL, prompt: 'something else' }, headers);
  expect(other).toMatchObject({ ErrCode: 400017, Resp: null });
  expect(other.ErrMsg).toContain('Ai-trace-id');
  expect(await jobsOf(accountId)).toHaveLength(1);
});

it('a value that is no UUID is only a trace, and another account may use the same UUID', async () => {
  const { api, accountId } = await platform.customer();
  await api.generate(SMALL, { 'Ai-trace-id': 'my-trace' });
  await api.generate(SMALL, { 'Ai-trace-id': 'my-trace' });
  expect(await jobsOf(accountId)).toHaveLength(2);
  const shared = { 'Ai-trace-id': randomUUID() };
  const first = await api.generate(SMALL, shared);
  const other = await platform.customer();
  const theirs = await other.api.generate(SMALL, shared);
  expect(theirs.ErrCode).toBe(0);
  expect(theirs.Resp.video_id).not.toBe(first.Resp.video_id);
});
