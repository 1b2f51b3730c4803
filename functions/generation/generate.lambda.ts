import type { z } from 'zod';
import { pixverseHandler } from '../audit/api-handlers.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { type BoundRoute, route } from '../http/api-handler.ts';
import type { Route } from '../http/route.ts';
import { agent, musicVideo } from './pixverse/agent-contract.ts';
import { readAvatar, readImageTemplate } from './pixverse/avatar.ts';
import { readFusion, readMultiTransition, readTransition } from './pixverse/between.ts';
import { readImage, readText } from './pixverse/clip.ts';
import { create } from './pixverse/create.ts';
import {
  avatar,
  fusion,
  generateFromImage,
  generateFromText,
  imageTemplate,
  multiTransition,
  transition,
} from './pixverse/create-contract.ts';
import { readExtend, readLipSync, readMimic, readRestyle, readSoundEffect, readUpscale } from './pixverse/film.ts';
import { extend, lipSync, mimic, restyle, soundEffect, upscale } from './pixverse/film-contract.ts';
import { readModify, readSwap } from './pixverse/mask.ts';
import { modify, swap } from './pixverse/mask-contract.ts';
import type { started } from './pixverse/members-contract.ts';
import type { Reader } from './pixverse/reading.ts';

/** A route that starts a video, and who reads its bodies. */
function starts<Input extends z.ZodType<object>>(
  contract: Route<Input, typeof started>,
  reader: Reader<z.output<Input>>,
): BoundRoute {
  return route(contract, async exchange => {
    const { jobId, credits } = await create(reader, exchange);
    return { body: { video_id: jobId, credits, credit: credits } };
  });
}

function notOffered(contract: Route<z.ZodType, typeof started>, instead: string): BoundRoute {
  return route(contract, async () => {
    throw new Refusal('invalid_parameter', `this call is not offered by this platform: ${instead}`);
  });
}

export const handler = pixverseHandler(
  starts(generateFromText, readText),
  starts(generateFromImage, readImage),
  starts(transition, readTransition),
  starts(multiTransition, readMultiTransition),
  starts(fusion, readFusion),
  starts(extend, readExtend),
  starts(lipSync, readLipSync),
  starts(soundEffect, readSoundEffect),
  starts(restyle, readRestyle),
  starts(mimic, readMimic),
  starts(upscale, readUpscale),
  starts(swap, readSwap),
  starts(modify, readModify),
  starts(avatar, readAvatar),
  route(imageTemplate, async exchange => {
    const { jobId, credits } = await create(readImageTemplate, exchange);
    return { body: { image_id: jobId, credits, credit: credits } };
  }),
  notOffered(agent, 'use video/modify/generate or video/fusion/generate'),
  notOffered(musicVideo, 'make clips with video/text/generate and their sound with video/sound_effect/generate'),
);
