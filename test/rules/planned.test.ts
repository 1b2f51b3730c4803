/** What clients must be ready to meet and nothing writes yet is listed in one place: all else is written, and nothing of that. */
import { describe, expect, it } from 'vitest';
import { JOB_STATES, type JobState, PLANNED, pixverseStatus } from '../../functions/catalogue/job-states.ts';
import { EVENT_TYPES } from '../../functions/data/outbox.ts';
import { videoObject } from '../../functions/generation/videos/object-contract.ts';
import { describeVideo } from '../../functions/generation/videos/video-object.ts';
import { jobOf } from './sample-job.ts';
import { sourcesOf, withoutComments } from './source-tree.ts';

const isPlanned = (list: readonly unknown[], item: unknown): boolean => list.includes(item);
const PLANNED_STATES = JOB_STATES.filter(state => isPlanned(PLANNED.states, state));
const WRITTEN_STATES = JOB_STATES.filter(state => !isPlanned(PLANNED.states, state));

/** What may write a job or an event: everything in its room but the tables that list all there is, and what describes them. */
const WRITERS = sourcesOf('functions')
  .filter(
    ({ path }) => path.startsWith('functions/generation/') && !/(contract|\/quote|\/video-object)\.ts$/.test(path),
  )
  .map(({ text }) => withoutComments(text))
  .join('\n');
/** A state as the value of an item's member, or of a placeholder in an update. */
const writtenStates = [...WRITERS.matchAll(/(?:\bstate|':\w+'): '(\w+)'/g)].map(([, state]) => state);
const writtenEvents = [...WRITERS.matchAll(/\b(?:type|event): '(video\.\w+)'/g)].map(([, event]) => event);

const job = (state: JobState) => jobOf({ state });

describe('every state of a job', () => {
  it.each(WRITTEN_STATES)('%s is written by code', state => expect(writtenStates).toContain(state));
  it.each(PLANNED_STATES)('%s is planned, and written by none', state => expect(writtenStates).not.toContain(state));
});

describe('every type of event', () => {
  it.each(EVENT_TYPES)('%s is written by code, or planned', event => {
    expect(writtenEvents.includes(event)).toBe(!isPlanned(PLANNED.events, event));
  });

  it('that is planned is one that there is', () => {
    expect(PLANNED.events.filter(event => !isPlanned(EVENT_TYPES, event))).toEqual([]);
  });
});

describe('what a reader of a job meets', () => {
  it.each(WRITTEN_STATES)('has nothing that is planned where the job is %s', state => {
    const video: Readonly<Record<string, unknown>> = describeVideo('https://api.example.com', job(state));
    for (const member of PLANNED.members) expect(video[member], member).toBeNull();
    expect(PLANNED.pixverseStatuses).not.toContain(pixverseStatus(state));
  });

  it('would have all of it in the planned states', () => {
    const described: Readonly<Record<string, unknown>>[] = PLANNED_STATES.map(state =>
      describeVideo('https://api.example.com', job(state)),
    );
    for (const member of PLANNED.members) expect(described.every(video => video[member] !== null)).toBe(true);
    expect(PLANNED_STATES.map(pixverseStatus)).toEqual(expect.arrayContaining([...PLANNED.pixverseStatuses]));
  });

  it('finds in the reference which of it is not in use yet', () => {
    const { stage, moderation } = videoObject.shape;
    for (const state of PLANNED.states) expect(stage.description).toContain(`\`${state}\``);
    expect(stage.description).toMatch(/reserved for review of content, which is not in use yet/);
    expect(moderation.description).toMatch(/reserved for review of content, which is not in use yet/i);
  });
});
