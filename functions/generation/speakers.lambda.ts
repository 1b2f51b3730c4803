import { pixverseHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { verifyAudio } from '../uploads/contract.ts';
import { pageOf } from './pixverse/choices.ts';
import { createSpeaker, deleteSpeaker, listSpeakers, ttsList } from './pixverse/choices-contract.ts';
import { uploadedMedia } from './pixverse/lookups-store.ts';
import * as speakers from './speakers-command.ts';

const TABLES = { core: setting('CORE_TABLE'), jobs: setting('JOBS_TABLE'), audit: setting('AUDIT_TABLE') };
const DEPENDENCIES = { tables: TABLES, jobsTable: TABLES.jobs, now, random };

export const handler = pixverseHandler(
  route(ttsList, async ({ input }) => ({ body: pageOf(speakers.EVERYBODYS_SPEAKERS, input) })),
  route(listSpeakers, async ({ caller: { accountId }, input }) => ({
    body: pageOf(await speakers.listSpeakers(DEPENDENCIES, accountId, input.speaker_type || 'all'), input),
  })),
  route(createSpeaker, async ({ caller: { accountId }, input }) => ({
    body: { speaker_id: await speakers.createSpeaker(DEPENDENCIES, accountId, input), name: input.name },
  })),
  route(deleteSpeaker, async ({ caller: { accountId }, input: { speaker_id } }) => {
    await speakers.deleteSpeaker(DEPENDENCIES, accountId, speaker_id);
    return { body: { speaker_id } };
  }),
  route(verifyAudio, async ({ caller: { accountId }, input }) => {
    const audio = { kind: 'audio', id: input.audio_media_id } as const;
    await uploadedMedia(DEPENDENCIES.jobsTable, accountId, audio, now());
    return { body: {} };
  }),
);
