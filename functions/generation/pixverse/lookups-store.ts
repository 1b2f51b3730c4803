/** Resolves what a body refers to, all at once and each with one read; what is not there is refused by the member's name. */
import { isOver } from '../../catalogue/retention.ts';
import type { SourceReference } from '../../catalogue/video-request.ts';
import { findMedia, type StoredMedia } from '../../uploads/uploads-store.ts';
import { makesImage, seenAt } from '../job.ts';
import { findJob } from '../jobs-store.ts';
import { ownSpeakers } from '../speakers-store.ts';
import { type Lookups, type ResolvedInputs, type ResolvedMask, type ResolvedVideo, refuse } from './body-parser.ts';
import { readMaskId } from './masks.ts';

/** `now` is epoch ms: what was kept until then is not there. */
export async function resolve(
  table: string,
  accountId: string,
  lookups: Lookups,
  now: number,
): Promise<ResolvedInputs> {
  const { source, audioId, ownSpeakerId, masks } = lookups;
  const [video, audioSeconds, sampleId, found] = await Promise.all([
    source && resolveVideo(table, accountId, source, now),
    audioId && secondsOfAudio(table, accountId, audioId, now),
    ownSpeakerId && sampleOf(table, accountId, ownSpeakerId, now),
    masks && resolveMasks(table, accountId, masks, now),
  ]);
  return {
    ...(video && { video }),
    ...(audioSeconds && { audioSeconds }),
    ...(sampleId && { sampleId }),
    ...(found && { masks: found }),
  };
}

async function resolveVideo(
  table: string,
  accountId: string,
  { kind, id }: SourceReference,
  now: number,
): Promise<ResolvedVideo> {
  if (kind === 'media') {
    const { width = 0, height = 0, ...media } = await uploadedMedia(table, accountId, { kind: 'video', id }, now);
    return { width, height, durationSeconds: media.durationSeconds, hasAudio: media.hasAudio };
  }
  const job = seenAt(await findJob(table, accountId, id), now);
  const made = job?.state === 'succeeded' && !makesImage(job.request) ? job.deliverable : undefined;
  if (!made) refuse('source_video_id', `${id} not found: it must be a finished video of this account`);
  const { width, height, durationSeconds, hasAudio } = made;
  return { width, height, durationSeconds, hasAudio };
}

async function secondsOfAudio(table: string, accountId: string, id: number, now: number): Promise<number> {
  return (await uploadedMedia(table, accountId, { kind: 'audio', id }, now)).durationSeconds;
}

/** Uploaded media of this kind; refuses another, an id of none, and what was kept until `now` (epoch ms). */
export async function uploadedMedia(
  table: string,
  accountId: string,
  { kind, id }: { readonly kind: 'video' | 'audio'; readonly id: number },
  now: number,
): Promise<StoredMedia> {
  const field = `${kind}_media_id`;
  const media = await findMedia(table, accountId, id);
  if (!media || isOver(media, now)) refuse(field, `${id} not found: it must be uploaded ${kind} of this account`);
  if (media.mediaType !== kind) refuse(field, `${id} is ${media.mediaType}: it must be ${kind}`);
  return media;
}

async function sampleOf(table: string, accountId: string, speakerId: string, now: number): Promise<number> {
  const speaker = (await ownSpeakers(table, accountId)).get(speakerId);
  if (!speaker) refuse('lip_sync_tts_speaker_id', `${speakerId.slice(0, 20)} is no speaker`);
  const sample = await findMedia(table, accountId, speaker.mediaId);
  if (sample && !isOver(sample, now)) return speaker.mediaId;
  refuse(
    'lip_sync_tts_speaker_id',
    `${speakerId} is of audio that is no longer kept: upload it again and make it anew`,
  );
}

async function resolveMasks(
  table: string,
  accountId: string,
  { ids, field }: NonNullable<Lookups['masks']>,
  now: number,
): Promise<ResolvedMask[]> {
  return Promise.all(
    ids.map(async id => {
      const { jobId, maskId } = readMaskId(id) ?? {};
      const job = jobId === undefined ? undefined : seenAt(await findJob(table, accountId, jobId), now);
      const { source, selection } = job?.request ?? {};
      const known = job?.deliverable?.masks?.some(mask => mask.maskId === maskId);
      if (!known || !maskId || !source || !selection) {
        refuse(field, `${id.slice(0, 40)} not found: take one that mask/selection answered`);
      }
      return { id, maskId, source, keyframe: selection.keyframe };
    }),
  );
}
