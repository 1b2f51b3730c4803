import { pixverseHandler } from '../audit/api-handlers.ts';
import { PLANS, type PlanName } from '../catalogue/plans.ts';
import { momentText } from '../catalogue/retention.ts';
import { route } from '../http/api-handler.ts';
import { hostOf, standingOf } from '../http/caller.ts';
import { formMembersOf } from '../http/multipart.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { uploadMedia } from './contract.ts';
import { mintLink } from './media-store.ts';
import * as uploads from './upload-command.ts';

const DEPENDENCIES = {
  jobsTable: setting('JOBS_TABLE'),
  mediaBucket: setting('MEDIA_BUCKET'),
  allow: setting('IMAGE_SOURCE_ALLOW').split(',').filter(Boolean),
  now,
  random,
};

export const handler = pixverseHandler(
  route(
    uploadMedia,
    async ({ caller, input, event }) => {
      const place = { ...DEPENDENCIES, standing: standingOf(caller), apiHost: hostOf(event) };
      const { retentionDays } = PLANS[caller.plan as PlanName];
      const media = await uploads.uploadMedia(place, caller.accountId, input, retentionDays);
      const { mediaId, mediaType, objectKey, durationSeconds, hasAudio, width, height } = media;
      return {
        body: {
          media_id: mediaId,
          media_type: mediaType,
          url: await mintLink(DEPENDENCIES.mediaBucket, objectKey),
          width,
          height,
          duration: durationSeconds,
          has_audio: hasAudio,
          expires_at: momentText(media.keptUntilMs),
        },
      };
    },
    formMembersOf,
  ),
);
