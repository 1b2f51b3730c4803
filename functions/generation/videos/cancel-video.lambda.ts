import { restHandler } from '../../audit/api-handlers.ts';
import { Refusal } from '../../catalogue/refusal.ts';
import { route } from '../../http/api-handler.ts';
import { setting } from '../../runtime/runtime.ts';
import { cancelJob } from '../cancel.ts';
import { findJob } from '../jobs-store.ts';
import { cancelVideo } from './contract.ts';
import { jobIdOf, noSuchVideo } from './video-id.ts';
import { describeVideo } from './video-object.ts';

const PLACE = {
  tables: { core: setting('CORE_TABLE'), jobs: setting('JOBS_TABLE'), ledger: setting('LEDGER_TABLE') },
  stateMachineArn: setting('STATE_MACHINE_ARN'),
};

export const handler = restHandler(
  route(cancelVideo, async ({ caller: { accountId }, input: { id } }) => {
    const subject = { accountId, jobId: jobIdOf(id) };
    if (!(await findJob(PLACE.tables.jobs, accountId, subject.jobId))) throw noSuchVideo(id);
    await cancelJob(PLACE, subject);
    const job = await findJob(PLACE.tables.jobs, accountId, subject.jobId);
    if (!job) throw noSuchVideo(id);
    // Asked twice it is still cancelled; another end came first and stays.
    if (job.state === 'cancelled') return { body: describeVideo(job) };
    throw new Refusal('wrong_state', `video ${id} has ended before it could be cancelled: it is ${job.state}`, 'id');
  }),
);
