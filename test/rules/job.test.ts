import { describe, expect, it } from 'vitest';
import {
  isOpen,
  JOB_STATES,
  type JobState,
  OPEN_STATES,
  pixverseStatus,
  priorsOf,
  TRANSITIONS,
} from '../../functions/catalogue/job-states.ts';

const next = (state: JobState): readonly JobState[] => TRANSITIONS[state];

/** Every state that can follow, however late. */
function reachableFrom(state: JobState): Set<JobState> {
  const reached = new Set<JobState>();
  for (let frontier = next(state); frontier.length > 0; ) {
    for (const found of frontier) reached.add(found);
    frontier = frontier.flatMap(next).filter(found => !reached.has(found));
  }
  return reached;
}

const ENDED = JOB_STATES.filter(state => !isOpen(state));

describe('the transitions of a job', () => {
  it('lead only to states that exist', () => {
    expect(JOB_STATES.flatMap(next).filter(state => !JOB_STATES.includes(state))).toEqual([]);
  });

  it('begin at queued alone, and reach every other state from there', () => {
    expect(JOB_STATES.filter(state => priorsOf(state).length === 0)).toEqual(['queued']);
    expect([...reachableFrom('queued'), 'queued'].sort()).toEqual([...JOB_STATES].sort());
  });

  it.each(JOB_STATES)('never lead from %s back to it', state => {
    expect(reachableFrom(state)).not.toContain(state);
  });

  it.each(ENDED)('never lead from %s, which has ended, back to an open state', state => {
    expect([...reachableFrom(state)].filter(isOpen)).toEqual([]);
  });

  it.each(OPEN_STATES)('lead from %s to an end in one step: failing and cancelling are always possible', state => {
    expect(next(state)).toEqual(expect.arrayContaining(['failed', 'cancelled', 'rejected']));
  });

  it('let a job succeed only after somebody generated it', () => {
    expect(priorsOf('succeeded').sort()).toEqual(['generating', 'in_review', 'screening']);
  });

  it('let everything that ended be deleted, and nothing follow that', () => {
    expect(priorsOf('deleted').sort()).toEqual(ENDED.filter(state => state !== 'deleted').sort());
    expect(next('deleted')).toEqual([]);
  });
});

describe('the priors of a state', () => {
  it('are the transitions read backwards', () => {
    for (const from of JOB_STATES) {
      for (const to of JOB_STATES) expect(priorsOf(to).includes(from)).toBe(next(from).includes(to));
    }
  });
});

describe("PixVerse's status", () => {
  const STATUS: Record<JobState, number> = {
    queued: 5,
    generating: 5,
    screening: 5,
    in_review: 5,
    succeeded: 1,
    rejected: 7,
    failed: 8,
    cancelled: 8,
    deleted: 6,
  };

  it.each(Object.entries(STATUS))('of a job that is %s is %d', (state, status) => {
    expect(pixverseStatus(state as JobState)).toBe(status);
  });

  it('is 5, which clients poll on, exactly while the job is open', () => {
    for (const state of JOB_STATES) expect(pixverseStatus(state) === 5).toBe(isOpen(state));
  });
});
