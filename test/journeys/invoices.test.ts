/** The documents of payments, from the booking to the PDF that its customer reads. */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import type { z } from 'zod';
import type { linkInvoicePdf, listInvoices } from '../../functions/invoices/contract.ts';
import { personOf, type SignedInPerson } from '../support/people.ts';
import { type Customer, Platform } from '../support/platform.ts';

type Invoices = z.output<typeof listInvoices.output>;
type Link = z.output<typeof linkInvoicePdf.output>;

let platform: Platform;
let finance: SignedInPerson;
let owner: SignedInPerson;
let customer: Customer;

beforeAll(async () => {
  platform = await Platform.shared();
  finance = await personOf(platform, 'finance');
  owner = await personOf(platform, 'developer');
  customer = await platform.customer({ credits: 0, owner });
});

/** The account's documents once there are so many, each with its PDF. */
async function documents(count: number): Promise<Invoices['data']> {
  for (let tries = 0; tries < 600; tries++) {
    const { body } = await owner.api.send<Invoices>('GET', '/invoices');
    if (body.data.length >= count && body.data.every(({ pdf }) => pdf)) return body.data;
    await pause(100);
  }
  return expect.fail(`not ${count} documents`);
}

const book = (what: string, body: object) =>
  finance.api.send<{ id: string }>('POST', `/operators/accounts/${customer.accountId}/${what}`, body);

it('a payment has a document with a number and a PDF, which its account and finance read and no other; its reversal has a credit note', async () => {
  const reference = `SEPA ${customer.accountId}`;
  const dated = { reference, value_date: '2026-01-20', reason: 'bank transfer' };
  await book('payments', { ...dated, credits: 5000, amount: 4800, currency: 'usd' });
  const [receipt = expect.fail()] = await documents(1);
  expect(receipt).toMatchObject({
    // The stage of this test is not registered for tax.
    kind: 'receipt',
    entry: `purchase#by_hand:${reference}`,
    value_date: '2026-01-20',
    total: 4800,
    tax: 0,
    tax_treatment: 'not_registered',
  });
  expect(receipt.number).toMatch(/^\d{4}-\d{6}$/);
  expect((await owner.api.send('GET', `/invoices/${receipt.id}`)).body).toEqual(receipt);

  const { body: link } = await owner.api.send<Link>('GET', `/invoices/${receipt.id}/pdf`);
  const answer = await fetch(link.url);
  expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${receipt.number}.pdf"`);
  const pdf = Buffer.from(await answer.arrayBuffer());
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect([pdf.length, createHash('sha256').update(pdf).digest('hex')]).toEqual([link.bytes, link.sha256]);

  const stranger = await personOf(platform, 'developer');
  await platform.customer({ credits: 0, owner: stranger });
  for (const path of [receipt.id, `${receipt.id}/pdf`])
    expect(await stranger.api.refused('GET', `/invoices/${path}`)).toMatchObject({ status: 404 });
  const ofAccount = `/operators/accounts/${customer.accountId}/invoices`;
  expect((await finance.api.send<Invoices>('GET', ofAccount)).body.data).toEqual([receipt]);
  const { body: shared } = await finance.api.send<Link>('GET', `${ofAccount}/${receipt.id}/pdf`);
  expect(shared.sha256).toBe(link.sha256);

  await book('payments/reversals', { reference, value_date: '2026-01-21', reason: 'it bounced' });
  const [note, corrected] = await documents(2);
  expect(note).toMatchObject({
    kind: 'credit_note',
    total: 4800,
    corrects: { id: receipt.id, number: receipt.number },
  });
  expect(note?.number).toMatch(/^CN-\d{4}-\d{6}$/);
  expect(corrected).toEqual({ ...receipt, credited: 4800 });
});
