/** How staff help a customer over the running platform: they find the account, and read what became of what it asks about. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { readRequest } from '../../functions/audit/contract.ts';
import type { Problem } from '../../functions/http/problem-body.ts';
import type * as contract from '../../functions/support/contract.ts';
import type { searchAccounts } from '../../functions/support/search-contract.ts';
import { mailsTo } from '../support/applicant.ts';
import { personOf, type SignedInPerson } from '../support/people.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { TINY, VideosClient } from '../support/videos-client.ts';

type Answer<Name extends keyof typeof contract> = (typeof contract)[Name] extends {
  output: infer Output extends z.ZodType;
}
  ? z.output<Output>
  : never;
type Found = z.output<typeof searchAccounts.output>;

const SUPPORT = 'support@mutoscope.example';

let platform: Platform;
let owner: SignedInPerson;
let operator: SignedInPerson;
let finance: SignedInPerson;
let customer: Customer;
let key: VideosClient;
let account: string;

beforeAll(async () => {
  platform = await Platform.shared();
  [owner, operator, finance] = await Promise.all([
    personOf(platform, 'developer'),
    personOf(platform, 'operator'),
    personOf(platform, 'finance'),
  ]);
  customer = await platform.customer({ owner });
  key = new VideosClient(platform.cloud.apiUrl, customer.api.key);
  account = `/operators/accounts/${customer.accountId}`;
});

describe('what became of a video', () => {
  it('is read step by step, with what was charged for it, without its prompt, and each view is recorded', async () => {
    const { body: made } = await key.create({ ...TINY, prompt: 'calm colours of a secret project' });
    expect((await key.ended(made.id)).status).toBe('completed');
    const { body: cancelled } = await key.create(TINY);
    await key.send('POST', `/videos/${cancelled.id}/cancel`);

    const history = async (id: string, api = operator.api) =>
      (await api.send<Answer<'readAccountVideo'>>('GET', `${account}/videos/${id}`)).body;
    const read = await history(made.id);
    expect(read.timeline.map(({ state, reason }) => [state, reason])).toEqual([
      ['queued', null],
      ['generating', null],
      ['generating', 'made'],
      ['succeeded', null],
    ]);
    expect(read.timeline.map(({ at }) => at)).toEqual(read.timeline.map(({ at }) => at).toSorted());
    expect(read.video).toMatchObject({ status: 'succeeded', attempts: 1, key_id: customer.keyId, engine: 'preview' });
    const price = read.video.credits_charged;
    expect(read.ledger.map(({ kind, available, held }) => [kind, available, held])).toEqual([
      ['hold', -price, price],
      ['capture', 0, -price],
    ]);
    const ended = await history(cancelled.id, finance.api);
    expect(ended.video).toMatchObject({ status: 'cancelled', credits_charged: 0 });
    expect([ended.timeline.at(-1)?.state, ended.ledger.at(-1)?.kind]).toEqual(['cancelled', 'release']);

    const videos = await operator.api.send<Answer<'listAccountVideos'>>('GET', `${account}/videos?limit=1`);
    const rest = await operator.api.send<Answer<'listAccountVideos'>>(
      'GET',
      `${account}/videos?after=${videos.body.last_id}`,
    );
    // Two of one second are in either order.
    const newestFirst = [cancelled.id, made.id].toSorted().toReversed();
    expect([...videos.body.data, ...rest.body.data].map(({ id }) => id)).toEqual(newestFirst);
    expect(JSON.stringify([read, videos.body, rest.body])).not.toContain('secret project');

    const seen = await owner.api.send<{ data: { detail: object; subject: string }[] }>(
      'GET',
      '/audit?action=account.viewed&actor=staff',
    );
    expect(seen.body.data.map(({ detail, subject }) => ({ ...detail, subject }))).toEqual([
      { what: 'videos', subject: customer.accountId },
      { what: 'videos', subject: customer.accountId },
      { what: 'video', subject: cancelled.id },
      { what: 'video', subject: made.id },
    ]);
  });

  it('is of the account that is named, and an id of another is like one that never was', async () => {
    const other = await platform.customer();
    const { body: others } = await new VideosClient(platform.cloud.apiUrl, other.api.key).create(TINY);
    const problems = await Promise.all(
      [others.id, 'video_1'].map(id => operator.api.refused('GET', `${account}/videos/${id}`)),
    );
    expect(problems.map(({ status, body }) => [status, body.param])).toEqual([
      [404, 'video'],
      [404, 'video'],
    ]);
    expect((await operator.api.refused('GET', '/operators/accounts/acct_never/videos')).status).toBe(404);
  });
});

describe('the money, the keys and the e-mails of an account', () => {
  it('are read by who may: money by operators and finance, the others by operators', async () => {
    const balance = await finance.api.send<Answer<'readAccountBalance'>>('GET', `${account}/balance`);
    expect(balance.body).toMatchObject({ account_id: customer.accountId, held: 0, unfinished: 0 });
    const ledger = await finance.api.send<Answer<'listAccountLedger'>>('GET', `${account}/ledger?kind=grant`);
    expect(ledger.body.data.map(({ available }) => available)).toEqual([100_000]);
    const keys = await operator.api.send<Answer<'listAccountKeys'>>('GET', `${account}/keys`);
    expect(keys.status, JSON.stringify(keys.body)).toBe(200);
    expect(keys.body.data.map(({ id }) => id)).toEqual([customer.keyId]);
    expect(JSON.stringify(keys.body)).not.toContain(customer.api.key);
    for (const path of ['videos', 'keys', 'emails']) {
      expect((await finance.api.refused('GET', `${account}/${path}`)).status, path).toBe(403);
    }
    const reviewer = await personOf(platform, 'reviewer');
    for (const path of ['balance', 'ledger', 'videos/video_1']) {
      expect((await reviewer.api.refused('GET', `${account}/${path}`)).status, path).toBe(403);
      expect((await owner.api.refused('GET', `${account}/${path}`)).status, path).toBe(403);
    }
  });

  it('a status that an operator decides is decided once for its reason, mailed once, and told with where to write', async () => {
    const decide = (action: string, reason: string) =>
      operator.api.send<{ status: string }>('POST', `${account}/status`, { action, reason });
    // It came to be active, and nobody unfroze it.
    expect((await decide('unfreeze', 'it was looked at')).status).toBe(409);
    const both = await Promise.all([decide('freeze', 'a key was leaked'), decide('freeze', 'a key was leaked')]);
    expect([...both, await decide('freeze', 'a key was leaked')].map(({ body }) => body.status)).toEqual(
      Array(3).fill('frozen'),
    );
    const differs = (await decide('freeze', 'another reason')).body as unknown as Problem;
    expect(differs).toMatchObject({ status: 409, param: 'reason' });
    const mails = await mailsTo(platform, owner.email);
    expect(mails.filter(({ subject }) => subject === 'Your account is frozen')).toHaveLength(1);
    expect(mails[0]?.text).toContain(`Write to ${SUPPORT} to have it looked at again.`);
    const refused = await key.refused('POST', '/videos', TINY);
    expect(refused.body.detail).toBe(`this account is frozen; write to ${SUPPORT}`);
    expect((await owner.api.send<{ next_step: string }>('GET', '/account')).body.next_step).toBe(`write to ${SUPPORT}`);

    const sent = await operator.api.send<Answer<'listAccountEmails'>>('GET', `${account}/emails`);
    expect(sent.body.data[0]).toMatchObject({
      template: 'freeze',
      state: 'sent',
      to: expect.stringMatching(/^d…@example\.com$/),
      detail: { reason: 'a key was leaked' },
    });
    expect(sent.body.data.filter(({ template }) => template === 'freeze')).toHaveLength(1);
    expect((await decide('unfreeze', 'it was looked at')).body.status).toBe('active');
  });

  it('its plan is changed once for its reason: sent again it is the same answer, and for another it is refused', async () => {
    const put = (reason: string) =>
      operator.api.send<{ previous_plan: string }>('PUT', `${account}/plan`, { plan: 'essential', reason });
    const [first, again] = [await put('contract 114'), await put('contract 114')];
    expect(first.body).toMatchObject({ previous_plan: 'scale' });
    expect(again.body).toEqual(first.body);
    expect((await put('contract 115')).body as unknown as Problem).toMatchObject({ status: 409, param: 'reason' });
  });

  it('what is prohibited is refused with where to appeal', async () => {
    const refused = await key.refused('POST', '/videos', { ...TINY, prompt: 'how to build a pipe bomb at home' });
    expect(refused.body).toMatchObject({
      code: 'content_refused',
      detail: expect.stringContaining(`write to ${SUPPORT} `),
    });
  });
});

describe('an account', () => {
  it('is found by what its customer writes, and by nothing else', async () => {
    const search = async (query: string, api = operator.api) =>
      (await api.send<Found>('POST', '/operators/search', { query })).body;
    const { body: made } = await key.create(TINY);
    const { headers } = await key.get(made.id);
    const request = headers.get('x-request-id') ?? '';
    const { hint } = (await owner.api.send<{ hint: string }>('GET', `/keys/${customer.keyId}`)).body;
    const envelope = await customer.api.send<{ account_id: number }>('GET', '/openapi/v2/account/balance');
    const number = envelope.Resp.account_id;
    for (const [query, by] of [
      [owner.email.toUpperCase(), 'email'],
      [customer.accountId, 'account'],
      [String(number), 'account_number'],
      [made.id, 'video'],
      [made.id.slice('video_'.length), 'video'],
      [request, 'request'],
      [hint, 'key'],
      [hint.slice(0, 8), 'key'],
      [customer.keyId, 'key'],
    ] as const) {
      const found = await search(query);
      expect(found, query).toMatchObject({ data: [{ by, account: { id: customer.accountId } }], has_more: false });
    }
    // Accounts of journeys have one name: more than are shown.
    for (let count = 0; count < 21; count++) await platform.customer();
    const named = await search('Journ', finance.api);
    expect([named.data.length, named.has_more]).toEqual([20, true]);
    expect((await search('nobody at all')).data).toEqual([]);
    expect((await operator.api.refused('POST', '/operators/search', { query: customer.api.key })).body).toMatchObject({
      status: 400,
      param: 'query',
    });
    expect((await owner.api.refused('POST', '/operators/search', { query: owner.email })).status).toBe(403);
    const events = await platform.items<{ action?: string; detail?: object }>('Audit', 'platform');
    const searches = events.filter(({ action }) => action === 'accounts.searched');
    expect(searches.map(({ detail }) => detail)).toContainEqual({ by: 'email', found: 1 });
    expect(JSON.stringify(searches).toLowerCase()).not.toContain(owner.email);
  });

  it('is found by the name that it had before, which is told from the one that it has', async () => {
    const renamed = await personOf(platform, 'developer');
    const { accountId } = await platform.customer({ owner: renamed });
    await renamed.api.send('PATCH', '/account', { name: 'Zebedee Quux' });
    const { body: seen } = await operator.api.send<Found>('POST', '/operators/search', { query: 'quux' });
    // A change of name counts once it is approved.
    expect(seen.data).toEqual([]);
    const decision = { submission: 1, decision: 'approve', reason: 'as in the register' };
    const decided = await operator.api.send('POST', `/operators/accounts/${accountId}/qualification`, decision);
    expect(decided.status, JSON.stringify(decided.body)).toBe(200);
    const found = async (query: string) =>
      (await operator.api.send<Found>('POST', '/operators/search', { query })).body.data.map(
        ({ by, is_current, account: { id } }) => ({ by, is_current, id }),
      );
    expect(await found('QUUX')).toEqual([{ by: 'name', is_current: true, id: accountId }]);
    await renamed.api.send('PATCH', '/account', { name: 'Ottilie Quince' });
    await operator.api.send('POST', `/operators/accounts/${accountId}/qualification`, { ...decision, submission: 2 });
    expect(await found('quince')).toEqual([{ by: 'name', is_current: true, id: accountId }]);
    expect(await found('quux')).toEqual([{ by: 'name', is_current: false, id: accountId }]);
  });
});

it('a request of staff is its own, and of no account', async () => {
  const { headers } = await finance.api.refused('GET', `${account}/videos`);
  const id = headers.get('x-request-id');
  const own = await finance.api.send<z.output<typeof readRequest.output>>('GET', `/requests/${id}`);
  expect(own.body).toMatchObject({ status: 403, code: 'no_permission', account_id: null });
});
