/** Submissions over the product's own tables: what is reviewed and approved is what was submitted, whatever happens meanwhile. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Account } from '../../functions/accounts/account.ts';
import type { ChangeContext } from '../../functions/accounts/account-changes-store.ts';
import type { Submission } from '../../functions/qualification/qualification.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';

let product: ProductTables;
let accounts: typeof import('../../functions/accounts/accounts-store.ts');
let store: typeof import('../../functions/qualification/submissions-store.ts');
let context: ChangeContext;

beforeAll(async () => {
  product = await startProductTables();
  accounts = await import('../../functions/accounts/accounts-store.ts');
  store = await import('../../functions/qualification/submissions-store.ts');
  const { core, audit } = product.tables;
  let seed = 0;
  context = {
    tables: { core, audit },
    actor: { kind: 'person', id: 'user_1' },
    now: Date.parse('2026-11-29T12:00:00Z'),
    random: bytes => new Uint8Array(bytes).fill(++seed),
  };
});
afterAll(() => product?.stop());

const company = { name: 'Faro', registration_number: 'B1', address: 'Calle Mayor 1' };
const declaredUse = { text: 'films for the lessons of schools', categories: ['education'] };
const submission: Submission = {
  version: 1,
  submittedAt: '2026-11-29T12:00:00.000Z',
  submittedBy: 'user_1',
  documents: [],
  name: 'Ana',
  company,
  declaredUse,
  commercialAuthorisation: false,
  statement: 'we teach',
};

async function accountOf(accountId: string, change: Partial<Account>): Promise<Account> {
  const account: Account = {
    accountId,
    accountNumber: 1,
    name: 'Ana',
    company,
    declaredUse,
    status: 'verified',
    plan: 'trial',
    available: 0,
    held: 0,
    running: 0,
    createdAt: '2026-11-29T11:00:00.000Z',
    ...change,
  };
  await product.put(product.tables.core, { pk: `ACCOUNT#${accountId}`, sk: 'ACCOUNT', ...account });
  return account;
}

it('a submission of facts that were changed since they were read is not taken', async () => {
  for (const [accountId, now] of [
    ['acct_name', { name: 'Reuters Newsroom' }],
    ['acct_company', { company: { ...company, name: 'Reuters' } }],
  ] as const) {
    const read = await accountOf(accountId, {});
    await accountOf(accountId, now);
    expect(await store.putSubmission(context, read, submission)).toBe(false);
    expect(await store.findSubmission(product.tables.core, accountId, 1)).toBeUndefined();
    const account = await accounts.knownAccount(product.tables.core, accountId);
    expect(await store.putSubmission(context, account, { ...submission, ...now })).toBe(true);
  }
});

it('a change of approved facts that was replaced is approved no more, and one that waits is approved once', async () => {
  const approved = await accountOf('acct_active', { status: 'active', submissions: 1 });
  const read = () => accounts.knownAccount(product.tables.core, 'acct_active');
  const change = (name: string) => ({ facts: { name, company, declaredUse }, set: {}, changed: ['name'] });
  expect(await store.putChange(context, approved, change('Ben'))).toBe(true);
  // Who read the account before it cannot put another in its place.
  expect(await store.putChange(context, approved, change('Eve'))).toBe(false);
  expect(await store.putChange(context, await read(), change('Cleo'))).toBe(true);
  const decision = {
    outcome: 'approve',
    reason: 'in the register',
    commercialAuthorisation: false,
    decidedAt: '2026-11-29T12:00:00.000Z',
    decidedBy: 'staff_1',
  } as const;
  const mail = (mailId: string) =>
    ({ mailId, template: 'change_approved', createdAt: '2026-11-29T12:00:00.000Z' }) as const;
  const decided = (change: Submission | undefined, mailId: string) => ({
    submission: change as Submission,
    decision,
    mail: mail(mailId),
  });
  const [ben, cleo] = await Promise.all([2, 3].map(at => store.findSubmission(product.tables.core, 'acct_active', at)));
  expect(await store.putChangeDecision(context, await read(), decided(ben, 'mail_1'))).toBe(false);
  expect(await read()).toMatchObject({ name: 'Ana', changeSubmission: 3, applicationStatus: 'submitted' });
  const both = ['mail_2', 'mail_3'].map(async id => store.putChangeDecision(context, await read(), decided(cleo, id)));
  expect((await Promise.all(both)).sort()).toEqual([false, true]);
  const after = await read();
  expect(after).toMatchObject({ name: 'Cleo', status: 'active' });
  expect([after.changeSubmission, after.applicationStatus, after.applicationSince]).toEqual(Array(3).fill(undefined));
});
