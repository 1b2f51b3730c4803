/**
 * From a PixVerse body to what is to be made. Each route has a parser, which is pure: `lookups` says which stored items it
 * must know, and `parse` gets them resolved. Legacy members that say nothing are passed over; one that asks for what is not
 * offered is refused, never charged for.
 */
import { LONGEST_SOURCE_SECONDS, SOURCE_GRACE_SECONDS } from '../../catalogue/functions.ts';
import type { Breach } from '../../catalogue/models.ts';
import type { PriceInput } from '../../catalogue/prices.ts';
import { Refusal } from '../../catalogue/refusal.ts';
import { findSpeaker } from '../../catalogue/speakers.ts';
import type {
  Quality,
  SourceReference,
  VideoFunction,
  VideoRequest,
  VoiceReference,
} from '../../catalogue/video-request.ts';

export interface ParsedRequest {
  readonly request: VideoRequest;
  readonly priceInput: PriceInput;
}

/** Stored items that a body refers to and that decide what it is. */
export interface Lookups {
  readonly source?: SourceReference;
  readonly audioId?: number;
  /** A speaker who is not among those of everybody. */
  readonly ownSpeakerId?: string;
  /** As callers know them, and the member that they stand in. */
  readonly masks?: { readonly field: string; readonly ids: readonly string[] };
}

/** The video to work on, as it was probed: pixels and seconds. */
export interface ResolvedVideo {
  readonly width: number;
  readonly height: number;
  readonly durationSeconds: number;
  readonly hasAudio: boolean;
}

/** Where a mask was found. */
export interface ResolvedMask {
  /** As callers know it. */
  readonly id: string;
  /** As the video knows it. */
  readonly maskId: string;
  readonly source: SourceReference;
  readonly keyframe: number;
}

/** What the lookups found; everything that was looked up is here. */
export interface ResolvedInputs {
  readonly video?: ResolvedVideo;
  readonly audioSeconds?: number;
  /** The uploaded audio of which the account's own speaker was made. */
  readonly sampleId?: number;
  readonly masks?: readonly ResolvedMask[];
}

export interface BodyParser<Body> {
  readonly lookups?: (body: Body) => Lookups;
  /** Throws a Refusal that names the member. `drawnSeed` serves where none was given. */
  readonly parse: (body: Body, inputs: ResolvedInputs, drawnSeed: number) => ParsedRequest;
}

/** A request with everything left out that most functions do not have. */
export function requestOf(
  made: VideoFunction,
  members: Pick<VideoRequest, 'quality' | 'durationSeconds' | 'seed'> & Partial<VideoRequest>,
): VideoRequest {
  return {
    function: made,
    model: '',
    prompt: '',
    negativePrompt: '',
    audio: false,
    style: '',
    cameraMovement: '',
    motion: 'normal',
    ...members,
  };
}

/** What the price of a function without a model depends on. */
export function priceInputOf(made: VideoFunction, quality: Quality, durationSeconds: number): PriceInput {
  return { function: made, model: '', quality, durationSeconds, audio: false, soundEffect: false, motion: 'normal' };
}

/** What a rule found; refuses its breach. */
export function assertValid<Found extends object | string>(found: Found | Breach): Found {
  if (typeof found === 'object' && 'rule' in found) refuse(found.field, found.rule);
  return found;
}

/** Refuses a member: 400017, as `field rule`. */
export function refuse(field: string, rule: string): never {
  throw new Refusal('invalid_parameter', `${field} ${rule}`, field);
}

/** Refuses a member that is not there: 400011. */
export function missing(field: string): never {
  throw new Refusal('missing_parameter', `${field} is required`, field);
}

export interface SourceMembers {
  readonly source_video_id?: number | undefined;
  readonly video_media_id?: number | undefined;
  readonly source_media_id?: number | undefined;
}

/** The video that a body works on. */
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

/** The same as it was resolved; throws where it is longer than can be worked on. */
export function sourceVideoOf(body: SourceMembers, { video }: ResolvedInputs): ResolvedVideo {
  if (!video) throw new Error('a video was looked up and not resolved');
  if (video.durationSeconds > LONGEST_SOURCE_SECONDS + SOURCE_GRACE_SECONDS) {
    const field = sourceOf(body).kind === 'video' ? 'source_video_id' : 'video_media_id';
    refuse(field, `is ${video.durationSeconds.toFixed(1)} seconds long: at most ${LONGEST_SOURCE_SECONDS} are taken`);
  }
  return video;
}

interface SpeechMembers {
  readonly lip_sync_tts_speaker_id?: string | undefined;
  readonly lip_sync_tts_content?: string | undefined;
}

interface VoiceMembers extends SpeechMembers {
  readonly audio_media_id?: number | undefined;
}

/** What must be known of who speaks: of uploaded audio, or of a speaker. */
export function voiceLookups({ audio_media_id, ...speech }: VoiceMembers): Lookups {
  return audio_media_id === undefined ? speechLookups(speech) : { audioId: audio_media_id };
}

export function speechLookups({ lip_sync_tts_speaker_id: id }: SpeechMembers): Lookups {
  return id && !findSpeaker(id) ? { ownSpeakerId: id } : {};
}

/** Exactly one of uploaded audio and the text that a speaker reads. A speaker's id without a text says nothing. */
export function voiceOf(body: VoiceMembers, inputs: ResolvedInputs): VoiceReference {
  const { audio_media_id: audioId, lip_sync_tts_content: text } = body;
  if (audioId !== undefined && text) {
    refuse('audio_media_id', 'and lip_sync_tts_content are two voices: send one of them');
  }
  if (audioId !== undefined) return { kind: 'media', id: audioId };
  if (!text && !body.lip_sync_tts_speaker_id) {
    refuse('audio_media_id', 'is required, or lip_sync_tts_speaker_id with lip_sync_tts_content');
  }
  return speechOf(body, inputs);
}

/** A speaker who reads a text; who is not named is `Auto`. */
export function speechOf(body: SpeechMembers, { sampleId }: ResolvedInputs): VoiceReference {
  const { lip_sync_tts_speaker_id: id, lip_sync_tts_content: text } = body;
  if (!text) missing('lip_sync_tts_content');
  if (sampleId !== undefined && id) return { kind: 'speaker', speakerId: id, text, sampleId };
  return { kind: 'speaker', speakerId: findSpeaker(id || 'Auto')?.speakerId ?? 'Auto', text };
}
