/**
 * What log lines say and what reports count. Neither has identity or content in it: logs name accounts and videos by ids of
 * ours, and statistics are computed without either. Pure data.
 */
import { type Attribute, attributes } from './inventory.ts';

const {
  pk: _pk,
  sk: _sk,
  ...LINES
} = attributes(`
  accountId# The account.
  jobId# The video.
  keyId# The key or person, in the log of calls.
  eventId# The provider's id of an event.
  lotId# A gift of credits.
  invoiceId# A document.
  purchaseId# A purchase.
  requestId# The id that a call was answered with.
  entry# A ledger entry.
  exportId# An export.
  item# The key of an item that something is due of.
  key# The key of an item or object.
  reference# The provider's id of a payment.
  route The route of a call, without what was in it.
  refusal Why a call was refused.
  field The member that was wrong, not what was in it.
  error What went wrong, for us to mend.
  reason The same, as a code.
  action What was to be recorded.
  plan A plan.
  credits Credits.
  version A version of the terms.
  template Which e-mail.
  subject What an alert is about.
  threshold Which share of it was reached.
  mailed Whether an e-mail was sent.
  day A day.
  rows How many rows.
  causes How many differences, by cause.
  unexplained How many without one.
  issued How many documents.
  objects How many objects.
  usedBy How many videos are made of it.
  videos How many videos.
  uploads How many uploads.
  warned How many accounts were written to.
  failures How many failures.
  attempt Which attempt.
  attempts How many attempts.
  awaited Whether it was waited for.
  lost Whether a lease was lost.
  shuttingDown Whether a worker was stopping.
  engine What makes the images.
  replayed Whether the call was repeated.
  outcome How it ended.
  settlement How it was settled.
  fact What was reported.
  type What kind of event.
  code A code of the provider.
  statusCode The provider's status.
  issuer Which sign-in.
  secretId Which secret, not what is in it.
  sealed How many events.
  number A number.
  noted Whether it was noted.
  files How many files.
  bytes How many bytes.
  started How many were started.
  settled How many were settled.
  running How many run.
  purged How many were removed.
  why In words of ours.
  what What was tried.
  pause How long it waits.
  retryInMs How long it waits.
`);
/** Members of log lines, by their names. */
export const LOG_MEMBERS: Readonly<Record<string, Attribute>> = LINES;

/** The log of the gateway: one line for each call, by its fields. */
export const ACCESS_LOG_FIELDS: Readonly<Record<string, 'identity' | 'pseudonym' | 'fact'>> = {
  ip: 'identity',
};

/** Columns of reports that say who somebody is: documents and what is booked by hand must. No other dataset has one. */
export const NAMED_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  accounts: ['account_name'],
  ledger_entries: ['account_name'],
  recognised_revenue: ['account_name'],
  reconciliation: ['account_name'],
  invoices: ['customer_name', 'customer_country', 'customer_tax_id'],
};
