import { pixverseHandler } from '../audit/api-handlers.ts';
import { PLANS, type PlanName } from '../catalogue/plans.ts';
import { momentText } from '../catalogue/retention.ts';
import { route } from '../http/api-handler.ts';
import { hostOf, standingOf } from '../http/caller.ts';
import { formMembersOf } from '../http/multipart.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { uploadImage } from './contract.ts';
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
    uploadImage,
    async ({ caller, input, event }) => {
      const { imageId, objectKey, keptUntilMs } = await uploads.uploadImage(
        { ...DEPENDENCIES, standing: standingOf(caller), apiHost: hostOf(event) },
        caller.accountId,
        input,
        PLANS[caller.plan as PlanName].retentionDays,
      );
      const img_url = await mintLink(DEPENDENCIES.mediaBucket, objectKey);
      return { body: { img_id: imageId, img_url, expires_at: momentText(keptUntilMs) } };
    },
    formMembersOf,
  ),
);
