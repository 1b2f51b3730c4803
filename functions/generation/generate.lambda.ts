import type { z } from 'zod';
import { pixverseHandler } from '../audit/api-handlers.ts';
import { configuredModel } from '../catalogue/configured-model.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { type BoundRoute, route } from '../http/api-handler.ts';
import { headerOf } from '../http/caller.ts';
import type { RequestContext } from '../http/request-context.ts';
import type { Route } from '../http/route.ts';
import { environment, now, random, setting } from '../runtime/runtime.ts';
import type { BodyParser } from './pixverse/body-parser.ts';
import { create } from './pixverse/create-command.ts';
import * as creations from './pixverse/create-contract.ts';
import * as clips from './pixverse/create-parsers.ts';
import * as images from './pixverse/image-parsers.ts';
import type { started } from './pixverse/members-contract.ts';
import * as work from './pixverse/video-contract.ts';
import * as videos from './pixverse/video-parsers.ts';

const DEPENDENCIES = {
  tables: {
    core: setting('CORE_TABLE'),
    jobs: setting('JOBS_TABLE'),
    ledger: setting('LEDGER_TABLE'),
    idempotency: setting('IDEMPOTENCY_TABLE'),
    audit: setting('AUDIT_TABLE'),
  },
  stateMachineArn: setting('STATE_MACHINE_ARN'),
  served: configuredModel(environment),
  now,
  random,
};

function start<Body extends object>(parser: BodyParser<Body>, { caller, input, event }: RequestContext<Body>) {
  const trace = headerOf(event, 'ai-trace-id');
  return create(DEPENDENCIES, parser, { caller, body: input, route: event.resource, trace });
}

/** A route that starts a video, with the parser of its bodies. */
function starts<Input extends z.ZodType<object>>(
  contract: Route<Input, typeof started>,
  parser: BodyParser<z.output<Input>>,
): BoundRoute {
  return route(contract, async request => {
    const { jobId, credits } = await start(parser, request);
    return { body: { video_id: jobId, credits, credit: credits } };
  });
}

function notOffered(contract: Route<z.ZodType, typeof started>, instead: string): BoundRoute {
  return route(contract, async () => {
    throw new Refusal('invalid_parameter', `this call is not offered by this platform: ${instead}`);
  });
}

export const handler = pixverseHandler(
  starts(creations.generateFromText, clips.textParser),
  starts(creations.generateFromImage, clips.imageParser),
  starts(creations.transition, images.transitionParser),
  starts(creations.multiTransition, images.multiTransitionParser),
  starts(creations.fusion, images.fusionParser),
  starts(work.extend, videos.extendParser),
  starts(work.lipSync, videos.lipSyncParser),
  starts(work.soundEffect, videos.soundEffectParser),
  starts(work.restyle, videos.restyleParser),
  starts(work.mimic, videos.mimicParser),
  starts(work.upscale, videos.upscaleParser),
  starts(work.swap, videos.swapParser),
  starts(work.modify, videos.modifyParser),
  starts(creations.avatar, clips.avatarParser),
  route(creations.imageTemplate, async request => {
    const { jobId, credits } = await start(clips.imageTemplateParser, request);
    return { body: { image_id: jobId, credits, credit: credits } };
  }),
  notOffered(creations.agent, 'use video/modify/generate or video/fusion/generate'),
  notOffered(
    creations.musicVideo,
    'make clips with video/text/generate and their sound with video/sound_effect/generate',
  ),
);
