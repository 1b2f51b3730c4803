/** What a job works on, fetched into its folder. Nothing is decoded here. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageReference, VideoRequest } from '../generation/job.ts';
import { findJob } from '../generation/jobs-store.ts';
import { getMedia } from '../generation/media-store.ts';
import { findImage, findMedia } from '../generation/uploads-store.ts';
import { MediaError } from './media/media-error.ts';

export interface PictureInput extends ImageReference {
  /** On disk. */
  readonly path: string;
  /** Pixels, as it is shown. */
  readonly width: number;
  readonly height: number;
}

export interface FilmInput {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly durationSeconds: number;
  readonly hasAudio: boolean;
}

export interface Inputs {
  readonly pictures: readonly PictureInput[];
  readonly film?: FilmInput;
  /** A recorded voice on disk: the one that is heard, or the one that a speaker of the account's own was made of. */
  readonly voicePath?: string;
}

interface Shelf {
  readonly jobsTable: string;
  readonly mediaBucket: string;
}

/** Everything that the request refers to; throws MediaError `bad_image` or `bad_media` where it is gone. */
export async function gather(shelf: Shelf, accountId: string, request: VideoRequest, folder: string): Promise<Inputs> {
  const pictures = await Promise.all(
    (request.images ?? []).map((image, index) =>
      fetchPicture(shelf, accountId, image, join(folder, `picture-${index}`)),
    ),
  );
  const film = request.source && (await fetchFilm(shelf, accountId, request.source, join(folder, 'film')));
  const recording = recordingOf(request.voice);
  const voicePath =
    recording === undefined ? undefined : await fetchVoice(shelf, accountId, recording, join(folder, 'voice'));
  return { pictures, ...(film && { film }), ...(voicePath && { voicePath }) };
}

function recordingOf(voice: VideoRequest['voice']): number | undefined {
  return voice?.kind === 'media' ? voice.id : voice?.sampleId;
}

async function fetchPicture(
  shelf: Shelf,
  accountId: string,
  reference: ImageReference,
  path: string,
): Promise<PictureInput> {
  const image = await findImage(shelf.jobsTable, accountId, reference.id);
  if (!image) throw new MediaError('bad_image', `image ${reference.id} is gone`);
  await writeFile(path, await getMedia(shelf.mediaBucket, image.objectKey));
  return { ...reference, path, width: image.width, height: image.height };
}

async function fetchFilm(
  shelf: Shelf,
  accountId: string,
  { kind, id }: NonNullable<VideoRequest['source']>,
  path: string,
): Promise<FilmInput> {
  const found = kind === 'video' ? await findMade(shelf, accountId, id) : await findUploaded(shelf, accountId, id);
  if (!found) throw new MediaError('bad_media', `video ${id} is gone`);
  const { key, ...facts } = found;
  await writeFile(path, await getMedia(shelf.mediaBucket, key));
  return { ...facts, path };
}

async function findMade({ jobsTable }: Shelf, accountId: string, id: number) {
  const made = (await findJob(jobsTable, accountId, id))?.deliverable;
  if (!made) return undefined;
  const { videoKey, width, height, durationSeconds, hasAudio } = made;
  return { key: videoKey, width, height, durationSeconds, hasAudio };
}

async function findUploaded({ jobsTable }: Shelf, accountId: string, id: number) {
  const media = await findMedia(jobsTable, accountId, id);
  if (!media) return undefined;
  const { objectKey, width = 0, height = 0, durationSeconds, hasAudio } = media;
  return { key: objectKey, width, height, durationSeconds, hasAudio };
}

async function fetchVoice(shelf: Shelf, accountId: string, id: number, path: string): Promise<string> {
  const voice = await findMedia(shelf.jobsTable, accountId, id);
  if (!voice) throw new MediaError('bad_media', `audio ${id} is gone`);
  await writeFile(path, await getMedia(shelf.mediaBucket, voice.objectKey));
  return path;
}
