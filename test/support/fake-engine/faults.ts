/** Every way in which the fake engine misbehaves, and what a driver makes of it. */
import type { EngineError } from '../../../functions/worker/engines/engine-error.ts';
import type { Plan } from './plan.ts';

const twice = (plan: Plan): Plan[] => [plan, plan];
const many = (plan: Plan): Plan[] => Array.from({ length: 100 }, () => plan);

/** Plans of which the engine recovers by itself, with how many jobs it took. */
export const RECOVERED: readonly [string, Plan[], number][] = [
  ['a status that nobody knows, for a while', [{ run: 'odd_status' }], 1],
  ['a restart that forgets the job', [{ run: 'restart' }], 2],
  ['a job that somebody else cancels', [{ run: 'cancelled' }], 2],
  ['polls answered by server errors', [{ run: 'polls_500' }], 1],
  ['polls that are cut off', [{ run: 'polls_cut' }], 1],
  ['polls answered by HTML', [{ run: 'polls_garbled' }], 1],
  ['503 to the first create calls', [{ create: 503 }, { create: 429 }, { create: 500 }], 4],
  ['an answer to create that is lost', [{ create: 'reply_lost' }], 2],
  ['no answer to create', [{ create: 'no_reply' }], 2],
  ['a download that breaks off', [{ content: ['short', 'whole'] }], 1],
  ['an MP4 that was cut short once', [{ content: ['cut_mp4', 'whole'] }], 1],
  ['content that is not ready yet', [{ content: ['not_ready', 'not_ready', 'whole'] }], 1],
  ['a server error on the download', [{ content: [500, 'whole'] }], 1],
];

/** Plans that a job does not live through, with the error that it ends with and whether another attempt may go better. */
export const LOST: readonly [string, Plan[], EngineError['code'], boolean][] = [
  ['a hang', [{ run: 'hang' }], 'engine_timeout', true],
  ['a status that nobody knows, for ever', [{ run: 'odd_for_ever' }], 'engine_timeout', true],
  ['a download that drips', [{ content: ['drip'] }], 'engine_timeout', true],
  ['a failure', [{ run: 'fail' }], 'engine_failed', true],
  ['a failure without a code', [{ run: 'fail_without_code' }], 'engine_failed', true],
  ['a create call that it refuses', [{ create: 400 }], 'engine_failed', false],
  ['a create call that it forbids', [{ create: 403 }], 'engine_key_refused', true],
  ['a redirect', [{ create: 'redirect' }], 'engine_failed', false],
  ['want of memory', [{ run: 'out_of_memory' }], 'engine_out_of_memory', true],
  ['want of memory at the create call', [{ create: 'out_of_memory' }], 'engine_out_of_memory', true],
  ['two restarts', twice({ run: 'restart' }), 'engine_lost_job', true],
  ['two lost answers', twice({ create: 'reply_lost' }), 'engine_unreachable', true],
  ['503 to every create call', many({ create: 503 }), 'engine_unreachable', true],
  ['downloads that break off', [{ content: ['short'] }], 'engine_bad_output', true],
  ['an MP4 that was cut short', [{ content: ['cut_mp4'] }], 'engine_bad_output', true],
  ['an empty clip', [{ content: ['empty'] }], 'engine_bad_output', true],
  ['content that never gets ready', [{ content: ['not_ready'] }], 'engine_bad_output', true],
  ['bytes without end', [{ content: ['endless'] }], 'engine_bad_output', true],
  ['WebM', [{ content: ['webm'] }], 'engine_bad_output', false],
  ['a codec of its own', [{ content: ['odd_codec'] }], 'engine_bad_output', false],
  ['server errors on every download', [{ content: [500] }], 'engine_unreachable', true],
];
