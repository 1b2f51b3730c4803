/**
 * Auto top-up of an account as it is to be looked at: begins a purchase where one is due, charges it, and follows up what was
 * declined. Each step finds what an earlier one has done: whoever comes second, or again after a crash, goes on from there.
 */
import { Refusal } from '../catalogue/refusal.ts';
import { logger } from '../runtime/runtime.ts';
import { type AutoTopUp, forgotten } from './auto-top-up.ts';
import { findAutoTopUp, finishTopUp, topUpsDue } from './auto-top-up-store.ts';
import { beginTopUp } from './begin-top-up-command.ts';
import { changeTopUp, deliver, type TopUpDependencies } from './change-top-up-command.ts';
import { pursueTopUp } from './charge-top-up-command.ts';

/** Accounts that are looked at side by side. */
const AT_ONCE = 8;

/** What fails for one account does not stop the others: failures are thrown once all were looked at. */
export async function topUpAccounts(dependencies: TopUpDependencies, accountIds: Iterable<string>): Promise<void> {
  const failures: unknown[] = [];
  const all = [...new Set(accountIds)];
  for (let at = 0; at < all.length; at += AT_ONCE) {
    await Promise.all(
      all.slice(at, at + AT_ONCE).map(async accountId => {
        try {
          await topUpAccount(dependencies, accountId);
        } catch (error) {
          logger.error('not topped up', { accountId, error: error as Error });
          // What has begun is on the list: it waits there until Stripe answers.
          if (!(error instanceof Refusal && error.kind === 'payments_unavailable')) failures.push(error);
        }
      }),
    );
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} accounts could not be topped up`);
}

/** All accounts of the list that are due. One that fails stays on it, and does not stop the others. */
export async function topUpDue(dependencies: TopUpDependencies): Promise<{ done: number }> {
  const { tables, now } = dependencies;
  const failures: unknown[] = [];
  let done = 0;
  for await (const page of topUpsDue(tables.core, new Date(now()).toISOString())) {
    for (const due of page) {
      try {
        await topUpAccount(dependencies, due.accountId);
        const { open } = await findAutoTopUp(tables.core, due.accountId);
        if (open?.dueAt !== due.at) await finishTopUp(tables.core, due, now());
        done++;
      } catch (error) {
        logger.error('not topped up', { accountId: due.accountId, error: error as Error });
        failures.push(error);
      }
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} accounts could not be topped up`);
  return { done };
}

export async function topUpAccount(dependencies: TopUpDependencies, accountId: string): Promise<void> {
  const { tables } = dependencies;
  const state = await findAutoTopUp(tables.core, accountId);
  if (state.revision === 0) return;
  if (state.mailId !== undefined) await deliverAgain(dependencies, state);
  if (state.retired) await forget(dependencies, state, state.retired);
  const open = state.open ?? (await beginTopUp(dependencies, accountId));
  if (open) await pursueTopUp(dependencies, accountId, open);
}

async function forget(dependencies: TopUpDependencies, { accountId }: AutoTopUp, retired: readonly string[]) {
  const { forgetMethods } = await dependencies.charging();
  await forgetMethods(retired);
  await changeTopUp(dependencies, accountId, state => {
    const isSame = state.retired?.length === retired.length && state.retired.every(one => retired.includes(one));
    return isSame ? { after: forgotten(state), result: undefined } : { result: undefined };
  });
}

/** One that was not sent, or whose sender crashed; nothing waits for it. */
async function deliverAgain(dependencies: TopUpDependencies, state: AutoTopUp): Promise<void> {
  try {
    await deliver(dependencies, state);
  } catch (error) {
    logger.error('no mail about a top-up', { accountId: state.accountId, error: error as Error });
  }
}
