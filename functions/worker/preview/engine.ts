/**
 * The preview engine: frames are drawn on the CPU from the words of the prompt, or moves the caller's image.
 * It shows that the platform works and what was asked for; it is not a neural model and is never called one.
 */
import { extname } from 'node:path';
import { findTemplate } from '../../catalogue/templates.ts';
import type { VideoRequest } from '../../catalogue/video-request.ts';
import type { VideoEngine } from '../engine.ts';
import type { ImageInput, Inputs } from '../inputs.ts';
import { MediaError } from '../media/media-error.ts';
import type { ImagesSource, PreviewSource, SpeechSource, StudiedSource, VideoSource } from './source.ts';

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
    videoSource(request, inputs) ??
    studiedSource(request, inputs) ??
    withSpeech(
      withEffects(withShots(imagesSource(request, inputs) ?? clipOf(request, inputs), request), request),
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

function clipOf(request: VideoRequest, { images: [image] }: Inputs): PreviewSource {
  const { prompt, seed, motion, style, cameraMovement } = request;
  const moved = { prompt, seed, motion, ...(cameraMovement !== '' && { cameraMovement }) };
  if (image) return { kind: 'image', imagePath: image.path, ...moved };
  return { kind: 'text', ...moved, ...(style !== '' && { style }) };
}

// What a request that is made of several images, or of a template, asks of the studio. Pure.

/** Undefined for every other function. Throws MediaError `bad_image` where images are missing. */
export function imagesSource(request: VideoRequest, { images }: Pick<Inputs, 'images'>): ImagesSource | undefined {
  const { function: wanted, prompt, seed, motion, cameraMovement, durationSeconds, templateId } = request;
  const moved = { seed, motion };
  switch (wanted) {
    case 'transition': {
      const imagePaths = pathsOf(images, 2);
      return { kind: 'transition', imagePaths, legs: [{ seconds: durationSeconds, prompt }], ...moved };
    }
    case 'multi_transition': {
      const legs = images.slice(0, -1).map(image => ({
        seconds: image.durationSeconds ?? durationSeconds / (images.length - 1),
        prompt: image.prompt ?? '',
      }));
      return { kind: 'transition', imagePaths: pathsOf(images, 2), legs, ...moved };
    }
    case 'fusion':
      pathsOf(images, 1);
      return {
        kind: 'fusion',
        references: images.map(({ path, name, role }, index) => ({
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
        imagePaths: pathsOf(images, template.images),
        prompt,
        seed,
      };
    }
    default:
      return undefined;
  }
}

function pathsOf(images: readonly ImageInput[], least: number): string[] {
  if (images.length < least) throw new MediaError('bad_image', `${images.length} images where ${least} are needed`);
  return images.map(({ path }) => path);
}

// What the studio is asked for where somebody speaks. Pure.

/** Lip sync and avatar; undefined for every other function. Throws MediaError where what it works on is missing. */
export function spokenSource(
  { function: wanted, voice, seed }: VideoRequest,
  { video, images: [image], audioPath }: Pick<Inputs, 'video' | 'images' | 'audioPath'>,
): PreviewSource | undefined {
  if (wanted !== 'lip_sync' && wanted !== 'avatar') return undefined;
  const heard = speechSource(voice, audioPath);
  if (heard === undefined) throw new MediaError('bad_media', `${wanted} without a voice`);
  if (wanted === 'lip_sync') {
    if (!video) throw new MediaError('bad_media', 'lip sync without a video');
    return { kind: 'lip_sync', videoPath: video.path, voice: heard };
  }
  if (!image) throw new MediaError('bad_image', 'an avatar without an image');
  return { kind: 'avatar', imagePath: image.path, voice: heard, seed };
}

/** The clip of any other function, with the voice over it that the request asks for (`lip_sync_tts_switch`). */
export function withSpeech(
  clip: PreviewSource,
  { voice, audio, sound }: VideoRequest,
  { audioPath }: Pick<Inputs, 'audioPath'>,
): PreviewSource {
  const heard = speechSource(voice, audioPath);
  if (heard === undefined) return clip;
  return { kind: 'spoken_over', clip, voice: heard, ambience: audio || sound !== undefined };
}

/** `audioPath` is the recording, or for a speaker of the account's own the recording that it was made of. */
function speechSource(voice: VideoRequest['voice'], audioPath: string | undefined): SpeechSource | undefined {
  if (voice === undefined) return undefined;
  if (voice.kind === 'speaker') {
    const { text, speakerId } = voice;
    return { kind: 'speech', text, speakerId, ...(audioPath !== undefined && { likePath: audioPath }) };
  }
  return audioPath === undefined ? undefined : { kind: 'recording', path: audioPath };
}

// The sources of the functions that look into a video: what moves in it, and what can be chosen. Pure.

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
        imagePaths: inputs.images.map(({ path }) => path),
      };
    case 'mimic':
      return { kind: 'mimic', videoPath: filmOf(inputs), imagePath: pictureOf(inputs) };
    default:
      return undefined;
  }
}

const filmOf = ({ video }: Inputs): string => present(video?.path, 'bad_media', 'a video');
const pictureOf = ({ images: [image] }: Inputs): string => present(image?.path, 'bad_image', 'an image');

function present<T>(value: T | undefined, code: MediaError['code'], what: string): T {
  if (value === undefined) throw new MediaError(code, `the request refers to ${what} that is not there`);
  return value;
}

// What a request that works on a video, or wants sounds, asks of the studio. Pure.

/** Undefined for every other function. Throws MediaError `bad_media` where there is no video to work on. */
export function videoSource(request: VideoRequest, { video }: Pick<Inputs, 'video'>): VideoSource | undefined {
  const { prompt, seed, motion, cameraMovement, style } = request;
  const found = (): NonNullable<Inputs['video']> => {
    if (!video) throw new MediaError('bad_media', `${request.function} without a video`);
    return video;
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
