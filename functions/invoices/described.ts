/** A document as the API shows it. Pure. */
import type { z } from 'zod';
import type { invoiceObject } from './contract.ts';
import { type InvoiceDocument, taxNote } from './document.ts';

export function describeInvoice(invoice: InvoiceDocument): z.output<typeof invoiceObject> {
  const { issuer, customer, corrects } = invoice;
  return {
    id: invoice.invoiceId,
    object: 'invoice',
    kind: invoice.kind,
    number: invoice.number,
    issued_at: invoice.issuedAt,
    value_date: invoice.valueDate,
    entry: invoice.entryId,
    reference: invoice.reference,
    issuer: {
      name: issuer.name,
      address: issuer.address,
      country: issuer.country || null,
      tax_id: issuer.taxId || null,
    },
    customer: {
      name: customer.name,
      address: customer.address ?? null,
      country: customer.country ?? null,
      registration_number: customer.registrationNumber ?? null,
      tax_id: customer.taxId ?? null,
    },
    description: invoice.description,
    currency: invoice.currency,
    net: invoice.net,
    tax: invoice.tax,
    total: invoice.total,
    tax_rate: String(invoice.taxRate / 100),
    tax_treatment: invoice.taxTreatment,
    tax_country: invoice.taxCountry ?? null,
    note: taxNote(invoice) || null,
    corrects: corrects ? { id: corrects.invoiceId, number: corrects.number } : null,
    credited: invoice.credited ?? 0,
    hosted_by: invoice.hosted ? 'stripe' : null,
    pdf: invoice.pdf ? { sha256: invoice.pdf.sha256, bytes: invoice.pdf.bytes } : null,
  };
}
