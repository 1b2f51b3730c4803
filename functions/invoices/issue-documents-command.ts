/**
 * Makes the document of an entry with money, after it was booked: its record with its number, then its PDF, then its e-mail.
 * Each step finds what an earlier try has done: a call that comes twice, or after a crash, makes no second document and
 * leaves no gap.
 */
import { createHash } from 'node:crypto';
import { findAccount } from '../accounts/accounts-store.ts';
import { deliverMail } from '../accounts/mail-command.ts';
import { type BookedEntry, findEntry } from '../credits/ledger-store.ts';
import { RETRY, transact } from '../data/transaction.ts';
import { prefixedId, type Random } from '../runtime/ids.ts';
import { logger } from '../runtime/runtime.ts';
import {
  type DocumentIssuer,
  documentIdOf,
  draftCreditNote,
  draftInvoice,
  type InvoiceDocument,
  numberOf,
  type Series,
  seriesOf,
} from './document.ts';
import { documentWrites, findCounter, findInvoice, notePdf } from './invoices-store.ts';

export interface IssueDependencies {
  readonly tables: { readonly core: string; readonly ledger: string };
  readonly issuer: DocumentIssuer;
  /** A document as PDF: the same bytes for the same document. */
  readonly pdfOf: (document: InvoiceDocument) => Promise<Uint8Array>;
  readonly keepPdf: (document: InvoiceDocument, pdf: { sha256: string; contents: Uint8Array }) => Promise<void>;
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
  readonly mailFrom: string;
  /** Where people write to for help. */
  readonly support: string;
}

export interface AccountEntry {
  readonly accountId: string;
  readonly entry: BookedEntry;
}

/** What fails for one does not stop the others: failures are thrown once all else is done. Returns how many have documents. */
export async function issueDocuments(
  dependencies: IssueDependencies,
  entries: AsyncIterable<AccountEntry> | Iterable<AccountEntry>,
): Promise<number> {
  const failures: unknown[] = [];
  let issued = 0;
  for await (const { accountId, entry } of entries) {
    try {
      if (await issueDocument(dependencies, { accountId, entry })) issued++;
    } catch (error) {
      logger.error('document not issued', { accountId, entry: entry.id, error: error as Error });
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} documents were not issued`);
  return issued;
}

/** The document of an entry, made where it is not there; undefined where such entries have none. */
export async function issueDocument(
  dependencies: IssueDependencies,
  { accountId, entry }: AccountEntry,
): Promise<InvoiceDocument | undefined> {
  const series = seriesOf(entry);
  if (!series) return undefined;
  const document = await draw(dependencies, { accountId, entry }, series);
  // What Stripe made has its PDF there, and its e-mail from there.
  if (document.hosted) return document;
  if (!document.pdf) await makePdf(dependencies, document);
  await notify(dependencies, document);
  return document;
}

/** The record with its number. Others draw from the same series: whoever comes second reads and draws again. */
async function draw(
  dependencies: IssueDependencies,
  { accountId, entry }: AccountEntry,
  series: Series,
): Promise<InvoiceDocument> {
  const { tables, issuer, now, random } = dependencies;
  const invoiceId = documentIdOf(accountId, entry);
  const corrected = series === 'credit_note' ? await originalOf(dependencies, { accountId, entry }) : undefined;
  const account = await findAccount(tables.core, accountId);
  if (!account) throw new Error(`there is no account ${accountId}`);
  return transact<InvoiceDocument>(async () => {
    // As it is now: other credit notes may have taken from it meanwhile. And before the document itself is looked for, so that
    // what this very document has taken is not there without it.
    const original = corrected && (await findInvoice(tables.core, accountId, corrected.invoiceId));
    const known = await findInvoice(tables.core, accountId, invoiceId);
    if (known) return { result: known };
    const draft = original ? draftCreditNote(original, entry) : draftInvoice(account, entry, issuer);
    const at = now();
    const { hosted } = entry.money ?? {};
    if (draft.hosted && hosted) {
      const document = { ...draft, number: hosted.number, issuedAt: new Date(at).toISOString() };
      return {
        result: document,
        writes: documentWrites(tables.core, document, { seen: undefined, original }),
        refused: refused => (refused.document ? (refused.document as unknown as InvoiceDocument) : RETRY),
      };
    }
    const seen = await findCounter(tables.core, draft.issuer, series, year(at));
    // Clocks differ by a little, and dates of numbers go one way.
    const issuedAt = [new Date(at).toISOString(), seen.at].sort().at(-1) ?? '';
    const number = numberOf(series, year(at), seen.place + 1);
    const document = { ...draft, number, issuedAt, mailId: prefixedId('mail', at, random) };
    return {
      result: document,
      writes: documentWrites(tables.core, document, { seen, original }),
      refused: refused => (refused.document ? (refused.document as unknown as InvoiceDocument) : RETRY),
    };
  });
}

function year(at: number): string {
  return new Date(at).toISOString().slice(0, 4);
}

/** What a credit note corrects: its document is made first, where it is not there yet. */
async function originalOf(
  dependencies: IssueDependencies,
  { accountId, entry }: AccountEntry,
): Promise<InvoiceDocument> {
  const purchase = entry.corrects && (await findEntry(dependencies.tables.ledger, accountId, entry.corrects.entryId));
  const original = purchase && (await issueDocument(dependencies, { accountId, entry: purchase }));
  if (!original) throw new Error(`the entry ${entry.id} of ${accountId} names no purchase that it takes back`);
  return original;
}

async function makePdf({ tables, pdfOf, keepPdf }: IssueDependencies, document: InvoiceDocument): Promise<void> {
  const contents = await pdfOf(document);
  const sha256 = createHash('sha256').update(contents).digest('hex');
  await keepPdf(document, { sha256, contents });
  await notePdf(tables.core, document, { sha256, bytes: contents.length });
}

/** An e-mail that is not sent stops nothing: the document is there to be read. */
async function notify(dependencies: IssueDependencies, { accountId, invoiceId, mailId }: InvoiceDocument) {
  try {
    const account = await findAccount(dependencies.tables.core, accountId);
    if (account && mailId !== undefined) await deliverMail(dependencies, account, mailId);
  } catch (error) {
    logger.error('no mail about a document', { accountId, invoiceId, error: error as Error });
  }
}
