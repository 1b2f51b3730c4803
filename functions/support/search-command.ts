/** Finds accounts for staff who help a customer: a constant number of look-ups, however many accounts there are. */
import type { z } from 'zod';
import type { Account } from '../accounts/account.ts';
import { findAccount } from '../accounts/accounts-store.ts';
import { findTerms } from '../accounts/search-store.ts';
import { comparable, termsOf } from '../accounts/search-terms.ts';
import { findCall, putAuditEvent } from '../audit/audit-store.ts';
import { actorOf, auditEvent } from '../audit/event.ts';
import type { FoundBy } from '../catalogue/found-by.ts';
import type { Caller } from '../http/caller.ts';
import type { Random } from '../runtime/ids.ts';
import { accountOfJob } from './jobs-store.ts';
import type { searchAccounts } from './search-contract.ts';
import { readSearchQuery, type SearchQuery } from './search-query.ts';

export interface SearchDependencies {
  readonly tables: { readonly core: string; readonly jobs: string; readonly audit: string };
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
}

type Found = z.output<typeof searchAccounts.output>;

/** What a search is recorded of: it is of no one account. What was typed in may be personal, and is not recorded. */
const PLATFORM = 'platform';
const MOST_FOUND = 20;

interface Match {
  readonly by: FoundBy | 'account' | 'video' | 'request';
  readonly accountId: string;
  readonly text?: string;
  readonly keyId?: string;
}

export async function search(dependencies: SearchDependencies, caller: Caller, query: string): Promise<Found> {
  const { tables, now, random } = dependencies;
  const matches = await matchesOf(dependencies, readSearchQuery(query));
  const shown = matches.slice(0, MOST_FOUND);
  const ids = [...new Set(shown.map(({ accountId }) => accountId))];
  const accounts = new Map(await Promise.all(ids.map(async id => [id, await findAccount(tables.core, id)] as const)));
  const known = shown.flatMap(match => {
    const account = accounts.get(match.accountId);
    return account ? [describe(match, account)] : [];
  });
  const detail = { by: [...new Set(known.map(({ by }) => by))].join(' '), found: known.length };
  const details = { accountId: PLATFORM, action: 'accounts.searched', detail } as const;
  await putAuditEvent(tables.audit, auditEvent(actorOf(caller), details, { now: now(), random }));
  return { object: 'list', data: known, has_more: matches.length > shown.length };
}

async function matchesOf({ tables }: SearchDependencies, query: SearchQuery): Promise<Match[]> {
  if (query.kind === 'account') return [{ by: 'account', accountId: query.accountId }];
  if (query.kind === 'request') {
    const call = await findCall(tables.audit, query.requestId);
    return call ? [{ by: 'request', accountId: call.accountId }] : [];
  }
  // One more than is shown tells that there are more.
  const terms = query.terms.map(async ({ by, text }): Promise<Match[]> => {
    const found = await findTerms(tables.core, by, text, MOST_FOUND + 1);
    return found.map(term => ({ by, ...term }));
  });
  const [owner, ...found] = await Promise.all([
    query.kind === 'number' ? accountOfJob(tables.jobs, query.jobId) : undefined,
    ...terms,
  ]);
  return [...(owner === undefined ? [] : [{ by: 'video' as const, accountId: owner }]), ...distinct(found.flat())];
}

/** An account is found once by what it is found by, however many words of its name begin so. */
function distinct(matches: readonly Match[]): Match[] {
  const seen = new Map(matches.map(match => [`${match.by} ${match.keyId ?? match.accountId}`, match]));
  return [...seen.values()];
}

function describe({ by, text, keyId }: Match, account: Account): Found['data'][number] {
  const { accountId, name, company, status, plan, createdAt } = account;
  return {
    object: 'search.match',
    by,
    is_current: isCurrent(by, text, account),
    key_id: keyId ?? null,
    account: { id: accountId, name, company: company?.name ?? null, status, plan, created_at: createdAt },
  };
}

/** Whether the account is still called what it was found by, or still written to there. */
function isCurrent(by: Match['by'], text: string | undefined, account: Account): boolean {
  if (by !== 'email' && by !== 'name' && by !== 'company') return true;
  return termsOf({ ...account }).some(term => term.by === by && term.text === comparable(text ?? ''));
}
