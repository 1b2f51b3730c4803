/** Sends e-mails to accounts, and keeps of each that it was sent. */
import { Refusal } from '../catalogue/refusal.ts';
import { prefixedId, type Random } from '../runtime/ids.ts';
import { notifyByMail } from '../runtime/mail.ts';
import { maskedAddress } from '../runtime/mail-text.ts';
import { logger } from '../runtime/runtime.ts';
import { type Account, provenAddress } from './account.ts';
import { emailOf } from './email-templates.ts';
import { type AccountMail, claimMail, keepMail, noteMail } from './mails-store.ts';

export interface MailDependencies {
  readonly tables: { readonly core: string };
  readonly mailFrom: string;
  /** Where people write to for help. */
  readonly support: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
}

interface Outgoing {
  readonly accountId: string;
  readonly to: string;
  readonly template: AccountMail['template'];
  readonly email: { readonly subject: string; readonly text: string };
}

/** Whether it was sent; it is kept that it was, or was not. What cannot be kept is an error in the log. */
export async function mailTo(
  { tables, mailFrom, now, random }: Omit<MailDependencies, 'support'>,
  { accountId, to, template, email }: Outgoing,
): Promise<boolean> {
  const isSent = await notifyByMail(mailFrom, to, email);
  const at = new Date(now()).toISOString();
  const mail = { mailId: prefixedId('mail', now(), random), template, createdAt: at, to: maskedAddress(to) };
  try {
    await keepMail(tables.core, accountId, { ...mail, ...(isSent ? { sentAt: at } : { failedAt: at }) });
  } catch (error) {
    logger.error('mail not kept', { accountId, template, error: error as Error });
  }
  return isSent;
}

/** As `mailTo`, for a call that sends it again when it is repeated: throws a Refusal where it fails. */
export async function sendTo(dependencies: Omit<MailDependencies, 'support'>, outgoing: Outgoing): Promise<void> {
  if (!(await mailTo(dependencies, outgoing))) throw notSent();
}

/**
 * Sends the e-mail that a decision has written, once: as it was written, to where the account is written to now. Nothing is
 * sent to an account without a proved address. Throws a Refusal where it fails; the repeated call sends it then.
 */
export async function deliverMail(
  { tables, mailFrom, support, now }: Omit<MailDependencies, 'random'>,
  account: Account,
  mailId: string,
): Promise<void> {
  const { accountId, name } = account;
  const to = provenAddress(account);
  if (to === undefined) return;
  const mail = await claimMail(tables.core, accountId, mailId, now());
  if (!mail || mail.template === 'alert') return;
  const isSent = await notifyByMail(mailFrom, to, emailOf(mail.template, { ...mail.fields, name, support }));
  await noteMail(tables.core, accountId, mailId, {
    to: maskedAddress(to),
    at: new Date(now()).toISOString(),
    isSent,
  });
  if (!isSent) throw notSent();
}

function notSent(): Refusal {
  return new Refusal(
    'busy',
    'what you asked for is stored, but the e-mail about it could not be sent; send the call again in a moment',
  );
}
