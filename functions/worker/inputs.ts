/** What a job works on, fetched into its folder. Nothing is decoded here. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageReference, VideoRequest } from '../catalogue/video-request.ts';
import type { Job, KeptVideo } from '../generation/job.ts';
import { findJob } from '../generation/jobs-store.ts';
import { inspectImage } from '../uploads/image-inspection.ts';
import { getMedia } from '../uploads/media-store.ts';
import { findImage, findMedia } from '../uploads/uploads-store.ts';
import { MediaError } from './media/media-error.ts';

export interface ImageInput extends ImageReference {
  /** On disk. */
  readonly path: string;
  /** Pixels, as it is shown. */
  readonly width: number;
  readonly height: number;
}

export interface VideoInput {
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly durationSeconds: number;
  readonly hasAudio: boolean;
}

export interface Inputs {
  readonly images: readonly ImageInput[];
  readonly video?: VideoInput;
  /** A recorded voice on disk: the one that is heard, or the one that a speaker of the account's own was made of. */
  readonly audioPath?: string;
}

interface Dependencies {
  readonly jobsTable: string;
  readonly mediaBucket: string;
}

/** Everything that the request refers to; throws MediaError `bad_image` or `bad_media` where it is gone. */
export async function gather(
  dependencies: Dependencies,
  { accountId, jobId, request }: Pick<Job, 'accountId' | 'jobId' | 'request'>,
  folder: string,
): Promise<Inputs> {
  const images = await Promise.all(
    (request.images ?? []).map((image, index) =>
      fetchImage(dependencies, accountId, image, join(folder, `image-${index}`)),
    ),
  );
  const video =
    request.source && (await fetchVideo(dependencies, { accountId, jobId }, request.source, join(folder, 'video')));
  const recording = recordingOf(request.voice);
  const audioPath =
    recording === undefined ? undefined : await fetchAudio(dependencies, accountId, recording, join(folder, 'voice'));
  return { images, ...(video && { video }), ...(audioPath && { audioPath }) };
}

function recordingOf(voice: VideoRequest['voice']): number | undefined {
  return voice?.kind === 'media' ? voice.id : voice?.sampleId;
}

async function fetchImage(
  dependencies: Dependencies,
  accountId: string,
  reference: ImageReference,
  path: string,
): Promise<ImageInput> {
  const image = await findImage(dependencies.jobsTable, accountId, reference.id);
  if (!image) throw new MediaError('bad_image', `image ${reference.id} is gone`);
  const bytes = Buffer.from(await getMedia(dependencies.mediaBucket, image.objectKey));
  await writeFile(path, bytes);
  return { ...reference, path, ...shownSize(bytes) };
}

/** By what turns it later too: what was stored with the image is what was known when it came. */
function shownSize(bytes: Buffer): Pick<ImageInput, 'width' | 'height'> {
  try {
    const { width, height } = inspectImage(bytes);
    return { width, height };
  } catch (cause) {
    throw new MediaError('bad_image', `the image cannot be read: ${(cause as Error).message}`, { cause });
  }
}

async function fetchVideo(
  dependencies: Dependencies,
  { accountId, jobId }: Pick<Job, 'accountId' | 'jobId'>,
  { kind, id }: NonNullable<VideoRequest['source']>,
  path: string,
): Promise<VideoInput> {
  const found =
    kind === 'video'
      ? await findMade(dependencies, accountId, id, jobId)
      : await findUploaded(dependencies, accountId, id);
  if (!found) throw new MediaError('bad_media', `video ${id} is gone`);
  const { key, versionId, ...facts } = found;
  await writeFile(path, await getMedia(dependencies.mediaBucket, key, versionId));
  return { ...facts, path };
}

interface FoundVideo extends Omit<VideoInput, 'path'> {
  readonly key: string;
  readonly versionId?: string | undefined;
}

/** A video that was deleted is there all the same for a job that was admitted before. */
async function findMade(
  { jobsTable }: Dependencies,
  accountId: string,
  id: number,
  jobId: number,
): Promise<FoundVideo | undefined> {
  const source = await findJob(jobsTable, accountId, id);
  const made: KeptVideo | undefined = source?.deliverable ?? (source?.usedBy?.has(jobId) ? source.kept : undefined);
  if (!made) return undefined;
  const { videoKey, versionId, width, height, durationSeconds, hasAudio } = made;
  return { key: videoKey, versionId, width, height, durationSeconds, hasAudio };
}

async function findUploaded(
  { jobsTable }: Dependencies,
  accountId: string,
  id: number,
): Promise<FoundVideo | undefined> {
  const media = await findMedia(jobsTable, accountId, id);
  if (!media) return undefined;
  const { objectKey, width = 0, height = 0, durationSeconds, hasAudio } = media;
  return { key: objectKey, width, height, durationSeconds, hasAudio };
}

async function fetchAudio(dependencies: Dependencies, accountId: string, id: number, path: string): Promise<string> {
  const voice = await findMedia(dependencies.jobsTable, accountId, id);
  if (!voice) throw new MediaError('bad_media', `audio ${id} is gone`);
  await writeFile(path, await getMedia(dependencies.mediaBucket, voice.objectKey));
  return path;
}
