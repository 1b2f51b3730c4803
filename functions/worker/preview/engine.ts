/**
 * The preview engine: frames are drawn on the CPU from the words of the prompt, or moves the caller's picture.
 * It shows that the platform works and what was asked for; it is not a neural model and is never called one.
 */
import { extname } from 'node:path';
import type { VideoRequest } from '../../generation/job.ts';
import { findTemplate } from '../../generation/templates.ts';
import type { VideoEngine } from '../engine.ts';
import type { Inputs, PictureInput } from '../inputs.ts';
import { MediaError } from '../media/media-error.ts';
import type { FilmSource, PictureSource, PreviewSource, StudiedSource, VoiceSource } from './source.ts';

/** With whatever extension this file has come to have. */
const RENDERER = new URL(`./render${extname(import.meta.url)}`, import.meta.url).href;

export const previewEngine: VideoEngine = {
  name: 'preview',
  digitalSourceType: 'algorithmicMedia',
  async produce(request, inputs) {
    return { kind: 'frames', renderer: RENDERER, source: sourceOf(request, inputs) };
  },
};

/** What is drawn for a request. Throws MediaError `bad_image`, `bad_media` or `bad_mask` where an input is missing. */
export function sourceOf(request: VideoRequest, inputs: Inputs): PreviewSource {
  return (
    spokenSource(request, inputs) ??
    filmSource(request, inputs) ??
    studiedSource(request, inputs) ??
    withSpeech(
      withEffects(withShots(pictureSource(request, inputs) ?? clipOf(request, inputs), request), request),
      request,
      inputs,
    )
  );
}

/** Several shots where the request wants them. A template has its own course, which no cut belongs in. */
function withShots(clip: PreviewSource, { multiClip }: VideoRequest): PreviewSource {
  const cuttable = clip.kind === 'text' || clip.kind === 'image' || clip.kind === 'transition';
  return multiClip && cuttable ? { kind: 'shots', clip } : clip;
}

function clipOf(request: VideoRequest, { pictures: [picture] }: Inputs): PreviewSource {
  const { prompt, seed, motion, style, cameraMovement } = request;
  const moved = { prompt, seed, motion, ...(cameraMovement !== '' && { cameraMovement }) };
  if (picture) return { kind: 'image', imagePath: picture.path, ...moved };
  return { kind: 'text', ...moved, ...(style !== '' && { style }) };
}

// What a request that is made of several pictures, or of a template, asks of the studio. Pure.

/** Undefined for every other function. Throws MediaError `bad_image` where pictures are missing. */
export function pictureSource(
  request: VideoRequest,
  { pictures }: Pick<Inputs, 'pictures'>,
): PictureSource | undefined {
  const { function: wanted, prompt, seed, motion, cameraMovement, durationSeconds, templateId } = request;
  const moved = { seed, motion };
  switch (wanted) {
    case 'transition': {
      const imagePaths = pathsOf(pictures, 2);
      return { kind: 'transition', imagePaths, legs: [{ seconds: durationSeconds, prompt }], ...moved };
    }
    case 'multi_transition': {
      const legs = pictures.slice(0, -1).map(picture => ({
        seconds: picture.durationSeconds ?? durationSeconds / (pictures.length - 1),
        prompt: picture.prompt ?? '',
      }));
      return { kind: 'transition', imagePaths: pathsOf(pictures, 2), legs, ...moved };
    }
    case 'fusion':
      pathsOf(pictures, 1);
      return {
        kind: 'fusion',
        references: pictures.map(({ path, name, role }, index) => ({
          imagePath: path,
          name: name ?? `image${index + 1}`,
          role: role ?? 'subject',
        })),
        prompt,
        ...moved,
        ...(cameraMovement !== '' && { cameraMovement }),
      };
    case 'image_to_video':
    case 'image_template': {
      if (templateId === undefined) return undefined;
      const template = findTemplate(templateId);
      if (!template) throw new Error(`template ${templateId} was admitted and is not in the table`);
      return {
        kind: 'template',
        templateId,
        imagePaths: pathsOf(pictures, template.images),
        prompt,
        seed,
      };
    }
    default:
      return undefined;
  }
}

function pathsOf(pictures: readonly PictureInput[], least: number): string[] {
  if (pictures.length < least)
    throw new MediaError('bad_image', `${pictures.length} pictures where ${least} are needed`);
  return pictures.map(({ path }) => path);
}

// What the studio is asked for where somebody speaks. Pure.

/** Lip sync and avatar; undefined for every other function. Throws MediaError where what it works on is missing. */
export function spokenSource(
  { function: wanted, voice, seed }: VideoRequest,
  { film, pictures: [picture], voicePath }: Pick<Inputs, 'film' | 'pictures' | 'voicePath'>,
): PreviewSource | undefined {
  if (wanted !== 'lip_sync' && wanted !== 'avatar') return undefined;
  const heard = voiceSource(voice, voicePath);
  if (heard === undefined) throw new MediaError('bad_media', `${wanted} without a voice`);
  if (wanted === 'lip_sync') {
    if (!film) throw new MediaError('bad_media', 'lip sync without a film');
    return { kind: 'lip_sync', videoPath: film.path, voice: heard };
  }
  if (!picture) throw new MediaError('bad_image', 'an avatar without a picture');
  return { kind: 'avatar', imagePath: picture.path, voice: heard, seed };
}

/** The clip of any other function, with the voice over it that the request asks for (`lip_sync_tts_switch`). */
export function withSpeech(
  clip: PreviewSource,
  { voice, audio, sound }: VideoRequest,
  { voicePath }: Pick<Inputs, 'voicePath'>,
): PreviewSource {
  const heard = voiceSource(voice, voicePath);
  if (heard === undefined) return clip;
  return { kind: 'spoken_over', clip, voice: heard, ambience: audio || sound !== undefined };
}

/** `voicePath` is the recording, or for a speaker of the account's own the recording that it was made of. */
function voiceSource(voice: VideoRequest['voice'], voicePath: string | undefined): VoiceSource | undefined {
  if (voice === undefined) return undefined;
  if (voice.kind === 'speaker') {
    const { text, speakerId } = voice;
    return { kind: 'speech', text, speakerId, ...(voicePath !== undefined && { likePath: voicePath }) };
  }
  return voicePath === undefined ? undefined : { kind: 'recording', path: voicePath };
}

// The sources of the functions that look into a film: what moves in it, and what can be chosen. Pure.

/** Undefined for every other function. Throws MediaError `bad_media`, `bad_image` or `bad_mask` where an input is missing. */
export function studiedSource(request: VideoRequest, inputs: Inputs): StudiedSource | undefined {
  const { prompt, seed, selection, sound } = request;
  const masks = selection?.masks ?? [];
  switch (request.function) {
    case 'mask_selection':
      return { kind: 'mask_selection', videoPath: filmOf(inputs), keyframe: selection?.keyframe ?? 1 };
    case 'swap':
      return {
        kind: 'swap',
        videoPath: filmOf(inputs),
        imagePath: pictureOf(inputs),
        maskId: present(masks[0], 'bad_mask', 'a mask'),
        keepOriginal: sound?.keepOriginal ?? true,
      };
    case 'modify':
      return {
        kind: 'modify',
        videoPath: filmOf(inputs),
        prompt,
        seed,
        maskIds: masks,
        imagePaths: inputs.pictures.map(({ path }) => path),
      };
    case 'mimic':
      return { kind: 'mimic', videoPath: filmOf(inputs), imagePath: pictureOf(inputs) };
    default:
      return undefined;
  }
}

const filmOf = ({ film }: Inputs): string => present(film?.path, 'bad_media', 'a film');
const pictureOf = ({ pictures: [picture] }: Inputs): string => present(picture?.path, 'bad_image', 'a picture');

function present<T>(value: T | undefined, code: MediaError['code'], what: string): T {
  if (value === undefined) throw new MediaError(code, `the request refers to ${what} that is not there`);
  return value;
}

// What a request that works on a film, or wants sounds, asks of the studio. Pure.

/** Undefined for every other function. Throws MediaError `bad_media` where there is no film to work on. */
export function filmSource(request: VideoRequest, { film }: Pick<Inputs, 'film'>): FilmSource | undefined {
  const { prompt, seed, motion, cameraMovement, style } = request;
  const found = (): NonNullable<Inputs['film']> => {
    if (!film) throw new MediaError('bad_media', `${request.function} without a film`);
    return film;
  };
  switch (request.function) {
    case 'extend': {
      const { path, durationSeconds } = found();
      const moved = { prompt, seed, motion, style, ...(cameraMovement !== '' && { cameraMovement }) };
      return { kind: 'extend', videoPath: path, videoSeconds: durationSeconds, ...moved };
    }
    case 'restyle':
      return { kind: 'restyle', videoPath: found().path, look: request.look ?? { prompt }, seed };
    case 'upscale':
      return { kind: 'upscale', videoPath: found().path };
    case 'sound_effect': {
      const { sound = { prompt, keepOriginal: false } } = request;
      return { kind: 'sound_effect', videoPath: found().path, seed, ...sound };
    }
    default:
      return undefined;
  }
}

/** The clip with the sounds over it that the request names, where it names some. */
export function withEffects(clip: PreviewSource, { sound, seed }: VideoRequest): PreviewSource {
  if (sound === undefined || sound.prompt.trim() === '') return clip;
  return { kind: 'effects_over', clip, prompt: sound.prompt, seed };
}
