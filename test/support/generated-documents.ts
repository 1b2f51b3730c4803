/** Documents of a generated month: of each payment and each that went back, numbered in the order of booking. */
import type { Account } from '../../functions/accounts/account.ts';
import type { DayEntry } from '../../functions/finance/rows.ts';
import {
  documentIdOf,
  draftCreditNote,
  draftInvoice,
  type InvoiceDocument,
  numberOf,
  seriesOf,
} from '../../functions/invoices/document.ts';

const ISSUER = { name: 'Mutoscope Video GmbH', address: 'Ring 1, Berlin', country: 'DE', taxId: 'DE123456789' };
const COUNTRIES = ['DE', 'FI', 'JP', 'ES'];

/** Where an account of the month is. */
export function countryOf(accountId: string): string | undefined {
  return COUNTRIES[Number(accountId.slice(5)) % COUNTRIES.length];
}

export class GeneratedDocuments {
  readonly #byId = new Map<string, InvoiceDocument>();
  readonly #last = { invoice: 0, credit_note: 0 };

  constructor(entries: Iterable<DayEntry>) {
    for (const entry of entries) this.#issue(entry);
  }

  /** As the index by day gives them. */
  issuedOn(day: string): InvoiceDocument[] {
    const issued = [...this.#byId.values()].filter(({ issuedAt }) => issuedAt.startsWith(day));
    return issued.sort((one, other) => (one.number < other.number ? -1 : 1));
  }

  numberOf(entry: DayEntry): string | undefined {
    return this.#byId.get(documentIdOf(entry.accountId, entry))?.number;
  }

  #issue(entry: DayEntry): void {
    const series = seriesOf(entry);
    if (!series) return;
    const draft = series === 'invoice' ? this.#invoice(entry) : draftCreditNote(this.#original(entry), entry);
    const original = draft.corrects && this.#byId.get(draft.corrects.invoiceId);
    if (original) this.#byId.set(original.invoiceId, { ...original, credited: (original.credited ?? 0) + draft.total });
    this.#last[series] += 1;
    const number = numberOf(series, entry.bookedAt.slice(0, 4), this.#last[series]);
    this.#byId.set(draft.invoiceId, { ...draft, number, issuedAt: entry.bookedAt, mailId: 'mail_1' });
  }

  #invoice(entry: DayEntry) {
    const { accountId } = entry;
    const account = { accountId, name: '=Faro', country: countryOf(accountId) } as Account;
    return draftInvoice(account, entry, ISSUER);
  }

  /** One of the month before is not among the month's. */
  #original(entry: DayEntry): InvoiceDocument {
    const { accountId, corrects, money } = entry;
    if (!corrects || !money) throw new Error(`${entry.id} takes nothing back`);
    const purchase = { id: corrects.entryId, bookedAt: corrects.bookedAt };
    const known = this.#byId.get(documentIdOf(accountId, purchase));
    const earlier = { ...entry, ...purchase, money: { ...money, amount: 1000 } };
    return known ?? { ...this.#invoice(earlier), number: '2026-000000', issuedAt: corrects.bookedAt, mailId: 'mail_1' };
  }
}
