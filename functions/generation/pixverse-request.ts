/**
 * From a PixVerse generation body to what is to be made. Pure. Both spellings of a member are taken; legacy members
 * that say nothing are passed over, and one that asks for what is not offered is refused, never charged for.
 */
import type { z } from 'zod';
import type { Priced } from '../credits/prices.ts';
import { Refusal } from '../platform/refusal.ts';
import type { generateFromImage, generateFromText } from './contract.ts';
import type { AspectRatio, VideoFunction, VideoRequest } from './job.ts';
import { checkCapability } from './models.ts';

type Body = z.output<typeof generateFromText.input> | z.output<typeof generateFromImage.input>;

/**
 * What to make and what its price depends on. The route says which function it is: a body may bring members of the other.
 * Throws a Refusal that names the member. `drawnSeed` serves where none was given.
 */
export function readRequest(
  made: VideoFunction,
  body: Body,
  drawnSeed: number,
): { request: VideoRequest; priced: Priced } {
  const audio = body.generate_audio_switch ?? false;
  const soundEffect = body.sound_effect_switch ?? false;
  const motion = body.motion_mode || 'normal';
  const aspectRatio = made === 'image_to_video' ? undefined : (body.aspect_ratio as string);
  if (body.lip_sync_tts_switch) notOffered('lip_sync_tts_switch');
  if (body.lip_sync_switch) notOffered('lip_sync_switch');
  if (body.template_id !== undefined) notOffered('template_id');
  const found = checkCapability({
    model: body.model,
    quality: body.quality,
    duration: body.duration,
    aspectRatio,
    audio,
    soundEffect,
    motion,
    camera: body.camera_movement ?? '',
    style: body.style ?? '',
  });
  if ('rule' in found) throw new Refusal('invalid_parameter', `${found.field} ${found.rule}`);
  const shared = {
    model: found.model.name,
    quality: found.quality,
    durationSeconds: body.duration,
    motion: motion as 'normal' | 'fast',
  };
  const request: VideoRequest = {
    ...shared,
    function: made,
    prompt: body.prompt,
    negativePrompt: body.negative_prompt ?? '',
    ...(aspectRatio !== undefined && { aspectRatio: aspectRatio as AspectRatio }),
    ...(made === 'image_to_video' && { images: [{ id: Number(body.img_id) }] }),
    seed: body.seed ?? drawnSeed,
    audio: audio || soundEffect,
    style: body.style ?? '',
    cameraMovement: body.camera_movement ?? '',
  };
  return { request, priced: { ...shared, audio, soundEffect } };
}

function notOffered(field: string): never {
  throw new Refusal('invalid_parameter', `${field} is not offered by this platform yet; leave it out`);
}
