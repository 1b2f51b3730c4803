/**
 * From registration to the first video, and what each step is refused while the one before is missing. A platform of
 * its own: its stage serves fewer countries, and all its accounts and events are read.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../functions/http/problem-body.ts';
import { OPENING_CREDITS } from '../../functions/qualification/qualification.ts';
import {
  announce,
  codeFor,
  mailsTo,
  PDF,
  registrationOf,
  submissionOf,
  submitted,
  UNDELIVERABLE,
  upload,
  verified,
} from '../support/applicant.ts';
import { personOf, type SignedInPerson, signedInAgain } from '../support/people.ts';
import { Platform } from '../support/platform.ts';
import { TINY } from '../support/videos-client.ts';

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly email: string;
  readonly next_step: string | null;
  readonly keys_frozen_at: string | null;
}

interface Facts extends Shown {
  readonly name: string;
  readonly company: object;
  readonly declared_use: object;
}
const OTHER_FACTS = {
  name: 'Reuters Newsroom',
  company: { name: 'Reuters', registration_number: 'B999', address: 'Elsewhere 1' },
  declared_use: { text: 'selling videos of newsrooms to everybody', categories: ['news'] },
};

let platform: Platform;
let operator: SignedInPerson;

beforeAll(async () => {
  platform = await Platform.start({ refusedRegions: 'NO' });
  operator = await personOf(platform, 'operator');
});
afterAll(() => platform?.stop());

const problem = (reply: { status: number; body: unknown }) => {
  const { code, detail, param } = reply.body as Problem;
  return { status: reply.status, code, detail, param };
};
const actionsOf = async (accountId: string): Promise<string[]> =>
  (await platform.items<{ sk: string; action?: string }>('Audit', accountId)).flatMap(({ sk, action }) =>
    sk.startsWith('EVENT#') && action ? [action] : [],
  );
const decide = (accountId: string, change: object = {}) =>
  operator.api.send<Shown>('POST', `/operators/accounts/${accountId}/qualification`, {
    submission: 1,
    decision: 'approve',
    reason: 'The documents are in order.',
    commercial_authorisation: true,
    ...change,
  });

describe('0.1 1.1a 1.4 2.1 2.3 an account', () => {
  let person: SignedInPerson;
  let accountId: string;
  const video = () => person.api.refused('POST', '/videos', TINY);

  beforeAll(async () => {
    person = await personOf(platform, 'developer');
  });

  it('is registered by a person who signed in, and refused before with what to do', async () => {
    const refused = problem(await video());
    expect(refused).toMatchObject({ code: 'no_plan', detail: expect.stringContaining('POST /v1/account') });
    const missing = await person.api.refused('POST', '/account/qualification', submissionOf('doc_1'));
    expect(problem(missing)).toMatchObject({ status: 403, detail: expect.stringContaining('POST /v1/account') });

    const { status, body } = await person.api.send<Shown>('POST', '/account', registrationOf(person.email));
    expect([status, body.status]).toEqual([201, 'registered']);
    accountId = body.id;
    const again = await person.api.refused('POST', '/account', registrationOf(person.email));
    expect(problem(again)).toMatchObject({ status: 409, code: 'wrong_state' });
    const { data } = (await person.api.send<{ data: object[] }>('GET', '/account/terms')).body;
    expect(data).toEqual([
      expect.objectContaining({ version: '2026-11-01', how: 'registration', accepted_by: person.personId }),
    ]);
  });

  it('makes no video and submits nothing before its address is confirmed by the code that was mailed', async () => {
    expect(problem(await video()).detail).toContain('POST /v1/account/email/confirmation');
    const early = await person.api.refused('POST', '/account/qualification', submissionOf('doc_1'));
    expect(problem(early)).toMatchObject({ code: 'wrong_state', detail: expect.stringContaining('confirm') });

    const wrong = await person.api.refused('POST', '/account/email/confirmation', { code: 'AAAA-AAAA' });
    expect(problem(wrong)).toMatchObject({ param: 'code', detail: expect.stringContaining('4 more attempts') });
    const code = await codeFor(platform, person.email);
    const { body } = await person.api.send<Shown>('POST', '/account/email/confirmation', { code });
    expect(body).toMatchObject({ status: 'verified', next_step: expect.stringContaining('qualification') });
    const repeated = await person.api.send<Shown>('POST', '/account/email/confirmation', { code });
    expect(repeated).toMatchObject({ status: 200, body: { status: 'verified' } });
  });

  it('submits documents that are there, whole and what they say', async () => {
    expect(problem(await video()).detail).toContain('POST /v1/account/qualification');
    const announced = await announce(person, PDF);
    const missing = await person.api.refused(
      'POST',
      '/account/qualification',
      submissionOf(announced.id, 'doc_nothere'),
    );
    expect(problem(missing).detail).toContain(`${announced.id}: it was announced, but its bytes were not uploaded`);
    expect(problem(missing).detail).toContain('doc_nothere: there is no such document');

    // The signature takes the announced bytes and no others.
    expect(await upload(announced, Buffer.from(PDF.toString().replace('/Count 0', '/Count 1')))).toBe(400);
    expect(await upload(announced, Buffer.concat([PDF, PDF]))).toBe(403);
    const page = { ...announced.upload.headers, 'content-type': 'text/html' };
    expect(await upload({ ...announced, upload: { ...announced.upload, headers: page } }, PDF)).toBe(403);
    const { 'x-amz-tagging': tag, ...untagged } = announced.upload.headers;
    expect(tag).toBe('retention=account');
    expect(await upload({ ...announced, upload: { ...announced.upload, headers: untagged } }, PDF)).toBe(403);
    expect(await upload(announced, PDF)).toBe(200);
    const script = Buffer.from(PDF.toString().replace('/Pages 2 0 R', '/Pages 2 0 R /OpenAction << /S /J#53 >>'));
    const active = await announce(person, script);
    expect(await upload(active, script)).toBe(200);
    const refused = await person.api.refused('POST', '/account/qualification', submissionOf(active.id));
    expect(problem(refused).detail).toContain(`${active.id}: it holds JavaScript`);

    const { status, body } = await person.api.send<Shown>('POST', '/account/qualification', submissionOf(announced.id));
    expect([status, body.status]).toEqual([200, 'submitted']);
    const repeated = await person.api.send('POST', '/account/qualification', submissionOf(announced.id));
    expect(repeated.body).toEqual(body);
    expect(problem(await video()).detail).toContain('being reviewed');
    // What a reviewer reads stays as it was submitted.
    for (const [param, value] of Object.entries(OTHER_FACTS)) {
      const frozen = await person.api.refused('PATCH', '/account', { [param]: value });
      expect(problem(frozen)).toMatchObject({ status: 409, code: 'wrong_state', param });
    }
  });

  it('is reviewed by an operator who sees the documents, which is recorded, and approved once', async () => {
    const list = await operator.api.send<{ data: Shown[] }>('GET', '/operators/applications');
    expect(list.body.data).toContainEqual(
      expect.objectContaining({ id: accountId, country: 'ES', status: 'submitted' }),
    );
    const seen = await operator.api.send<{ documents: { url: string | null; state: string }[] }>(
      'GET',
      `/operators/accounts/${accountId}`,
    );
    const url = seen.body.documents.find(({ state }) => state === 'submitted')?.url ?? '';
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(PDF)).toBe(true);
    expect(seen.body.documents.filter(({ state }) => state === 'announced').every(one => one.url === null)).toBe(true);

    expect(problem(await decide(accountId, { submission: 2 })).code).toBe('wrong_state');
    const both = await Promise.all([decide(accountId), decide(accountId)]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    const { status, body } = await decide(accountId);
    expect([status, body.status]).toEqual([200, 'active']);
    const others = { decision: 'refuse', reason: 'no longer', commercial_authorisation: false };
    for (const [param, value] of Object.entries(others)) {
      const other = problem(await decide(accountId, { [param]: value }));
      expect(other).toMatchObject({ status: 409, param, detail: expect.stringContaining('decided already') });
    }
    const entries = await platform.items<{ kind: string }>('Ledger', accountId);
    expect(entries.map(({ kind }) => kind)).toEqual(['grant']);
    const mails = await mailsTo(platform, person.email);
    expect(mails[0]?.text).toContain(`${OPENING_CREDITS} credits`);
    expect(mails[0]?.text).toContain('Commercial use is authorised.');
    // Decided four times, mailed once.
    expect(mails.filter(({ text }) => text.includes('is approved'))).toHaveLength(1);
  });

  it('has what was decided about commercial use corrected, with a reason and one e-mail', async () => {
    const correct = (body: object) =>
      operator.api.send<{ commercial_use: object }>('PUT', `/operators/accounts/${accountId}/commercial-use`, body);
    const correction = { authorised: false, reason: 'The licence of the register has ended.' };
    const [first, again] = [await correct(correction), await correct(correction)];
    expect(first).toMatchObject({ status: 200, body: { commercial_use: { authorised: false } } });
    expect(again.body).toEqual(first.body);
    expect(problem(await correct({ ...correction, reason: 'another' }))).toMatchObject({ status: 409 });
    const mails = (await mailsTo(platform, person.email)).filter(({ text }) => text.includes(correction.reason));
    expect(mails.map(({ subject }) => subject)).toEqual(['Commercial use of your videos is not authorised']);
    await correct({ authorised: true, reason: 'It was renewed.' });
  });

  it('is what was approved, until a change of it is approved too', async () => {
    const read = async () => (await person.api.send<Facts>('GET', '/account')).body;
    const facts = ({ name, company, declared_use }: Facts) => ({ name, company, declared_use });
    const approved = facts(await read());
    const change = await person.api.send<Facts>('PATCH', '/account', { ...OTHER_FACTS, phone: '+34 600 000 000' });
    expect(change.body).toMatchObject({ ...approved, status: 'active', phone: '+34 600 000 000' });
    expect(change.body.next_step).toContain('submission 2');
    const list = await operator.api.send<{ data: Shown[] }>('GET', '/operators/applications');
    expect(list.body.data.map(({ id }) => id)).toContain(accountId);
    const seen = await operator.api.send<Facts & { submissions: Facts[] }>('GET', `/operators/accounts/${accountId}`);
    expect([facts(seen.body), facts(seen.body.submissions[0] as Facts)]).toEqual([approved, OTHER_FACTS]);

    const refusal = {
      submission: 2,
      decision: 'refuse',
      reason: 'You are no newsroom.',
      commercial_authorisation: undefined,
    };
    expect((await decide(accountId, refusal)).status).toBe(200);
    expect(await read()).toMatchObject({ ...approved, status: 'active', next_step: null });
    expect((await mailsTo(platform, person.email))[0]?.text).toContain('You are no newsroom.');

    const company = { ...approved.company, address: 'Calle Menor 2, 28013 Madrid' };
    await person.api.send('PATCH', '/account', { company: OTHER_FACTS.company });
    await person.api.send('PATCH', '/account', { company });
    // The one that was replaced is decided no more.
    expect(problem(await decide(accountId, { ...refusal, submission: 3, decision: 'approve' })).code).toBe(
      'wrong_state',
    );
    const both = await Promise.all(
      [1, 2].map(() => decide(accountId, { ...refusal, submission: 4, decision: 'approve' })),
    );
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(await read()).toMatchObject({
      ...approved,
      company,
      status: 'active',
      commercial_use: { authorised: true },
    });
    const entries = await platform.items<{ kind: string }>('Ledger', accountId);
    expect(entries.filter(({ kind }) => kind === 'grant')).toHaveLength(1);
  });

  it('then makes its first video, and every step is in its audit trail', async () => {
    const { status, body } = await person.api.create(TINY);
    expect(status, JSON.stringify(body)).toBe(200);
    const actions = await actionsOf(accountId);
    for (const action of [
      'account.registered',
      'terms.accepted',
      'email.verification_sent',
      'email.verified',
      'qualification.document_added',
      'qualification.submitted',
      'account.viewed',
      'qualification.decided',
    ]) {
      expect(actions, action).toContain(action);
    }
    expect(actions.filter(action => action === 'qualification.decided')).toHaveLength(3);
  });
});

describe('1.1a a reviewer', () => {
  it('may ask for more, and refuse with a reason that the account reads and is mailed', async () => {
    const person = await personOf(platform, 'developer');
    const accountId = await submitted(platform, person);
    const nothing = { commercial_authorisation: undefined };
    await decide(accountId, { ...nothing, decision: 'ask_for_more', reason: 'The extract is older than a year.' });
    const [mail] = await mailsTo(platform, person.email);
    expect(mail?.text).toContain('The extract is older than a year.');
    const newer = await announce(person, PDF);
    await upload(newer, PDF);
    await person.api.send('POST', '/account/qualification', submissionOf(newer.id));
    const unanswered = problem(await decide(accountId, { ...nothing, submission: 2 }));
    expect(unanswered).toMatchObject({ status: 400, param: 'commercial_authorisation' });
    await decide(accountId, {
      ...nothing,
      submission: 2,
      decision: 'refuse',
      reason: 'The company is not in the register.',
    });
    const { body } = await person.api.send<{ status: string; submissions: { decision: object }[] }>(
      'GET',
      '/account/qualification',
    );
    expect(body.status).toBe('refused');
    expect(body.submissions.map(({ decision }) => decision)).toEqual([
      expect.objectContaining({ outcome: 'refuse', reason: 'The company is not in the register.' }),
      expect.objectContaining({ outcome: 'ask_for_more' }),
    ]);
  });

  it('finds no account by an id that never was, whatever it looks like', async () => {
    const unknown = ['acct_019f2a6a0c00Ab3dEfGh5JkLmN', 'nobody', 'PERSON'];
    const replies = await Promise.all(unknown.map(id => operator.api.refused('GET', `/operators/accounts/${id}`)));
    for (const reply of replies) {
      expect(problem(reply)).toEqual({
        status: 404,
        code: 'not_found',
        detail: 'there is no such account',
        param: 'id',
      });
    }
    expect(problem(await decide('nobody'))).toMatchObject({ status: 404, detail: 'there is no such account' });
  });

  it('lists all accounts page by page, each once', async () => {
    const ids: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page: { body: { data: Shown[]; last_id: string | null; has_more: boolean } } = await operator.api.send(
        'GET',
        `/operators/accounts?limit=1${after && `&after=${after}`}`,
      );
      ids.push(...page.body.data.map(({ id }) => id));
      after = page.body.has_more ? page.body.last_id : null;
    }
    const stored = (await platform.everything('Core')).filter(({ sk }) => sk === 'ACCOUNT');
    expect(ids.toSorted()).toEqual(stored.map(({ accountId }) => String(accountId)).sort());
  });
});

describe('1.1b a region that is not served', () => {
  it('is refused by its name, and nothing is stored or sent', async () => {
    const person = await personOf(platform, 'developer');
    for (const [country, name] of [
      ['KP', 'North Korea'],
      ['NO', 'Norway'],
    ]) {
      const refused = await person.api.refused('POST', '/account', registrationOf(person.email, { country }));
      expect(problem(refused)).toMatchObject({ status: 451, code: 'region_not_served', param: 'country' });
      expect(problem(refused).detail).toContain(name);
    }
    expect(await mailsTo(platform, person.email)).toEqual([]);
    expect((await person.api.send('GET', '/account')).status).toBe(403);
  });
});

describe('2.3 a change of address', () => {
  it('is confirmed from both, and five wrong attempts void the codes', async () => {
    const person = await personOf(platform, 'developer');
    await verified(platform, person);
    const email = `new-${person.email}`;
    await person.api.send('POST', '/account/email/change', { email });
    const codes = {
      old_address_code: await codeFor(platform, person.email),
      new_address_code: await codeFor(platform, email),
    };
    const swapped = { old_address_code: codes.new_address_code, new_address_code: codes.old_address_code };
    const wrong = await person.api.refused('POST', '/account/email/change/confirmation', swapped);
    expect(problem(wrong).param).toBe('old_address_code');
    const { body } = await person.api.send<Shown>('POST', '/account/email/change/confirmation', codes);
    expect(body.email).toBe(email);
    expect((await mailsTo(platform, person.email))[0]?.subject).toContain('changed');

    await person.api.send('POST', '/account/email/change', { email: person.email });
    const right = {
      old_address_code: await codeFor(platform, email),
      new_address_code: await codeFor(platform, person.email),
    };
    for (let attempt = 0; attempt < 5; attempt++) {
      await person.api.send('POST', '/account/email/change/confirmation', swapped);
    }
    const late = await person.api.refused('POST', '/account/email/change/confirmation', right);
    expect(problem(late)).toMatchObject({ status: 409, detail: expect.stringContaining('no code that lives') });
  });

  it('sends an address at most five codes an hour, whichever accounts name it', async () => {
    const victim = `victim-${Date.now()}@example.com`;
    const statuses: number[] = [];
    for (let count = 0; count < 6; count++) {
      const person = await personOf(platform, 'developer');
      const email = count % 2 === 0 ? victim : victim.replace('@', `+${count}@`).toUpperCase();
      const { status } = await person.api.send('POST', '/account', registrationOf(email));
      statuses.push(status);
      if (status === 429) expect((await person.api.send('GET', '/account')).status).toBe(403);
    }
    expect(statuses).toEqual([201, 201, 201, 201, 201, 429]);
    const other = await personOf(platform, 'developer');
    await verified(platform, other);
    const changed = await other.api.refused('POST', '/account/email/change', { email: victim });
    expect(problem(changed)).toMatchObject({ status: 429, code: 'too_many_codes' });
  });

  it('sends at most five codes an hour', async () => {
    const person = await personOf(platform, 'developer');
    await person.api.send('POST', '/account', registrationOf(person.email));
    const statuses: number[] = [];
    for (let sent = 0; sent < 5; sent++) {
      statuses.push((await person.api.send('POST', '/account/email/verification', {})).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 429]);
    expect(await mailsTo(platform, person.email)).toHaveLength(5);
  });
});

describe('1.1 a registration whose e-mail fails', () => {
  it('is stored all the same, and says how another code is sent', async () => {
    const person = await personOf(platform, 'developer');
    const { status, body } = await person.api.send<Shown>('POST', '/account', registrationOf(UNDELIVERABLE));
    expect({ status, next: body.next_step }).toEqual({
      status: 201,
      next: expect.stringContaining('POST /v1/account/email/verification'),
    });
    const failed = await person.api.refused('POST', '/account/email/verification', {});
    expect(problem(failed)).toMatchObject({ status: 503, code: 'busy' });
  });

  it('is written in the letters of the people who register', async () => {
    const person = await personOf(platform, 'developer');
    await person.api.send('POST', '/account', registrationOf(person.email, { name: 'Zoë Łukasz' }));
    const report = { reason: 'somebody else signed in' };
    // Until its address is proved, nothing is written there but codes, and no word of who registered it.
    await person.api.send('POST', '/account/report-misuse', report);
    const mails = await mailsTo(platform, person.email);
    expect(mails.map(({ text }) => [/[0-9A-Z]{4}-[0-9A-Z]{4}/.test(text), text.includes('Zoë')])).toEqual([
      [true, false],
    ]);
    const again = await signedInAgain(platform, person);
    await again.send('POST', '/account/email/confirmation', { code: await codeFor(platform, person.email) });
    await again.send('POST', '/account/report-misuse', report);
    expect((await mailsTo(platform, person.email))[0]?.text).toContain('Hello Zoë Łukasz,');
  });
});

describe('5.1 addresses', () => {
  it('are neither in the audit trail nor in the logs, but for a masked form', async () => {
    const whole = /[\w.-]@example\.com/;
    const events = (await platform.everything('Audit')).map(event => JSON.stringify(event));
    expect(events.filter(event => event.includes('…@example.com')).length).toBeGreaterThan(3);
    expect(events.filter(event => whole.test(event))).toEqual([]);
    const folder = join(platform.dataDir, 'logs');
    // The local cloud's own log says what its mailbox got.
    const files = readdirSync(folder).filter(file => file !== 'cloud.log');
    const lines = files.flatMap(file => readFileSync(join(folder, file), 'utf8').split('\n'));
    expect(lines.some(line => line.includes('mail not sent'))).toBe(true);
    expect(lines.filter(line => whole.test(line))).toEqual([]);
  });
});
