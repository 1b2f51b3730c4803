import { setTimeout as pause } from 'node:timers/promises';
import { pixverseHandler } from '../audit/api-handlers.ts';
import { configuredModel } from '../catalogue/configured-model.ts';
import { route } from '../http/api-handler.ts';
import { headerOf } from '../http/caller.ts';
import { environment, now, random, setting } from '../runtime/runtime.ts';
import { mintLink } from '../uploads/media-store.ts';
import { publicMaskId } from './pixverse/masks.ts';
import { selectMasks } from './pixverse/select-masks-command.ts';
import { maskSelection } from './pixverse/video-contract.ts';
import { maskSelectionParser } from './pixverse/video-parsers.ts';

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
  pause,
};
const MEDIA_BUCKET = setting('MEDIA_BUCKET');

export const handler = pixverseHandler(
  route(maskSelection, async ({ caller, input, event }) => {
    const { jobId, credits, request, thumbnailKey, masks } = await selectMasks(DEPENDENCIES, maskSelectionParser, {
      caller,
      body: input,
      route: event.resource,
      trace: headerOf(event, 'ai-trace-id'),
    });
    const linked = masks.map(async ({ maskId, name, key }) => ({
      mask_id: publicMaskId(jobId, maskId),
      mask_name: name,
      mask_url: await mintLink(MEDIA_BUCKET, key),
    }));
    return {
      body: {
        keyframe_id: request.selection?.keyframe ?? 1,
        keyframe_url: await mintLink(MEDIA_BUCKET, thumbnailKey),
        credits,
        credit: credits,
        mask_info: await Promise.all(linked),
      },
    };
  }),
);
