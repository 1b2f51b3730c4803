/** Standings by the product's own commands over its own tables: what is reported, decided, appealed against and followed by date. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { findAccount } from '../../functions/accounts/accounts-store.ts';
import { standingAt } from '../../functions/accounts/standing.ts';
import type { Severity, ViolationCategory } from '../../functions/catalogue/standing.ts';
import { accountEvents } from '../../functions/data/outbox.ts';
import { appeal, decideAppeal } from '../../functions/enforcement/appeals-command.ts';
import { openAppeals } from '../../functions/enforcement/appeals-store.ts';
import { decideStanding } from '../../functions/enforcement/decide-standing-command.ts';
import { followDates } from '../../functions/enforcement/follow-dates-command.ts';
import { MOST_MEASURES } from '../../functions/enforcement/ladder.ts';
import { notifyOfStandings } from '../../functions/enforcement/notify-command.ts';
import type { decideStanding as contract } from '../../functions/enforcement/operators-contract.ts';
import { readStanding } from '../../functions/enforcement/read-standing-command.ts';
import { reportViolation } from '../../functions/enforcement/report-violation-command.ts';
import type { Caller } from '../../functions/http/caller.ts';
import { orderedEnds } from '../../functions/termination/ordered.ts';
import { endByDecision } from '../../functions/termination/termination-command.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';
import { racer, random } from '../support/racer.ts';

const mails = { sent: [] as string[], down: '' };

/** Takes e-mails as SES does, or refuses those to an address. */
const post = createServer(async (request, response) => {
  const { Destination, Content } = (await json(request)) as {
    Destination: { ToAddresses: string[] };
    Content: { Simple: { Subject: { Data: string } } };
  };
  const [to = ''] = Destination.ToAddresses;
  const isDown = to === mails.down;
  if (!isDown) mails.sent.push(`${to}: ${Content.Simple.Subject.Data}`);
  response.writeHead(isDown ? 400 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(isDown ? { message: 'down' } : { MessageId: '1' }));
});

let product: ProductTables;
beforeAll(async () => {
  product = await startProductTables();
  await new Promise<void>(resolve => post.listen(0, '127.0.0.1', resolve));
  process.env.AWS_ENDPOINT_URL_SESV2 = `http://127.0.0.1:${(post.address() as AddressInfo).port}`;
});
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL_SESV2;
  post.close();
  await product?.stop();
});

const DAY = 24 * 3600_000;
const START = Date.UTC(2026, 11, 1, 12);
const at = (ms: number) => ({ tables: product.tables, now: () => ms, random });
const staff = (name: string): Extract<Caller, { kind: 'person' }> => ({
  kind: 'person',
  id: `staff_${name}`,
  accountId: '',
  plan: '',
  roles: ['operator'],
  address: '192.0.2.1',
  client: 'test',
});
const owner = (accountId: string): Caller => ({ ...staff('none'), id: 'user_1', accountId });

async function account(): Promise<string> {
  return (await racer(product)).accountId;
}
const found = async (accountId: string) =>
  (await findAccount(product.tables.core, accountId)) ?? expect.fail('no account');
const stepAt = async (accountId: string, now: number) => standingAt(await found(accountId), now).step;
const shown = async (accountId: string, now = START) => readStanding(product.tables.core, await found(accountId), now);
/** What of an account's standing can be given back. */
const taken = async (accountId: string, now = START) => {
  const { standing, suspendedUntilMs } = await found(accountId);
  const { points, restrictions } = await shown(accountId, now);
  return { standing, suspendedUntilMs, points, restrictions };
};
const report = (
  accountId: string,
  violationId: string,
  [category, severity]: [ViolationCategory, Severity],
  now = START,
) =>
  reportViolation(at(now), { accountId, violationId, category, severity, evidence: 'it was seen', source: 'a-test' });
type Input = z.output<typeof contract.input>;
const decide = (
  accountId: string,
  input: Omit<Input, 'id' | 'reason'> & { reason?: string },
  now = START,
  by = 'one',
) => decideStanding(at(now), staff(by), { reason: 'it was seen', ...input, id: accountId });
const events = async (accountId: string) => {
  const items = await product.items<{ sk: string; type?: string; detail?: { mailId?: string } }>(
    product.tables.jobs,
    accountId,
  );
  return items.filter(({ sk }) => sk.startsWith('EVENT#'));
};
const audited = async (accountId: string) =>
  (await product.items<{ action?: string }>(product.tables.audit, accountId)).flatMap(({ action = '' }) =>
    action.startsWith('standing.') ? [action] : [],
  );
/** Of each of its dates, when it was done. */
const dueOf = async (accountId: string) => {
  const due = await product.items<{ accountId: string; doneAt?: string }>(product.tables.core, 'RECTIFY_DUE');
  return due.filter(each => each.accountId === accountId).map(({ doneAt }) => ({ doneAt }));
};
const inDays = (days: number, now = START) => new Date(now + days * DAY).toISOString();

describe('6.1 a violation', () => {
  it('that is reported twice, at once and again, counts once, with one event each', async () => {
    const accountId = await account();
    const outcomes = await Promise.all([1, 2, 3].map(() => report(accountId, 'act 1', ['review_evasion', 'high'])));
    outcomes.push(await report(accountId, 'act 1', ['prohibited_content', 'critical'], START + DAY));
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['recorded', 'repeated', 'repeated', 'repeated']);
    expect(new Set(outcomes.map(each => 'violationId' in each && each.violationId)).size).toBe(1);
    expect(await shown(accountId)).toMatchObject({ points: 20, standing: 'warned', violations: [{ points: 20 }] });
    expect(await audited(accountId)).toEqual(['standing.violation_recorded']);
    expect((await events(accountId)).map(({ type }) => type)).toEqual(['account.violation_recorded']);
  });

  it('counts with others that are reported at the same moment, each once', async () => {
    const accountId = await account();
    await Promise.all(
      Array.from({ length: 6 }, (_, index) => report(accountId, `act ${index}`, ['review_evasion', 'medium'])),
    );
    expect(await shown(accountId)).toMatchObject({ points: 60, standing: 'restricted' });
    expect((await found(accountId)).standingRevision).toBe(6);
  });

  it('of no account changes nothing, and tells so', async () => {
    expect(await report('acct_none', 'act', ['review_evasion', 'high'])).toEqual({ kind: 'no_account' });
    expect(await product.items(product.tables.core, 'ACCOUNT#acct_none')).toEqual([]);
  });

  it('that is excused by an appeal gives exactly back what it took, and is decided once', async () => {
    const accountId = await account();
    await report(accountId, 'before', ['review_evasion', 'high']);
    const before = await taken(accountId);
    const { violationId } = (await report(accountId, 'wrong', ['prohibited_content', 'critical'])) as {
      violationId: string;
    };
    expect(await stepAt(accountId, START)).toBe('suspended');
    const text = 'the video shows a film set';
    await appeal(at(START), owner(accountId), { subject: violationId, text });
    await appeal(at(START), owner(accountId), { subject: violationId, text });
    await expect(appeal(at(START), owner(accountId), { subject: violationId, text: 'another' })).rejects.toMatchObject({
      kind: 'wrong_state',
    });
    const open = await openAppeals(product.tables.core, { limit: 100 });
    expect(open.appeals.filter(each => each.accountId === accountId)).toMatchObject([{ subject: violationId, text }]);
    const decision = { id: accountId, subject: violationId, decision: 'uphold', reason: 'it does' } as const;
    await Promise.all([1, 2].map(() => decideAppeal(at(START), staff('two'), decision)));
    await expect(decideAppeal(at(START), staff('two'), { ...decision, decision: 'reject' })).rejects.toMatchObject({
      kind: 'wrong_state',
    });
    expect(await taken(accountId)).toEqual(before);
    const { violations } = await shown(accountId);
    expect(violations.map(({ state, points_left }) => [state, points_left]).toSorted()).toEqual([
      ['in_force', 20],
      ['lifted', 0],
    ]);
    expect((await openAppeals(product.tables.core, { limit: 100 })).appeals).not.toContainEqual(
      expect.objectContaining({ accountId }),
    );
    expect((await audited(accountId)).filter(action => action === 'standing.appeal_decided')).toHaveLength(1);
  });

  it('of another account is none to who appeals', async () => {
    const accountId = await account();
    const { violationId } = (await report(accountId, 'act', ['review_evasion', 'high'])) as { violationId: string };
    for (const subject of [violationId, 'viol_0', 'ACCOUNT', 'meas_1#x']) {
      await expect(appeal(at(START), owner(await account()), { subject, text: 'not mine' })).rejects.toMatchObject({
        kind: 'not_found',
      });
    }
  });
});

describe('6.1 an operator', () => {
  it('warns, restricts exactly what is named until a date, suspends, and takes each back alone', async () => {
    const accountId = await account();
    expect(await decide(accountId, { action: 'warn' })).toBe('done');
    const warned = await taken(accountId);
    const restriction = {
      functions: ['lip_sync' as const],
      models: [],
      quota_share: 0.5,
      concurrency_share: 1,
      uploads_refused: false,
    };
    const restrict = { action: 'restrict', restriction, until: inDays(3) } as const;
    await Promise.allSettled([1, 2].map(() => decide(accountId, restrict)));
    await decide(accountId, restrict);
    const restricted = await taken(accountId);
    expect((await shown(accountId)).restrictions).toEqual([{ ...restriction, until: inDays(3) }]);
    expect(await stepAt(accountId, START + 3 * DAY)).toBe('warned');
    await decide(accountId, { action: 'suspend' });
    expect((await found(accountId)).suspendedUntilMs).toBeGreaterThan(START + 1000 * DAY);
    const suspension = (await shown(accountId)).measures.find(({ step }) => step === 'suspended');
    await decide(accountId, { action: 'lift', subject: suspension?.id });
    await decide(accountId, { action: 'lift', subject: suspension?.id });
    expect(await taken(accountId)).toEqual(restricted);
    const { measures } = await shown(accountId);
    const second = measures.find(({ step }) => step === 'restricted');
    expect(measures).toHaveLength(3);
    await decide(accountId, { action: 'lift', subject: second?.id });
    expect(await taken(accountId)).toEqual(warned);
  });

  it('skips a step only where it says that it is urgent, and says what a restriction takes away and until when', async () => {
    const accountId = await account();
    await expect(decide(accountId, { action: 'suspend' })).rejects.toMatchObject({ field: 'urgent' });
    await expect(decide(accountId, { action: 'restrict', urgent: true })).rejects.toMatchObject({ field: 'until' });
    await expect(decide(accountId, { action: 'restrict', urgent: true, until: inDays(2) })).rejects.toMatchObject({
      field: 'restriction',
    });
    await expect(decide(accountId, { action: 'warn', until: inDays(-1) })).rejects.toMatchObject({ field: 'until' });
    expect(await decide(accountId, { action: 'suspend', urgent: true })).toBe('done');
  });

  it('has so many measures in force at once, and no more until one is lifted', async () => {
    const accountId = await account();
    const warn = (number: number) => decide(accountId, { action: 'warn', reason: `reason ${number}` });
    for (let number = 1; number <= MOST_MEASURES; number++) await warn(number);
    await expect(warn(MOST_MEASURES + 1)).rejects.toMatchObject({ kind: 'wrong_state' });
    expect(await warn(1)).toBe('done');
    expect((await shown(accountId)).measures).toHaveLength(MOST_MEASURES);
  });

  it('decides no appeal against what it decided itself', async () => {
    const accountId = await account();
    await decide(accountId, { action: 'warn' });
    const [{ id: subject } = { id: '' }] = (await shown(accountId)).measures;
    await appeal(at(START), owner(accountId), { subject, text: 'it was not us' });
    const decision = { id: accountId, subject, decision: 'reject', reason: 'it was' } as const;
    await expect(decideAppeal(at(START), staff('one'), decision)).rejects.toMatchObject({ kind: 'no_permission' });
    expect(await decideAppeal(at(START), staff('two'), decision)).toMatchObject({ state: 'rejected' });
    expect(await stepAt(accountId, START)).toBe('warned');
  });

  it('7.2a: terminates with a second person alone, and from suspended', async () => {
    const accountId = await account();
    const end = { action: 'terminate' } as const;
    await expect(decide(accountId, end)).rejects.toMatchObject({ kind: 'wrong_state' });
    await decide(accountId, { action: 'suspend', urgent: true });
    expect(await decide(accountId, end)).toBe('awaiting_second_person');
    expect(await decide(accountId, end)).toBe('awaiting_second_person');
    expect(await stepAt(accountId, START)).toBe('suspended');
    await expect(decide(accountId, { ...end, reason: 'another' }, START, 'two')).rejects.toMatchObject({
      kind: 'wrong_state',
    });
    expect(await decide(accountId, end, START, 'two')).toBe('done');
    expect(await decide(accountId, end, START, 'two')).toBe('done');
    expect(await stepAt(accountId, START + 9000 * DAY)).toBe('terminated');
    const ordered = (await events(accountId)).filter(({ type }) => type === 'account.termination_ordered');
    expect(ordered.map(({ detail }) => detail)).toEqual([
      { before: 'suspended', after: 'terminated', reason: 'it was seen', mailId: expect.stringMatching(/^mail_/) },
    ]);
    expect((await audited(accountId)).filter(action => action === 'standing.terminated')).toHaveLength(1);
    // What was ordered is what begins the end of the account, once however often the stream brings it.
    const item = (await product.items<Record<string, unknown>>(product.tables.jobs, accountId)).find(
      ({ type }) => type === 'account.termination_ordered',
    );
    const [begins] = orderedEnds([{ change: 'INSERT', sequence: 1n, item: item ?? expect.fail('no event') }]);
    expect(begins).toEqual({ accountId, reason: 'it was seen' });
    const begin = () =>
      endByDecision(
        { ...at(START), mailFrom: 'from@platform.example', support: 'help@platform.example' },
        { accountId, cause: 'violation', reason: begins?.reason ?? '', actor: { kind: 'platform', id: 'standing' } },
      );
    const [first, again] = [await begin(), await begin()];
    expect(first).toMatchObject({ state: 'closing', cause: 'violation', reason: 'it was seen' });
    expect(again?.terminationId).toBe(first?.terminationId);
    expect((await found(accountId)).status).toBe('terminating');
  });

  it('7.2a: terminates an account after several warnings that were not rectified in time, and not before', async () => {
    const accountId = await account();
    for (const [index, reason] of ['first', 'second', 'third'].entries()) {
      await decide(accountId, { action: 'warn', reason, rectify_by: inDays(1 + index) });
    }
    await expect(decide(accountId, { action: 'terminate' }, START + 2 * DAY)).rejects.toMatchObject({
      message: expect.stringContaining('2 of its warnings'),
    });
    expect(await decide(accountId, { action: 'terminate' }, START + 3 * DAY)).toBe('awaiting_second_person');
  });
});

describe('6.1 a call that the authorizer let in before', () => {
  const whole = { models: [], quota_share: 1, concurrency_share: 1, uploads_refused: false };

  it('is refused by the admission itself once the account is suspended, with any of its keys', async () => {
    const one = await racer(product);
    const keys = await Promise.all([1, 2, 3].map(() => one.newKey()));
    const seen = await Promise.all(keys.map(({ apiKey }) => one.see(apiKey)));
    await decide(one.accountId, { action: 'suspend', urgent: true }, Date.now());
    const submitted = keys.map(({ apiKey }, index) => one.submit(apiKey, seen[index]));
    expect(await Promise.all(submitted)).toEqual(Array(3).fill('account_suspended'));
    expect(await one.jobs()).toBe(0);
    await expect(one.newKey()).rejects.toMatchObject({ kind: 'account_not_active' });
  });

  it('is under the restriction that came since: what it names is refused, and all else is made within its numbers', async () => {
    const one = await racer(product);
    const { apiKey } = await one.newKey();
    const seen = await one.see(apiKey);
    const until = inDays(9, Date.now());
    const restrict = (given: Partial<NonNullable<Input['restriction']>>) =>
      decide(
        one.accountId,
        { action: 'restrict', urgent: true, until, restriction: { ...whole, functions: [], ...given } },
        Date.now(),
      );
    // Enterprise makes 500 at once: one is left.
    await restrict({ functions: ['extend'], concurrency_share: 1 / 500 });
    expect([await one.submit(apiKey, seen), await one.submit(apiKey, seen)]).toEqual([
      'admitted',
      'concurrency_reached',
    ]);
    await restrict({ functions: ['text_to_video'] });
    expect(await one.submit(apiKey, seen)).toBe('account_restricted');
    expect(await one.jobs()).toBe(1);
  });

  it('is admitted where what was decided has ended by then', async () => {
    const one = await racer(product);
    const { apiKey } = await one.newKey();
    const seen = await one.see(apiKey);
    await decide(one.accountId, { action: 'suspend', urgent: true, until: inDays(1) }, START - 100 * DAY);
    expect([await one.submit(apiKey, seen), await one.submit(apiKey)]).toEqual(['account_suspended', 'key_refused']);
    const ended = await racer(product);
    const second = await ended.newKey();
    const before = await ended.see(second.apiKey);
    await decide(ended.accountId, { action: 'suspend', urgent: true, until: inDays(1, 0) }, 0);
    expect([await ended.submit(second.apiKey, before), await ended.submit(second.apiKey)]).toEqual([
      'admitted',
      'admitted',
    ]);
  });
});

describe('6.1 an e-mail about a standing', () => {
  const dependencies = () => ({
    tables: product.tables,
    mailFrom: 'from@platform.example',
    support: 'help@platform.example',
    now: () => START,
    pause: async () => undefined,
  });
  const proved = async () => {
    const accountId = await account();
    const address = { email: `${accountId}@customer.example`, emailVerifiedAt: '2026-01-01T00:00:00.000Z' };
    const item = (await product.items<{ sk: string }>(product.tables.core, `ACCOUNT#${accountId}`)).find(
      ({ sk }) => sk === 'ACCOUNT',
    );
    await product.put(product.tables.core, { ...item, ...address });
    return { accountId, to: address.email };
  };

  it('is sent once, however often the outbox brings it, and one that fails stops no other', async () => {
    const [one, other] = [await proved(), await proved()];
    await decide(one.accountId, { action: 'warn' });
    await report(other.accountId, 'act', ['review_evasion', 'high']);
    await report(other.accountId, 'slight', ['refused_text', 'low']);
    const all = [...(await events(one.accountId)), ...(await events(other.accountId))];
    const brought = accountEvents(all.map(item => ({ change: 'INSERT', sequence: 1n, item })));
    expect(brought).toHaveLength(3);
    mails.down = one.to;
    await notifyOfStandings(dependencies(), brought);
    expect(mails.sent).toEqual([`${other.to}: Your account is warned`]);
    mails.down = '';
    await notifyOfStandings(dependencies(), brought);
    await notifyOfStandings(dependencies(), brought);
    expect(mails.sent).toEqual([`${other.to}: Your account is warned`, `${one.to}: Your account is warned`]);
  });
});

describe('4.5 a date for rectification', () => {
  it('that passes is followed by the next step by itself, once, and that by the next, until people decide', async () => {
    const accountId = await account();
    await decide(accountId, { action: 'warn', rectify_by: inDays(7) });
    await followDates(at(START + 6 * DAY));
    expect(await stepAt(accountId, START + 6 * DAY)).toBe('warned');
    const passed = START + 7 * DAY + 1;
    await Promise.all([1, 2].map(() => followDates(at(passed))));
    await followDates(at(passed));
    const { measures, standing, rectify_by } = await shown(accountId, passed);
    expect(standing).toBe('restricted');
    expect(measures.map(({ step }) => step).toSorted()).toEqual(['restricted', 'warned']);
    expect(rectify_by).toBe(new Date(passed + 14 * DAY).toISOString());
    await followDates(at(passed + 15 * DAY));
    await followDates(at(passed + 400 * DAY));
    const later = await shown(accountId, passed + 400 * DAY);
    expect(later).toMatchObject({ standing: 'suspended', rectify_by: null });
    expect(later.measures).toHaveLength(3);
    expect(await dueOf(accountId)).toEqual([{ doneAt: expect.any(String) }, { doneAt: expect.any(String) }]);
    const root = later.measures.find(({ step }) => step === 'warned');
    await decide(accountId, { action: 'rectified', subject: root?.id }, passed + 401 * DAY);
    expect(await stepAt(accountId, passed + 401 * DAY)).toBe('warned');
  });

  it('that passed gives back what followed it, and what followed that, where one in between is excused or mended', async () => {
    for (const how of ['appeal', 'lift', 'rectified'] as const) {
      const accountId = await account();
      await decide(accountId, { action: 'warn', rectify_by: inDays(7) });
      const [passed, later] = [START + 7 * DAY + 1, START + 30 * DAY];
      await followDates(at(passed));
      await followDates(at(later));
      const { measures } = await shown(accountId, later);
      const [between, after] = ['restricted', 'suspended'].map(step => measures.find(each => each.step === step)?.id);
      const [subject, reason] = [between ?? expect.fail(), 'it was mended'];
      if (how === 'appeal') {
        await appeal(at(later), owner(accountId), { subject, text: reason });
        await decideAppeal(at(later), staff('two'), { id: accountId, subject, decision: 'uphold', reason });
      } else await decide(accountId, { action: how, subject, reason }, later);
      const left = await shown(accountId, later);
      expect([how, left.standing]).toEqual([how, how === 'rectified' ? 'restricted' : 'warned']);
      expect(left.measures.find(({ id }) => id === after)).toMatchObject({ state: 'lifted' });
    }
  });

  it('that is kept is followed by nothing', async () => {
    const accountId = await account();
    const { violationId: subject } = (await report(accountId, 'act', ['key_exposure', 'critical'])) as {
      violationId: string;
    };
    expect((await shown(accountId)).rectify_by).toBe(inDays(7));
    await decide(accountId, { action: 'rectified', subject }, START + DAY);
    await decide(accountId, { action: 'rectified', subject }, START + DAY);
    // As if it had been read from the list before that was noted.
    const due = { accountId, subject, by: inDays(7) };
    await product.put(product.tables.core, { pk: 'RECTIFY_DUE', sk: `${due.by}#${accountId}#${subject}`, ...due });
    await followDates(at(START + 8 * DAY));
    expect(await dueOf(accountId)).toEqual([{ doneAt: expect.any(String) }]);
    expect(await shown(accountId, START + 8 * DAY)).toMatchObject({ standing: 'good', rectify_by: null, measures: [] });
    expect((await audited(accountId)).filter(action => action === 'standing.rectified')).toHaveLength(1);
  });

  it('of what is excused gives back what followed, too', async () => {
    const accountId = await account();
    const before = await taken(accountId);
    const { violationId: subject } = (await report(accountId, 'act', ['key_exposure', 'critical'])) as {
      violationId: string;
    };
    const passed = START + 8 * DAY;
    await followDates(at(passed));
    expect((await shown(accountId, passed)).measures).toMatchObject([{ step: 'warned', state: 'in_force' }]);
    await appeal(at(passed), owner(accountId), { subject, text: 'the key was revoked a year ago' });
    await decideAppeal(at(passed), staff('two'), { id: accountId, subject, decision: 'uphold', reason: 'it was' });
    const { standing, ...others } = await taken(accountId, passed);
    expect({ standing, ...others }).toEqual({ ...before, standing: { byPoints: {}, measures: [] } });
    expect((await shown(accountId, passed)).measures).toMatchObject([{ step: 'warned', state: 'lifted' }]);
  });
});
