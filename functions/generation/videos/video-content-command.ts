/** The bytes of a finished video, or of an image of it: whole, or the range that was asked for. */
import type { RouteResponse } from '../../http/api-handler.ts';
import type { Caller } from '../../http/caller.ts';
import { type Condition, mintLink, openMedia } from '../../uploads/media-store.ts';
import { seenAt } from '../job.ts';
import { findJob } from '../jobs-store.ts';
import { DOWNLOAD_SECONDS } from './contract.ts';
import { openStream, type StreamDependencies, type Wanted } from './open-stream-command.ts';
import { contentOf, jobIdOf, noSuchVideo, shownJob, type Variant } from './video-object.ts';

export interface ContentDependencies extends StreamDependencies {
  readonly jobsTable: string;
  readonly mediaBucket: string;
}

export interface ContentQuery {
  readonly id: string;
  readonly variant?: Variant | undefined;
  /** Whether a link is wanted in place of the bytes. */
  readonly redirect?: boolean | undefined;
  readonly header: (name: string) => string | undefined;
}

const WANTED: Wanted = { seconds: DOWNLOAD_SECONDS, instead: 'ask for a link with ?redirect=true' };

export async function readContent(
  dependencies: ContentDependencies,
  caller: Caller,
  { id, variant, redirect, header }: ContentQuery,
): Promise<RouteResponse<undefined>> {
  const { jobsTable, mediaBucket, now } = dependencies;
  const job = shownJob(seenAt(await findJob(jobsTable, caller.accountId, jobIdOf(id)), now()), id);
  const { key, name } = contentOf(job, variant);
  if (redirect) {
    // The link is of another origin, so clients do not send it their key, which S3 would refuse beside its own signature.
    return {
      status: 302,
      headers: { location: await mintLink(mediaBucket, key, name), 'content-type': 'text/plain' },
      text: '',
    };
  }
  const open = await openStream(dependencies, caller, WANTED);
  try {
    const opened = await openMedia(mediaBucket, key, conditionOf(header));
    if (opened && 'body' in opened) {
      const headers = {
        ...opened.headers,
        'accept-ranges': 'bytes',
        'cache-control': 'private, no-cache',
        'content-disposition': `inline; filename="${name}"`,
      };
      return { status: opened.kind === 'range' ? 206 : 200, headers, stream: open.stream(opened.body) };
    }
    await open.close();
    // It was deleted in between.
    if (opened === undefined) throw noSuchVideo(id);
    return opened.kind === 'unchanged'
      ? { status: 304, headers: { etag: header('if-none-match') ?? '' }, text: '' }
      : { status: 416, headers: { 'content-range': `bytes */${opened.bytes}` }, text: '' };
  } catch (error) {
    await open.close();
    throw error;
  }
}

/** One range, as S3 answers them; any other form is passed over, as RFC 9110 (14.2) lets a server do, and all is sent. */
const RANGE = /^bytes=(?:\d+-\d*|-\d+)$/;

export function conditionOf(header: (name: string) => string | undefined): Condition {
  const range = header('range')?.replaceAll(' ', '');
  const ifRange = header('if-range');
  const ifNoneMatch = header('if-none-match');
  const ranged = range !== undefined && RANGE.test(range);
  return {
    ...(ifNoneMatch !== undefined && { ifNoneMatch }),
    // A range of what may be another file is no part of the first; a date says too little to tell.
    ...(ranged &&
      (ifRange === undefined || /^"/.test(ifRange)) && { range, ...(ifRange !== undefined && { ifRange }) }),
  };
}
