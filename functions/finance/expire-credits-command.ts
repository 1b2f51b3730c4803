/**
 * Ends what is left of gifts on their day, and says so two weeks before and when it happened. What open jobs hold stays,
 * and is ended on the night after it came back. Each is done once, however often and by how many it is tried.
 */
import type { Account } from '../accounts/account.ts';
import { findAccount } from '../accounts/accounts-store.ts';
import type { TemplateName } from '../accounts/email-templates.ts';
import { deliverMail, type MailDependencies } from '../accounts/mail-command.ts';
import { type AccountMail, mailWrite } from '../accounts/mails-store.ts';
import { auditWrite } from '../audit/audit-store.ts';
import { auditEvent } from '../audit/event.ts';
import { type DueLot, dueMailWrite, dueUntil, finishDue, forgetMail } from '../credits/due-lots-store.ts';
import { expiry } from '../credits/ledger.ts';
import { balanceWrite, entryWrite } from '../credits/ledger-store.ts';
import { endable, type Lot, type Lots, leftOf } from '../credits/lots.ts';
import { keptLots, movedOn } from '../credits/lots-store.ts';
import { dayPlus, utcDay } from '../data/day-shard.ts';
import { commit, RETRY, transact } from '../data/transaction.ts';
import { prefixedId } from '../runtime/ids.ts';
import { logger } from '../runtime/runtime.ts';

export interface ExpiryDependencies extends MailDependencies {
  readonly tables: { readonly core: string; readonly ledger: string; readonly audit: string };
}

/** Accounts that are looked at side by side; what is due of one account goes one after the other. */
const AT_ONCE = 8;

/** What fails for one lot does not stop the others: it is thrown once all were looked at, and a repeated call goes on. */
export async function expireCredits(dependencies: ExpiryDependencies): Promise<{ done: number }> {
  const failures: unknown[] = [];
  let done = 0;
  const today = utcDay(dependencies.now());
  for await (const page of dueUntil(dependencies.tables.core, today)) {
    const accounts = [...Map.groupBy(page, ({ accountId }) => accountId).values()];
    for (let at = 0; at < accounts.length; at += AT_ONCE) {
      await Promise.all(accounts.slice(at, at + AT_ONCE).map(own => each(own)));
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} lots could not be looked at`);
  return { done };

  async function each(lots: readonly DueLot[]): Promise<void> {
    for (const due of lots) {
      try {
        if (await isDone(dependencies, due, today)) {
          await finishDue(dependencies.tables.core, due, dependencies.now());
          done++;
        }
      } catch (error) {
        logger.error('lot not looked at', { accountId: due.accountId, lotId: due.lotId, error: error as Error });
        failures.push(error);
      }
    }
  }
}

/** Whether nothing more is to be done about it. */
async function isDone(dependencies: ExpiryDependencies, due: DueLot, today: string): Promise<boolean> {
  const { tables } = dependencies;
  const account = await findAccount(tables.core, due.accountId);
  if (!account) return true;
  if (due.mailId !== undefined) {
    await deliverMail(dependencies, account, due.mailId);
    if (due.what === 'notice') return true;
    await forgetMail(tables.core, due);
  }
  return due.what === 'notice' ? notice(dependencies, account, due, today) : end(dependencies, due, today);
}

async function notice(
  dependencies: ExpiryDependencies,
  account: Account,
  due: DueLot,
  today: string,
): Promise<boolean> {
  const { tables } = dependencies;
  const lot = (await lotsNow(tables, due, today)).open.find(({ id }) => id === due.lotId);
  // Late by so much that it has ended, the e-mail about that says it.
  if (!lot || (lot.expiresOn ?? '') <= today) return true;
  const mail = mailAbout(dependencies, 'credits_end', lot, leftOf(lot));
  const refused = await commit({
    mail: mailWrite(tables.core, due.accountId, mail),
    due: dueMailWrite(tables.core, due, mail.mailId),
  });
  // Another run has written one, and sends it.
  if (refused) return false;
  await deliverMail(dependencies, account, mail.mailId);
  return true;
}

interface Ended {
  readonly mailId: string | undefined;
  readonly isWhole: boolean;
}

async function end(dependencies: ExpiryDependencies, due: DueLot, today: string): Promise<boolean> {
  const { tables, now, random } = dependencies;
  const { accountId } = due;
  const { mailId, isWhole } = await transact<Ended>(async () => {
    const [account, lots] = [await findAccount(tables.core, accountId), await lotsNow(tables, due, today)];
    const lot = lots.open.find(({ id }) => id === due.lotId);
    if (!account || !lot) return { result: { mailId: undefined, isWhole: true } };
    // The index that gives an account's entries follows the table: what it does not have yet might be use of this lot.
    if (lots.available !== account.available || lots.held !== account.held)
      throw new Error(`the entries of ${accountId} are not all in the index yet`);
    const credits = endable(lots, lot.id);
    if (credits === 0) return { result: { mailId: undefined, isWhole: false } };
    const at = now();
    const entry = expiry(`${lot.id}:${today}`, credits, { entryId: lot.id, bookedAt: lot.bookedAt });
    const details = { accountId, action: 'credits.expired', subject: entry.id, detail: { credits } } as const;
    const mail = mailAbout(dependencies, 'credits_ended', lot, credits);
    return {
      result: { mailId: mail.mailId, isWhole: credits === leftOf(lot) },
      writes: {
        entry: entryWrite(tables.ledger, accountId, entry, at),
        account: balanceWrite(tables.core, accountId, [entry], account.available),
        event: auditWrite(
          tables.audit,
          auditEvent({ kind: 'platform', id: 'expire-credits' }, details, { now: at, random }),
        ),
        mail: mailWrite(tables.core, accountId, mail),
        due: dueMailWrite(tables.core, due, mail.mailId),
      },
      // Another run has ended it on this day; where the balance has moved, it is looked at again.
      refused: refused => {
        if ('entry' in refused || 'due' in refused) return { mailId: undefined, isWhole: false };
        return RETRY;
      },
    };
  });
  const account = mailId === undefined ? undefined : await findAccount(tables.core, accountId);
  if (account && mailId !== undefined) {
    await deliverMail(dependencies, account, mailId);
    await forgetMail(tables.core, due);
  }
  return isWhole;
}

async function lotsNow(tables: ExpiryDependencies['tables'], { accountId }: DueLot, today: string): Promise<Lots> {
  const kept = await keptLots(tables.core, accountId, today);
  // Clocks differ: an entry of this moment may be of tomorrow.
  return movedOn(tables.ledger, accountId, kept, dayPlus(today, 2));
}

function mailAbout(
  { now, random }: ExpiryDependencies,
  template: TemplateName,
  { bookedAt, expiresOn = '' }: Lot,
  credits: number,
): AccountMail {
  const at = now();
  const fields = { credits, day: expiresOn, given: bookedAt.slice(0, 10) };
  return { mailId: prefixedId('mail', at, random), template, fields, createdAt: new Date(at).toISOString() };
}
