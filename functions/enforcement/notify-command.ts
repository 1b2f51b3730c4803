/** Sends the e-mails that decisions about standings have written, as the outbox brings them. */
import { findAccount } from '../accounts/accounts-store.ts';
import { deliverMail, type MailDependencies } from '../accounts/mail-command.ts';
import type { AccountEvent } from '../data/outbox.ts';
import { logger } from '../runtime/runtime.ts';

export interface NotifyDependencies extends Omit<MailDependencies, 'random'> {
  readonly pause: (ms: number) => Promise<unknown>;
}

/** Before each try; with three tries of 10 s at most it ends within the function's minute. */
const PAUSES_MS = [0, 1_000, 4_000];

/** An e-mail that cannot be sent makes no batch fail: it is in the log, and the account reads the same at /v1/account/standing. */
export async function notifyOfStandings(
  dependencies: NotifyDependencies,
  events: readonly AccountEvent[],
): Promise<void> {
  let due = events.filter(({ detail }) => detail.mailId !== undefined);
  for (const ms of PAUSES_MS) {
    if (due.length === 0) return;
    await dependencies.pause(ms);
    const sent = await Promise.all(due.map(event => isSent(dependencies, event)));
    due = due.filter((_, index) => !sent[index]);
  }
  for (const { accountId, eventId } of due) logger.error('e-mail about a standing not sent', { accountId, eventId });
}

async function isSent(dependencies: NotifyDependencies, { accountId, detail }: AccountEvent): Promise<boolean> {
  try {
    const account = await findAccount(dependencies.tables.core, accountId);
    if (account) await deliverMail(dependencies, account, String(detail.mailId));
    return true;
  } catch (error) {
    logger.warn('e-mail about a standing failed', { accountId, error: error as Error });
    return false;
  }
}
