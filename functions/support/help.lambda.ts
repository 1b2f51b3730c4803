import { knownAccount } from '../accounts/accounts-store.ts';
import { mailsOf } from '../accounts/mails-store.ts';
import { restHandler } from '../audit/api-handlers.ts';
import { recordView } from '../audit/record-view-command.ts';
import { entriesOfJob, ledgerPage } from '../credits/ledger-store.ts';
import { findJob } from '../generation/jobs-store.ts';
import { jobIdOf, noSuchVideo, videoId } from '../generation/videos/video-object.ts';
import { route } from '../http/api-handler.ts';
import type { Caller } from '../http/caller.ts';
import { pageOfIds } from '../http/page.ts';
import { keysPage } from '../keys/keys-command.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { describeEntries, ledgerList, readLedgerList } from '../usage/ledger-list.ts';
import { describeMail } from './account-email.ts';
import { describeAccountVideo, timelineOf } from './account-video.ts';
import * as contract from './contract.ts';
import { jobsPage } from './jobs-store.ts';
import { search } from './search-command.ts';
import { searchAccounts } from './search-contract.ts';

const TABLES = {
  core: setting('CORE_TABLE'),
  jobs: setting('JOBS_TABLE'),
  ledger: setting('LEDGER_TABLE'),
  audit: setting('AUDIT_TABLE'),
};
const DEPENDENCIES = { tables: TABLES, now, random };
const LIMIT = 20;

/** The account, of which it is recorded first that it is looked at; a Refusal where there is none. */
async function viewed(caller: Caller, accountId: string, what: string, subject?: string) {
  const account = await knownAccount(TABLES.core, accountId);
  const view = { accountId, what, ...(subject !== undefined && { subject }) };
  await recordView({ auditTable: TABLES.audit, now, random }, caller, view);
  return account;
}

export const handler = restHandler(
  route(searchAccounts, async ({ caller, input }) => ({
    body: await search(DEPENDENCIES, caller, input.query),
  })),
  route(contract.listAccountVideos, async ({ caller, input: { id, limit = LIMIT, after } }) => {
    const page = { after: after === undefined ? undefined : jobIdOf(after, 'after'), limit };
    await viewed(caller, id, 'videos');
    const { jobs, more } = await jobsPage(TABLES.jobs, id, page);
    return { body: pageOfIds(jobs.map(describeAccountVideo), more) };
  }),
  route(contract.readAccountVideo, async ({ caller, input: { id, video } }) => {
    const jobId = jobIdOf(video, 'video');
    await viewed(caller, id, 'video', videoId(jobId));
    const job = await findJob(TABLES.jobs, id, jobId);
    if (!job) throw noSuchVideo(video, 'video');
    const timeline = timelineOf(job).map(({ state, at, reason = null }) => ({ state, at, reason }));
    const entries = await entriesOfJob(TABLES.ledger, id, jobId);
    const history = { object: 'account.video.history' as const, video: describeAccountVideo(job) };
    return { body: { ...history, timeline, ledger: describeEntries(entries) } };
  }),
  route(contract.listAccountLedger, async ({ caller, input: { id, ...query } }) => {
    const wanted = readLedgerList(query);
    await viewed(caller, id, 'ledger');
    const { entries, looked } = await ledgerPage(TABLES.ledger, id, wanted);
    return { body: ledgerList(wanted, entries, looked) };
  }),
  route(contract.readAccountBalance, async ({ caller, input: { id } }) => {
    const { available, held, running, highWaterMark = null } = await viewed(caller, id, 'balance');
    const credits = { available, held, unfinished: running, high_water_mark: highWaterMark };
    return { body: { object: 'account.balance' as const, account_id: id, ...credits } };
  }),
  route(contract.listAccountKeys, async ({ caller, input: { id, limit = LIMIT, after } }) => {
    await viewed(caller, id, 'keys');
    return { body: await keysPage(TABLES, id, { after, limit }, now()) };
  }),
  route(contract.listAccountEmails, async ({ caller, input: { id, limit = LIMIT, after } }) => {
    await viewed(caller, id, 'emails');
    const { mails, more } = await mailsOf(TABLES.core, id, { after, limit });
    return { body: pageOfIds(mails.map(describeMail), more) };
  }),
);
