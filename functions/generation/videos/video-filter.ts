/** Which videos a list requests, in the members of this dialect. Pure. */
import type { z } from 'zod';
import { FUNCTIONS } from '../../catalogue/functions.ts';
import { JOB_STATES } from '../../catalogue/job-states.ts';
import { MODEL_FUNCTIONS } from '../../catalogue/models.ts';
import { Refusal } from '../../catalogue/refusal.ts';
import type { VideoFunction } from '../../catalogue/video-request.ts';
import { firstIdAt } from '../../runtime/ids.ts';
import { ALL_JOBS, type JobFilter } from '../job-filter.ts';
import type { listVideos } from './contract.ts';
import { modelOf } from './creation.ts';
import { STATUS } from './video-object.ts';

/** Throws a Refusal that names the member. */
export function filterOf(input: z.output<typeof listVideos.input>): JobFilter {
  const { status, function: made, model, created_after, created_before, metadata } = input;
  if (created_after !== undefined && created_before !== undefined && created_after >= created_before) {
    throw new Refusal('invalid_parameter', 'created_after must be before created_before', 'created_after');
  }
  return {
    first: created_after === undefined ? ALL_JOBS.first : firstIdAt(created_after),
    last: created_before === undefined ? ALL_JOBS.last : firstIdAt(created_before) - 1,
    states: status && JOB_STATES.filter(state => STATUS[state] === status),
    ...madeBy(model),
    ...(made && { function: made }),
    metadata,
  };
}

/** What no model makes is shown by its function in place of the model. */
function madeBy(model: string | undefined): Pick<JobFilter, 'function' | 'model'> {
  if (model === undefined) return {};
  const isUnmodelled = Object.hasOwn(FUNCTIONS, model) && !(MODEL_FUNCTIONS as readonly string[]).includes(model);
  return isUnmodelled ? { model: '', function: model as VideoFunction } : { model: modelOf(model) };
}
