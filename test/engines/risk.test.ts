/** Rules that watch use, over the product's own tables: what they stop, tell and open, what people undo, and reports. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountMail } from '../../functions/accounts/mails-store.ts';
import { putAuditEvent, putCall } from '../../functions/audit/audit-store.ts';
import { type AuditEvent, auditEvent } from '../../functions/audit/event.ts';
import { Refusal } from '../../functions/catalogue/refusal.ts';
import { RISK_RULES, type RiskRule } from '../../functions/catalogue/risk-rules.ts';
import { dayPlus, utcDay } from '../../functions/data/day-shard.ts';
import { accountKey } from '../../functions/data/item-keys.ts';
import { findState } from '../../functions/enforcement/standing-store.ts';
import type { Caller } from '../../functions/http/caller.ts';
import type { StoredKey } from '../../functions/keys/key.ts';
import { keyOfAccount, keysOfAccount } from '../../functions/keys/keys-store.ts';
import type { RiskCase } from '../../functions/risk/case.ts';
import { findCase, openCases } from '../../functions/risk/cases-store.ts';
import { decideCase, unfreezeKey } from '../../functions/risk/decide-case-command.ts';
import { observing } from '../../functions/risk/evaluate.ts';
import { replayDay } from '../../functions/risk/replay-command.ts';
import { prepareCaseReport } from '../../functions/risk/report-command.ts';
import { watchUse } from '../../functions/risk/watch-use-command.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';
import { racer, random } from '../support/racer.ts';

let product: ProductTables;
beforeAll(async () => {
  product = await startProductTables();
});
afterAll(() => product?.stop());

/** Within one hour of UTC, whenever this runs. */
const AT = Math.floor(Date.now() / 3600_000) * 3600_000 + 60_000;
let now = AT;
const dependencies = () => ({ tables: product.tables, now: () => ++now, random, rules: RISK_RULES });
type PersonCaller = Extract<Caller, { kind: 'person' }>;
const staff = (id: string): PersonCaller => ({
  kind: 'person',
  id,
  accountId: '',
  plan: '',
  roles: ['operator'],
  address: '192.0.2.1',
  client: 'test',
});
const owner = (accountId: string): Caller => ({ ...staff('user_1'), accountId, roles: ['developer'] });

/** Refused calls of a key for so many different ids, as they are recorded. */
function probing(accountId: string, keyId: string, count: number, from = 0): AuditEvent[] {
  const actor = { kind: 'key', id: keyId, address: '203.0.113.7', client: 'curl/8' } as const;
  return Array.from({ length: count }, (_, index) => {
    const details = {
      accountId,
      action: 'call.refused',
      subject: 'GET /v1/videos/{id}',
      reason: 'not_found',
      detail: { status: 404, sought: `id ${from + index}` },
    } as const;
    return auditEvent(actor, details, { now: AT + (from + index) * 1000, random });
  });
}

/** A rule of few calls that the owner may undo. */
const EASY: readonly RiskRule[] = RISK_RULES.map(rule => ({
  ...rule,
  ownerMayUndo: true,
  conditions: rule.conditions.map(condition => ({ ...condition, least: 3 })) as never,
}));

interface Subject {
  readonly accountId: string;
  readonly keyId: string;
  readonly apiKey: string;
  submit(): Promise<string>;
  key(): Promise<StoredKey>;
  mails(): Promise<string[]>;
  actions(): Promise<string[]>;
}

async function subject(): Promise<Subject> {
  const account = await racer(product);
  const { accountId } = account;
  const { keyId, apiKey } = await account.newKey();
  return {
    accountId,
    keyId,
    apiKey,
    submit: () => account.submit(apiKey),
    key: async () => (await keyOfAccount(product.tables.core, accountId, keyId)) ?? expect.fail(),
    mails: async () =>
      (await product.items<AccountMail & { sk: string }>(product.tables.core, accountKey(accountId).pk))
        .filter(({ sk }) => sk.startsWith('MAIL#'))
        .map(({ template }) => template),
    actions: async () => {
      const events = await product.items<AuditEvent>(product.tables.audit, accountId);
      return events.map(({ action }) => action).filter(action => /^(?:key\.(?:sus|rein)|case|standing)/.test(action));
    },
  };
}

const ofAccount = async (accountId: string): Promise<RiskCase[]> =>
  (await openCases(product.tables.core, { limit: 100 })).cases.filter(found => found.accountId === accountId);
const refusalOf = async (call: Promise<unknown>): Promise<Refusal> => {
  const error = await call.then(
    () => expect.fail('it was not refused'),
    thrown => thrown,
  );
  if (!(error instanceof Refusal)) throw error;
  return error;
};

describe('a rule that is met', () => {
  it('2.4d: stops the key, records the violation, tells the owner and opens a case, once however often the calls come', async () => {
    const { accountId, keyId, submit, key, mails, actions } = await subject();
    const calls = probing(accountId, keyId, 60);
    await watchUse(dependencies(), calls.slice(0, 30));
    expect([await submit(), await ofAccount(accountId)]).toEqual(['admitted', []]);
    await watchUse(dependencies(), calls.slice(20));
    await watchUse(dependencies(), calls);
    await watchUse(dependencies(), calls.toReversed());
    expect(await submit()).toBe('key_refused');
    const cases = await ofAccount(accountId);
    expect(cases).toMatchObject([{ rule: 'id_probing', keyId, did: ['suspend_key', 'warn'], state: 'open' }]);
    const { keys } = await keysOfAccount(product.tables.core, accountId, { limit: 20 });
    expect(keys.map(found => found.pk.slice(0, 4))).toEqual(['KEY#']);
    expect(await key()).toMatchObject({
      state: 'frozen',
      suspension: { caseId: cases[0]?.caseId, ownerMayUndo: false },
    });
    expect(await actions()).toEqual(expect.arrayContaining(['key.suspended', 'standing.violation_recorded']));
    expect(await actions()).toHaveLength(2);
    expect(await mails()).toEqual(['key_suspended']);
    expect(Object.keys((await findState(product.tables.core, accountId)).points)).toHaveLength(1);
  });

  it('leaves nothing of an account that was erased before its calls were looked at', async () => {
    const accountId = 'acct_that_was_erased';
    await watchUse(dependencies(), probing(accountId, 'key_of_it', 60));
    expect(await product.items(product.tables.core, accountKey(accountId).pk)).toEqual([]);
    expect(await ofAccount(accountId)).toEqual([]);
  });

  it('stops and warns nobody on a stage that observes, and opens its case all the same', async () => {
    const { accountId, keyId, submit, mails } = await subject();
    await watchUse({ ...dependencies(), rules: observing(RISK_RULES) }, probing(accountId, keyId, 60));
    expect([await submit(), await mails()]).toEqual(['admitted', []]);
    expect((await findState(product.tables.core, accountId)).points).toEqual({});
    expect(await ofAccount(accountId)).toMatchObject([{ rule: 'id_probing', did: ['open_case'] }]);
  });

  it('leaves the keys of others alone', async () => {
    const [one, other] = [await subject(), await subject()];
    await watchUse(dependencies(), [
      ...probing(one.accountId, one.keyId, 60),
      ...probing(other.accountId, other.keyId, 20),
    ]);
    expect([await one.submit(), await other.submit()]).toEqual(['key_refused', 'admitted']);
    expect(await ofAccount(other.accountId)).toEqual([]);
  });
});

describe('what a rule did', () => {
  it('is undone by a person of staff, once: another decision of the same case is refused', async () => {
    const { accountId, keyId, submit, mails, actions } = await subject();
    await watchUse(dependencies(), probing(accountId, keyId, 60));
    const [{ caseId: id } = expect.fail()] = await ofAccount(accountId);
    const dismissed = { id, decision: 'dismiss', reason: 'a fault of their program' } as const;
    await decideCase(dependencies(), staff('staff_1'), dismissed);
    expect(await submit()).toBe('admitted');
    expect((await findState(product.tables.core, accountId)).points).toEqual({});
    expect(await ofAccount(accountId)).toEqual([]);
    await decideCase(dependencies(), staff('staff_2'), dismissed);
    for (const other of [{ ...dismissed, reason: 'another' }, { ...dismissed, decision: 'confirm' } as const]) {
      expect((await refusalOf(decideCase(dependencies(), staff('staff_1'), other))).kind).toBe('wrong_state');
    }
    expect((await mails()).toSorted()).toEqual(['key_reinstated', 'key_suspended', 'standing_lifted']);
    expect((await actions()).filter(action => action === 'key.reinstated')).toHaveLength(1);
    // What was excused is not raised again in the next hour either.
    const later = probing(accountId, keyId, 60, 3600);
    await watchUse(dependencies(), later);
    expect(await submit()).toBe('admitted');
  });

  it("is undone by the account's own people where it harms nobody else, and by them alone of all accounts", async () => {
    const [one, other] = [await subject(), await subject()];
    const { accountId, keyId, submit } = one;
    await watchUse({ ...dependencies(), rules: EASY }, probing(accountId, keyId, 5));
    expect(await submit()).toBe('key_refused');
    const [{ caseId } = expect.fail()] = await ofAccount(accountId);
    const reason = 'it was us';
    expect((await refusalOf(unfreezeKey(dependencies(), owner(other.accountId), { keyId, reason }))).kind).toBe(
      'not_found',
    );
    expect(await unfreezeKey(dependencies(), owner(accountId), { keyId, reason })).toMatchObject({ state: 'active' });
    expect(await unfreezeKey(dependencies(), owner(accountId), { keyId, reason })).toMatchObject({ state: 'active' });
    expect(await submit()).toBe('admitted');
    expect(await findCase(product.tables.core, caseId)).toMatchObject({ state: 'acknowledged', reason });
  });

  it('stays for what only staff undo, where another rule had stopped it before', async () => {
    const { accountId, keyId, submit, mails } = await subject();
    const gentle = RISK_RULES.filter(({ id }) => id === 'sudden_calls').map(rule => ({
      ...rule,
      needsDays: 0,
      conditions: [{ measure: 'calls@1h', least: 3 }] as const,
    }));
    await watchUse({ ...dependencies(), rules: gentle }, probing(accountId, keyId, 5));
    const [first] = await ofAccount(accountId);
    await watchUse(dependencies(), probing(accountId, keyId, 60));
    const reason = 'it was us';
    expect((await refusalOf(unfreezeKey(dependencies(), owner(accountId), { keyId, reason }))).kind).toBe(
      'wrong_state',
    );
    await decideCase(dependencies(), staff('staff_1'), { id: first?.caseId ?? '', decision: 'dismiss', reason });
    expect([await submit(), (await mails()).filter(each => each === 'key_suspended')]).toEqual([
      'key_refused',
      ['key_suspended', 'key_suspended'],
    ]);
  });

  it('stays where it harms others, or staff confirmed it, until staff undo it', async () => {
    const { accountId, keyId, submit } = await subject();
    await watchUse(dependencies(), probing(accountId, keyId, 60));
    const called = () => refusalOf(unfreezeKey(dependencies(), owner(accountId), { keyId, reason: 'it was us' }));
    expect((await called()).message).toContain('only a person of ours');
    const easy = await subject();
    await watchUse({ ...dependencies(), rules: EASY }, probing(easy.accountId, easy.keyId, 5));
    const [{ caseId: id } = expect.fail()] = await ofAccount(easy.accountId);
    await decideCase(dependencies(), staff('staff_1'), { id, decision: 'confirm', reason: 'it is so' });
    const refused = await refusalOf(
      unfreezeKey(dependencies(), owner(easy.accountId), { keyId: easy.keyId, reason: 'no' }),
    );
    expect([refused.kind, await submit(), await easy.submit()]).toEqual(['wrong_state', 'key_refused', 'key_refused']);
  });
});

describe('a replay', () => {
  it('says what the rules would have done on a recorded day, in whichever partition a call stands, and changes nothing', async () => {
    const { accountId, keyId, submit, actions } = await subject();
    const calls = probing(accountId, keyId, 60);
    for (const [index, call] of calls.entries())
      await (index % 2 ? putCall : putAuditEvent)(product.tables.audit, call);
    const day = utcDay(AT);
    const replayOf = async (on: string, rules: readonly RiskRule[] = RISK_RULES) => {
      for await (const replayed of replayDay(dependencies(), { day: on, rules })) {
        if (replayed.accountId === accountId) return replayed;
      }
      return expect.fail();
    };
    const { calls: counted, hits } = await replayOf(day);
    expect([counted, hits.map(({ rule }) => rule.id)]).toEqual([60, ['id_probing']]);
    expect(hits[0]?.metAt).toBe(AT + 39_000);
    expect((await replayOf(dayPlus(day, 1))).hits).toEqual([]);
    expect((await replayOf(day, [])).hits).toEqual([]);
    expect([await submit(), await ofAccount(accountId), await actions()]).toEqual(['admitted', [], []]);
  });
});

describe('a report to an authority', () => {
  it('has the case, the account and the events, is logged with its hash, and is the same bytes whenever it is read', async () => {
    const { accountId, keyId, actions } = await subject();
    const calls = probing(accountId, keyId, 60);
    for (const [index, call] of calls.entries())
      await (index % 2 ? putCall : putAuditEvent)(product.tables.audit, call);
    await watchUse(dependencies(), calls);
    const [{ caseId: id } = expect.fail()] = await ofAccount(accountId);
    const request = { id, authority: 'Police', statement: 'Ids of others were tried.' };
    const prepared = await prepareCaseReport(dependencies(), staff('staff_1'), request);
    const again = await prepareCaseReport(dependencies(), staff('staff_2'), request);
    expect(again).toMatchObject(prepared);
    expect(createHash('sha256').update(again.text).digest('hex')).toBe(prepared.sha256);
    const bundle = JSON.parse(prepared.text);
    expect(bundle).toMatchObject({
      statement: request.statement,
      account: { id: accountId },
      case: { id, rule: 'id_probing' },
    });
    expect(bundle.events).toHaveLength(60);
    expect(new Set(bundle.events.map(({ actor }: { actor: { id: string } }) => actor.id))).toEqual(new Set([keyId]));
    expect((await actions()).filter(action => action === 'case.report_prepared')).toHaveLength(1);
    const other = await prepareCaseReport(dependencies(), staff('staff_1'), { ...request, authority: 'Court' });
    expect(other.reportId).not.toBe(prepared.reportId);
  });

  it('is of a case that there is', async () => {
    const request = { id: 'case_none', authority: 'Police', statement: 'x' };
    expect((await refusalOf(prepareCaseReport(dependencies(), staff('staff_1'), request))).kind).toBe('not_found');
  });
});
