/** What an owner does when somebody else uses the account, and what operators do to an account. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../functions/http/problem-body.ts';
import { mailsTo, UNDELIVERABLE } from '../support/applicant.ts';
import { personOf, type SignedInPerson, signedInAgain } from '../support/people.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { TINY, VideosClient } from '../support/videos-client.ts';

/** Callers that submit without a pause until they are refused; after how many videos misuse is reported; and how often. */
const CALLERS = 4;
const STARTED = 8;
const ROUNDS = 3;

let platform: Platform;
let operator: SignedInPerson;

beforeAll(async () => {
  platform = await Platform.shared();
  operator = await personOf(platform, 'operator');
});

async function owned(): Promise<{ person: SignedInPerson; customer: Customer }> {
  const person = await personOf(platform, 'developer');
  return { person, customer: await platform.customer({ owner: person }) };
}
const useOf = async ({ api }: Customer): Promise<string> => {
  const answer = await fetch(`${platform.cloud.apiUrl}/openapi/v2/account/balance`, {
    headers: { 'API-KEY': api.key },
  });
  const { ErrCode, ErrMsg } = (await answer.json()) as { ErrCode: number; ErrMsg: string };
  return ErrCode === 0 ? 'accepted' : ErrMsg;
};

describe('2.2 reported misuse', () => {
  it('freezes every key at once, made before or after, ends the sessions, and is undone by the person', async () => {
    const { person, customer } = await owned();
    const { apiKey } = await platform.operate<{ apiKey: string }>('IssueKeyFunction', {
      accountId: customer.accountId,
    });
    const other = { ...customer, api: { ...customer.api, key: apiKey } } as Customer;
    expect([await useOf(customer), await useOf(other)]).toEqual(['accepted', 'accepted']);

    const reported = await person.api.send<{ keys_frozen_at: string }>('POST', '/account/report-misuse', {
      reason: 'videos that nobody here asked for',
    });
    expect(reported.body.keys_frozen_at).toMatch(/Z$/);
    for (const key of [customer, other]) expect(await useOf(key)).toContain('misuse was reported');
    const ended = await person.api.refused('GET', '/account');
    expect({ status: ended.status, code: (ended.body as Problem).code }).toEqual({ status: 401, code: 'key_refused' });
    // Nor does the session come back with its refresh token: only whoever signs in again does.
    const refreshed = await person.refreshed();
    expect((await refreshed.refused('GET', '/account')).status).toBe(401);
    expect((await mailsTo(platform, person.email))[0]?.subject).toContain('frozen');
    const again = await signedInAgain(platform, person);
    expect((await again.send('GET', '/account')).status).toBe(200);
    expect((await again.send('POST', '/account/keys/unfreeze', {})).body).toMatchObject({ keys_frozen_at: null });
    expect([await useOf(customer), await useOf(other)]).toEqual(['accepted', 'accepted']);
    const events = await platform.items<{ action?: string; reason?: string }>('Audit', customer.accountId);
    expect(events).toContainEqual(
      expect.objectContaining({ action: 'account.misuse_reported', reason: 'videos that nobody here asked for' }),
    );
  });
});

describe('2.2 misuse of an account whose e-mails fail', () => {
  it('is reported all the same, and the response says so', async () => {
    const person = await personOf(platform, 'developer');
    const customer = await platform.customer({ owner: { ...person, email: UNDELIVERABLE } });
    const reported = await person.api.send<{ keys_frozen_at: string }>('POST', '/account/report-misuse', {
      reason: 'not ours',
    });
    expect({ status: reported.status, at: reported.body.keys_frozen_at }).toEqual({
      status: 200,
      at: expect.stringMatching(/Z$/),
    });
    expect(await useOf(customer)).toContain('misuse was reported');
  });
});

describe('2.2 misuse reported while its keys are at work', () => {
  it('leaves no job that came to be after the report was answered, and loses none before', async () => {
    const jobsOf = async (accountId: string) =>
      (await platform.items<{ sk: string }>('Jobs', accountId)).filter(({ sk }) => sk.startsWith('JOB#')).length;
    for (let round = 0; round < ROUNDS; round++) {
      const { person, customer } = await owned();
      const client = new VideosClient(platform.cloud.apiUrl, customer.api.key);
      let started = 0;
      const reached = Promise.withResolvers<void>();
      const submitting = Array.from({ length: CALLERS }, async () => {
        for (;;) {
          const { status, body } = await client.create(TINY);
          if (status !== 200) return (body as unknown as Problem).code;
          if (++started === STARTED) reached.resolve();
        }
      });
      await reached.promise;
      await person.api.send('POST', '/account/report-misuse', { reason: 'not ours' });
      const atAnswer = await jobsOf(customer.accountId);
      expect(await Promise.all(submitting)).toEqual(Array(CALLERS).fill('key_refused'));
      expect({ jobs: await jobsOf(customer.accountId), started }).toEqual({ jobs: atAnswer, started: atAnswer });
    }
  });
});

describe('2.2 a person', () => {
  it('ends its sessions, and those of nobody else', async () => {
    const { person, customer } = await owned();
    expect((await person.api.send('POST', '/account/sessions/end', {})).status).toBe(200);
    expect((await person.api.send('GET', '/account')).status).toBe(401);
    expect(await useOf(customer)).toBe('accepted');
    const again = await signedInAgain(platform, person);
    expect((await again.send('GET', '/account')).status).toBe(200);
  });
});

describe('2.5 an operator', () => {
  const change = (accountId: string, action: string, reason = 'Keys were found on a public page.') =>
    operator.api.send<{ status: string }>('POST', `/operators/accounts/${accountId}/status`, { action, reason });

  it('freezes an account: its keys are refused at once, its people still read, and are notified of the reason', async () => {
    const { person, customer } = await owned();
    expect((await change(customer.accountId, 'freeze')).body.status).toBe('frozen');
    expect(await useOf(customer)).toContain('frozen');
    expect((await person.api.send('GET', '/account')).status).toBe(200);
    const written = await person.api.refused('PATCH', '/account', { name: 'other' });
    expect((written.body as Problem).code).toBe('account_not_active');
    expect((await mailsTo(platform, person.email))[0]?.text).toContain('Keys were found on a public page.');

    expect((await change(customer.accountId, 'freeze')).status).toBe(200);
    expect((await change(customer.accountId, 'freeze', 'another reason')).status).toBe(409);
    expect((await change(customer.accountId, 'unfreeze')).body.status).toBe('active');
    expect(await useOf(customer)).toBe('accepted');
    const events = await platform.items<{ action?: string }>('Audit', customer.accountId);
    expect(events.filter(({ action }) => action === 'account.status_changed')).toHaveLength(2);
  });

  it('lets the people of a frozen account end its keys, and make no others', async () => {
    const { person, customer } = await owned();
    const made = await Promise.all(
      ['revoked', 'leaked'].map(name => person.api.send<{ id: string }>('POST', '/keys', { name, read_only: true })),
    );
    const [revoked, leaked] = made.map(({ body }) => body.id);
    await change(customer.accountId, 'freeze');
    const ended = await person.api.send<{ state: string }>('DELETE', `/keys/${revoked}`);
    expect([ended.status, ended.body.state]).toEqual([200, 'revoked']);
    const reported = await person.api.send<{ key: { state: string } }>('POST', `/keys/${leaked}/report-leak`, {});
    expect([reported.status, reported.body.key?.state]).toEqual([200, 'revoked']);
    const refused = await person.api.refused('POST', '/keys', { name: 'another', read_only: true });
    expect((refused.body as Problem).code).toBe('account_not_active');
  });

  it('closes an account for good, and cannot make one active that was not approved', async () => {
    const { customer } = await owned();
    expect((await change(customer.accountId, 'unfreeze')).status).toBe(409);
    expect((await change(customer.accountId, 'close')).body.status).toBe('closed');
    for (const action of ['freeze', 'unfreeze']) expect((await change(customer.accountId, action)).status).toBe(409);
    expect(await useOf(customer)).toContain('closed');
  });
});

describe('5.2 consents', () => {
  it('are not given until a person gives one, with who, when and the wording, and can be withdrawn', async () => {
    const { person } = await owned();
    const read = async () =>
      (await person.api.send<Record<string, { given: boolean; wording_version: string }>>('GET', '/account/consents'))
        .body;
    const before = await read();
    expect([before.promotion?.given, before.improvement?.given]).toEqual([false, false]);
    const wording_version = before.promotion?.wording_version;
    const given = await person.api.send('PUT', '/account/consents', { promotion: true, wording_version });
    expect(given.body).toMatchObject({
      promotion: { given: true, changed_by: person.personId },
      improvement: { given: false },
    });
    await person.api.send('PUT', '/account/consents', { promotion: false, wording_version });
    expect((await read()).promotion).toMatchObject({ given: false, changed_by: person.personId });
  });
});

describe('0.1 the terms', () => {
  it('are read by anybody, with the version that is in effect', async () => {
    const answer = await fetch(`${platform.cloud.apiUrl}/v1/terms`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ current: '2026-11-01', data: [{ version: '2026-11-01' }] });
  });

  it('are accepted once for a version, and what is not in effect is refused', async () => {
    const { person } = await owned();
    for (let time = 0; time < 2; time++) {
      const { body } = await person.api.send<{ data: object[] }>('POST', '/account/terms', { version: '2026-11-01' });
      expect(body.data).toEqual([expect.objectContaining({ how: 'accepted', accepted_by: person.personId })]);
    }
    expect((await person.api.send('POST', '/account/terms', { version: '2020-01-01' })).status).toBe(400);
  });
});
