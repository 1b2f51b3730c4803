/** The speakers of an account: listing them beside everybody's, making one of uploaded audio, and removing one. */
import { Refusal } from '../catalogue/refusal.ts';
import { SPEAKERS } from '../catalogue/speakers.ts';
import type { EnforcementDependencies } from '../enforcement/decision-store.ts';
import { refuseProhibited } from '../moderation/refuse-prohibited-command.ts';
import { screenTexts } from '../moderation/text/screen-text.ts';
import { numericId, type Random } from '../runtime/ids.ts';
import { refuse } from './pixverse/body-parser.ts';
import { uploadedMedia } from './pixverse/lookups-store.ts';
import { addSpeaker, MOST_OWN_SPEAKERS, ownSpeakers, removeSpeaker } from './speakers-store.ts';

export interface SpeakerDependencies {
  readonly tables: EnforcementDependencies['tables'];
  readonly jobsTable: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly random: Random;
}

export const EVERYBODYS_SPEAKERS = SPEAKERS.map(({ speakerId, name }) => ({ speaker_id: speakerId, name }));
const TYPES = ['system', 'custom', 'all'];

/** Those of one type; of both where `type` is `all`. */
export async function listSpeakers({ jobsTable }: SpeakerDependencies, accountId: string, type: string) {
  if (!TYPES.includes(type)) refuse('speaker_type', `must be one of ${TYPES.join(', ')}`);
  const system = EVERYBODYS_SPEAKERS.map(speaker => ({ ...speaker, speaker_type: 'system' as const }));
  if (type === 'system') return system;
  const own = [...(await ownSpeakers(jobsTable, accountId))];
  const custom = own.map(([speaker_id, { name }]) => ({ speaker_id, name, speaker_type: 'custom' as const }));
  return type === 'custom' ? custom : [...system, ...custom];
}

/** Answers the new speaker's id. */
export async function createSpeaker(
  { tables, jobsTable, now, random }: SpeakerDependencies,
  accountId: string,
  { name, audio_media_id }: { name: string; audio_media_id: number },
): Promise<string> {
  await refuseProhibited({ tables, now, random }, accountId, screenTexts([{ field: 'name', text: name }]));
  const { mediaId } = await uploadedMedia(jobsTable, accountId, { kind: 'audio', id: audio_media_id }, now());
  for (;;) {
    const speakerId = String(numericId(now(), random));
    const speaker = { name, mediaId, createdAt: new Date(now()).toISOString() };
    const added = await addSpeaker(jobsTable, accountId, speakerId, speaker);
    if (added === 'added') return speakerId;
    if (added === 'full') {
      refuse('name', `is one too many: ${MOST_OWN_SPEAKERS} speakers may be kept; delete one first`);
    }
  }
}

export async function deleteSpeaker(
  { jobsTable }: SpeakerDependencies,
  accountId: string,
  speakerId: string,
): Promise<void> {
  if (EVERYBODYS_SPEAKERS.some(speaker => speaker.speaker_id === speakerId)) {
    refuse('speaker_id', `${speakerId} is everybody's: only your own speakers can be deleted`);
  }
  if (await removeSpeaker(jobsTable, accountId, speakerId)) return;
  throw new Refusal('not_found', `there is no speaker ${speakerId}`, 'speaker_id');
}
