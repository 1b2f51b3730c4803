/**
 * From what is stored to the rows of a day's datasets. A row has only what no later change of the item can change, so
 * that a day that is exported again has the same bytes.
 */
import { type LedgerAccount, valueDateOf } from '../credits/ledger.ts';
import type { BookedEntry } from '../credits/ledger-store.ts';
import type { UsageCount } from '../credits/usage-count.ts';
import type { InvoiceDocument } from '../invoices/document.ts';
import { DECIMAL_SCALE } from './csv.ts';
import type { Row } from './dataset-contract.ts';

/** An entry as the index by day carries it. */
export interface DayEntry extends BookedEntry {
  readonly accountId: string;
}

/** An entry with its account's name; empty where the account has none that is known. */
export interface NamedEntry extends DayEntry {
  /** Of the document that it has, once that is issued. */
  readonly invoiceNumber?: string;
  readonly accountName: string;
}

/** A job as the indexes by day carry it: nothing of the request. */
export interface DayJob {
  readonly accountId: string;
  readonly jobId: number;
  readonly state: string;
  /** Of a deleted job: how it had ended. */
  readonly endedAs?: string;
  readonly credits: number;
  readonly keyId: string;
  readonly plan?: string;
  readonly function: string;
  readonly model?: string;
  readonly quality?: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly endedAt?: string;
  readonly failureCode?: string;
}

/** API Gateway's count of a key in a usage plan on one day. */
export interface GatewayCount {
  readonly usagePlanId: string;
  readonly plan: string;
  readonly keyId: string;
  /** Absent where nobody knows any more whose key it was. */
  readonly accountId?: string;
  readonly requests: number;
  readonly remaining: number;
}

const CREDIT_ACCOUNTS = [
  'available',
  'held',
  'revenue',
  'issued',
  'sold',
  'expired',
  'adjusted',
] as const satisfies LedgerAccount[];

export function entryRow(entry: NamedEntry): Row {
  const { id, accountId, kind, bookedAt, postings, jobId = null, keyId = null, plan = null, money } = entry;
  const moved = CREDIT_ACCOUNTS.map(name =>
    postings.filter(({ account }) => account === name).reduce((sum, { amount }) => sum + amount, 0),
  );
  const paid = money ? [money.amount, money.currency, money.reference] : [null, null, null];
  const { function: name = null, model, accountName, reason = null, reference = null, corrects, expiresOn } = entry;
  const said = [
    accountName || null,
    reason,
    reference,
    valueDateOf(entry),
    corrects?.entryId ?? null,
    expiresOn ?? null,
  ];
  return [id, accountId, kind, bookedAt, ...moved, jobId, name, model || null, keyId, plan, ...paid, ...said];
}

/** Of what goes back, the amounts are below zero: all of a month add up to what was paid. */
export function invoiceRow(document: InvoiceDocument): Row {
  const { invoiceId, number, kind, issuedAt, valueDate, accountId, customer, entryId, reference, currency } = document;
  const { net, tax, total, taxRate, taxTreatment, taxCountry = null, corrects } = document;
  const sign = kind === 'credit_note' ? -1 : 1;
  const named = [bookName(customer.name), customer.country ?? null, customer.taxId ?? null];
  // 0 and not -0, which is no number of a file.
  const amounts = [net, tax, total].map(amount => sign * amount || 0);
  const rate = (taxRate * DECIMAL_SCALE) / 100;
  const taxed = [rate, taxTreatment, taxCountry, corrects?.number ?? null];
  return [
    invoiceId,
    number,
    kind,
    issuedAt,
    valueDate,
    accountId,
    ...named,
    entryId,
    reference,
    currency,
    ...amounts,
    ...taxed,
  ];
}

/** A name as books show it: a spreadsheet takes what begins with one of these for a formula, unless an apostrophe stands before it. */
export function bookName(name: string): string {
  return /^[=+\-@]/.test(name) ? `'${name}` : name;
}

function jobCells(job: DayJob): Row {
  const { jobId, accountId, plan = null, keyId, model = '', quality = '', credits } = job;
  return [jobId, accountId, plan, keyId, job.function, model, quality, credits];
}

/** `day` as `2026-11-24`: an end on a later day is left out, for it may not have been known yet. */
export function startedRow(job: DayJob, day: string): Row {
  return [...jobCells(job), job.createdAt, endedOn(job, day) ? (job.endedAt ?? null) : null];
}

export function endedRow(job: DayJob): Row {
  const state = endOf(job);
  const charged = state === 'succeeded' ? job.credits : 0;
  const { createdAt, endedAt = '', failureCode = null, credits } = job;
  return [...jobCells(job), createdAt, endedAt, state, failureCode, charged, credits - charged];
}

export function usageRow(accountId: string, count: UsageCount): Row {
  const { model, keyId, started, succeeded, failed, cancelled, rejected, held, charged, released, seconds } = count;
  const counts = [started, succeeded, failed, cancelled, rejected, held, charged, released, seconds];
  return [accountId, count.function, model, keyId, ...counts.map(counted => counted ?? 0)];
}

export function gatewayRow({ usagePlanId, plan, keyId, accountId, requests, remaining }: GatewayCount): Row {
  return [usagePlanId, plan, keyId, accountId ?? null, requests, remaining];
}

/** How a job ended, also where it was deleted since. */
export function endOf({ state, endedAs }: DayJob): string {
  return endedAs ?? state;
}

export function endedOn({ endedAt = '' }: DayJob, day: string): boolean {
  return endedAt.slice(0, 10) === day;
}
