/**
 * From a PixVerse body to what is to be made. Each route has a reader, which is pure: `needs` says which stored items it
 * must know, and `read` gets them. Legacy members that say nothing are passed over; one that asks for what is not offered
 * is refused, never charged for.
 */

import { LONGEST_SOURCE_SECONDS, SOURCE_GRACE_SECONDS } from '../../catalogue/functions.ts';
import type { Breach } from '../../catalogue/models.ts';
import type { Priced } from '../../catalogue/prices.ts';
import { Refusal } from '../../catalogue/refusal.ts';
import type { Quality, SourceReference, VideoFunction, VideoRequest } from '../../catalogue/video-request.ts';

export interface Reading {
  readonly request: VideoRequest;
  readonly priced: Priced;
}

/** Stored items that a body refers to and whose facts decide what it is. */
export interface Needs {
  readonly source?: SourceReference;
  readonly recordingId?: number;
  /** A speaker who is not among those of everybody. */
  readonly ownSpeakerId?: string;
  /** As callers know them, and the member that they stand in. */
  readonly masks?: { readonly field: string; readonly ids: readonly string[] };
}

/** A film, as it was probed: pixels and seconds. */
export interface FilmFacts {
  readonly width: number;
  readonly height: number;
  readonly durationSeconds: number;
  readonly hasAudio: boolean;
}

/** Where a mask was found. */
export interface MaskFacts {
  /** As callers know it. */
  readonly id: string;
  /** As the film knows it. */
  readonly maskId: string;
  readonly source: SourceReference;
  readonly keyframe: number;
}

/** What was found of the needs; everything that was needed is here. */
export interface Facts {
  readonly film?: FilmFacts;
  readonly recordingSeconds?: number;
  /** The recording of which the account's own speaker was made. */
  readonly sampleId?: number;
  readonly masks?: readonly MaskFacts[];
}

export interface Reader<Body> {
  readonly needs?: (body: Body) => Needs;
  /** Throws a Refusal that names the member. `drawnSeed` serves where none was given. */
  readonly read: (body: Body, facts: Facts, drawnSeed: number) => Reading;
}

/** A request with everything left out that most functions do not have. */
export function plainRequest(
  made: VideoFunction,
  members: Pick<VideoRequest, 'quality' | 'durationSeconds' | 'seed'> & Partial<VideoRequest>,
): VideoRequest {
  return {
    function: made,
    ...{ model: '', prompt: '', negativePrompt: '', audio: false, style: '', cameraMovement: '', motion: 'normal' },
    ...members,
  };
}

/** What the price of a function without a model depends on. */
export function plainPrice(made: VideoFunction, quality: Quality, durationSeconds: number): Priced {
  return {
    function: made,
    ...{ model: '', quality, durationSeconds, audio: false, soundEffect: false, motion: 'normal' },
  };
}

/** Throws where a rule found a breach. */
export function sound<Found extends object | string>(found: Found | Breach): Found {
  if (typeof found === 'object' && 'rule' in found) refuse(found.field, found.rule);
  return found;
}

/** Refuses a member: 400017, in the words `field rule`. */
export function refuse(field: string, rule: string): never {
  throw new Refusal('invalid_parameter', `${field} ${rule}`, field);
}

/** Refuses a member that is not there: 400011. */
export function missing(field: string): never {
  throw new Refusal('missing_parameter', `${field} is required`, field);
}

interface SourceMembers {
  readonly source_video_id?: number | undefined;
  readonly video_media_id?: number | undefined;
  readonly source_media_id?: number | undefined;
}

/** The film that a body names. */
export function sourceOf({ source_video_id, video_media_id, source_media_id }: SourceMembers): SourceReference {
  const uploaded = video_media_id ?? source_media_id;
  if (source_video_id !== undefined && uploaded !== undefined) {
    refuse('source_video_id', 'and video_media_id are two films: send one of them');
  }
  if (source_video_id !== undefined) return { kind: 'video', id: source_video_id };
  if (uploaded !== undefined) return { kind: 'media', id: uploaded };
  throw new Refusal(
    'missing_parameter',
    'source_video_id is required, or video_media_id for an uploaded film',
    'source_video_id',
  );
}

/** The film's facts; throws where it is longer than can be worked on. */
export function filmOf(body: SourceMembers, { film }: Facts): FilmFacts {
  if (!film) throw new Error('a film was needed and not found');
  if (film.durationSeconds > LONGEST_SOURCE_SECONDS + SOURCE_GRACE_SECONDS) {
    const field = sourceOf(body).kind === 'video' ? 'source_video_id' : 'video_media_id';
    refuse(field, `is ${film.durationSeconds.toFixed(1)} seconds long: at most ${LONGEST_SOURCE_SECONDS} are taken`);
  }
  return film;
}
