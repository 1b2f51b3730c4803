/** An e-mail to an account as staff see it who help a customer: that it was sent, and never a code. Pure. */
import type { z } from 'zod';
import type { AccountMail } from '../accounts/mails-store.ts';
import type { listAccountEmails } from './contract.ts';

export function describeMail(mail: AccountMail): z.output<typeof listAccountEmails.output>['data'][number] {
  const { mailId, template, createdAt, to = null, sentAt = null, failedAt, fields = {} } = mail;
  const state = sentAt !== null ? 'sent' : failedAt === undefined ? 'due' : 'failed';
  return {
    id: mailId,
    object: 'account.email',
    template,
    state,
    to,
    created_at: createdAt,
    sent_at: sentAt,
    detail: { ...fields },
  };
}
