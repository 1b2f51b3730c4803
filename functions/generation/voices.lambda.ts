import { pixverseHandler } from '../audit/api-handlers.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { SPEAKERS } from '../catalogue/speakers.ts';
import { route } from '../http/api-handler.ts';
import { refusalOfContent } from '../moderation/refused-content.ts';
import { screenTexts } from '../moderation/text/screen-text.ts';
import { numericId } from '../runtime/ids.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { verifyAudio } from '../uploads/contract.ts';
import { mediaOf } from './pixverse/facts-store.ts';
import { createSpeaker, deleteSpeaker, listSpeakers, ttsList } from './pixverse/lists-contract.ts';
import { pageOf } from './pixverse/pages.ts';
import { refuse } from './pixverse/reading.ts';
import { addSpeaker, MOST_OWN_SPEAKERS, ownSpeakers, removeSpeaker } from './speakers-store.ts';

const JOBS_TABLE = setting('JOBS_TABLE');

const EVERYBODYS = SPEAKERS.map(({ speakerId, name }) => ({ speaker_id: speakerId, name }));
const TYPES = ['system', 'custom', 'all'];

async function listedSpeakers(accountId: string, type: string) {
  if (!TYPES.includes(type)) refuse('speaker_type', `must be one of ${TYPES.join(', ')}`);
  const system = EVERYBODYS.map(speaker => ({ ...speaker, speaker_type: 'system' as const }));
  if (type === 'system') return system;
  const custom = [...(await ownSpeakers(JOBS_TABLE, accountId))].map(([speaker_id, { name }]) => ({
    ...{ speaker_id, name, speaker_type: 'custom' as const },
  }));
  return type === 'custom' ? custom : [...system, ...custom];
}

/** Speakers, and recordings that become speakers or are spoken with. */
export const handler = pixverseHandler(
  route(ttsList, async ({ input }) => ({ body: pageOf(EVERYBODYS, input) })),
  route(listSpeakers, async ({ caller, input }) => ({
    body: pageOf(await listedSpeakers(caller.accountId, input.speaker_type || 'all'), input),
  })),
  route(createSpeaker, async ({ caller: { accountId }, input }) => {
    const refusal = refusalOfContent(screenTexts([{ field: 'name', text: input.name }]));
    if (refusal) throw refusal;
    const { mediaId } = await mediaOf(JOBS_TABLE, accountId, 'audio', input.audio_media_id);
    for (;;) {
      const speakerId = String(numericId(now(), random));
      const speaker = { name: input.name, mediaId, createdAt: new Date(now()).toISOString() };
      const added = await addSpeaker(JOBS_TABLE, accountId, speakerId, speaker);
      if (added === 'added') return { body: { speaker_id: speakerId, name: input.name } };
      if (added === 'full') {
        refuse('name', `is one too many: ${MOST_OWN_SPEAKERS} speakers may be kept; delete one first`);
      }
    }
  }),
  route(deleteSpeaker, async ({ caller, input: { speaker_id } }) => {
    if (EVERYBODYS.some(speaker => speaker.speaker_id === speaker_id)) {
      refuse('speaker_id', `${speaker_id} is everybody's: only your own speakers can be deleted`);
    }
    if (await removeSpeaker(JOBS_TABLE, caller.accountId, speaker_id)) return { body: { speaker_id } };
    throw new Refusal('not_found', `there is no speaker ${speaker_id}`, 'speaker_id');
  }),
  route(verifyAudio, async ({ caller, input }) => {
    await mediaOf(JOBS_TABLE, caller.accountId, 'audio', input.audio_media_id);
    return { body: {} };
  }),
);
