import { readFileSync } from 'node:fs';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import type { BookedEntry } from '../credits/ledger-store.ts';
import { streamedItems } from '../data/stream-records.ts';
import { logger, now, random, setting } from '../runtime/runtime.ts';
import { documentedEntries, putPdf } from './invoices-store.ts';
import { issueDocuments } from './issue-documents-command.ts';
import { pdfOf } from './pdf.ts';

/** It lies beside the entry in what is deployed. */
const FONT = readFileSync(new URL('./fonts/DejaVuSans.ttf', import.meta.url));

const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), ledger: setting('LEDGER_TABLE') },
  issuer: {
    name: setting('INVOICE_ISSUER'),
    address: setting('INVOICE_ADDRESS'),
    country: setting('INVOICE_COUNTRY'),
    taxId: setting('INVOICE_TAX_ID'),
  },
  pdfOf: pdfOf.bind(null, FONT),
  keepPdf: putPdf.bind(null, setting('INVOICES_BUCKET')),
  now,
  random,
  mailFrom: setting('MAIL_FROM'),
  support: setting('SUPPORT'),
};

/**
 * Called with the entries with money as the ledger's stream brings them: a batch that fails comes again, whole. By hand with
 * `{"day": "2026-11-24"}` it makes what that day's entries lack, such as those that the stream has put aside.
 */
export async function handler(event: DynamoDBStreamEvent | { readonly day: string }): Promise<object> {
  if ('day' in event) {
    const issued = await issueDocuments(DEPENDENCIES, documentedEntries(DEPENDENCIES.tables.ledger, event.day));
    logger.info('documents of a day', { day: event.day, issued });
    return { day: event.day, issued };
  }
  const entries = streamedItems(event.Records).map(({ item }) => {
    return { accountId: String(item.pk), entry: item as unknown as BookedEntry };
  });
  return { issued: await issueDocuments(DEPENDENCIES, entries) };
}
