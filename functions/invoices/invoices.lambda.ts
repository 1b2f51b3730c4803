import { knownAccount } from '../accounts/accounts-store.ts';
import { restHandler } from '../audit/api-handlers.ts';
import { recordView } from '../audit/record-view-command.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { route } from '../http/api-handler.ts';
import type { Caller } from '../http/caller.ts';
import { pageOfIds } from '../http/page.ts';
import { hostedInvoice, stripeReader } from '../payments/stripe-client.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import * as contract from './contract.ts';
import { describeInvoice } from './described.ts';
import type { InvoiceDocument } from './document.ts';
import { findInvoice, invoicesOf, LINK_SECONDS, pdfLink } from './invoices-store.ts';

const CORE_TABLE = setting('CORE_TABLE');
const AUDIT_TABLE = setting('AUDIT_TABLE');
const INVOICES_BUCKET = setting('INVOICES_BUCKET');
const stripe = stripeReader({ secretArn: setting('STRIPE_SECRET_ARN'), apiUrl: setting('STRIPE_API_URL') });
const LIMIT = 20;

/** The account's own documents, and finance's view of any account's. */
export const handler = restHandler(
  route(contract.listInvoices, async ({ caller, input }) => ({ body: await listed(caller.accountId, input) })),
  route(contract.retrieveInvoice, async ({ caller, input: { id } }) => ({
    body: describeInvoice(await existing(caller.accountId, id, 'id')),
  })),
  route(contract.linkInvoicePdf, async ({ caller, input: { id } }) => ({
    body: await linked(await existing(caller.accountId, id, 'id')),
  })),
  route(contract.listAccountInvoices, async ({ caller, input: { id, ...page } }) => {
    await viewed(caller, id);
    return { body: await listed(id, page) };
  }),
  route(contract.linkAccountInvoicePdf, async ({ caller, input: { id, invoice } }) => {
    await viewed(caller, id, invoice);
    return { body: await linked(await existing(id, invoice, 'invoice')) };
  }),
);

async function viewed(caller: Caller, accountId: string, subject?: string): Promise<void> {
  await knownAccount(CORE_TABLE, accountId);
  const view = { accountId, what: 'invoices', ...(subject !== undefined && { subject }) };
  await recordView({ auditTable: AUDIT_TABLE, now, random }, caller, view);
}

async function listed(
  accountId: string,
  { limit = LIMIT, after }: { limit?: number | undefined; after?: string | undefined },
) {
  const { invoices, more } = await invoicesOf(CORE_TABLE, accountId, { after, limit });
  return pageOfIds(invoices.map(describeInvoice), more);
}

async function existing(accountId: string, id: string, member: string): Promise<InvoiceDocument> {
  const invoice = await findInvoice(CORE_TABLE, accountId, id);
  if (!invoice) throw new Refusal('not_found', `there is no invoice ${id} in this account`, member);
  return invoice;
}

async function linked(invoice: InvoiceDocument) {
  const { invoiceId: id, pdf, hosted } = invoice;
  if (hosted) {
    // As Stripe gives it now: its links end.
    const { pdf: url } = await hostedInvoice(await stripe(), hosted.id);
    if (!url) throw new Refusal('busy', `Stripe has no PDF of ${invoice.number} yet; ask again in a moment`);
    return { id, object: 'invoice.pdf' as const, url, expires_at: null, sha256: null, bytes: null };
  }
  if (!pdf) throw new Refusal('busy', `the PDF of ${invoice.number} is being made; ask again in a moment`);
  const url = await pdfLink(INVOICES_BUCKET, invoice, pdf.sha256);
  const expires_at = new Date(now() + LINK_SECONDS * 1000).toISOString();
  return { id, object: 'invoice.pdf' as const, url, expires_at, ...pdf };
}
