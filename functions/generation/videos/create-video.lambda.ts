import type { z } from 'zod';
import { restHandler } from '../../audit/api-handlers.ts';
import { route } from '../../http/api-handler.ts';
import { setting } from '../../runtime/runtime.ts';
import { inspectMedia } from '../../uploads/media-inspection.ts';
import { takeMedia } from '../../uploads/store-upload.ts';
import { findJob } from '../jobs-store.ts';
import { drawSeed } from '../submit.ts';
import { readVideoBody } from './body.ts';
import { createVideo, editVideo, extendVideo, remixVideo } from './contract.ts';
import { planChange, planExtension, planVideo } from './creation.ts';
import { keepPicture, lookAtPicture } from './picture.ts';
import { type SourceVideo, sourceOf, sourceOfFile } from './source.ts';
import { type Keep, type Prepared, startVideo } from './start-video.ts';
import { jobIdOf } from './video-id.ts';

const TABLES = {
  core: setting('CORE_TABLE'),
  jobs: setting('JOBS_TABLE'),
  ledger: setting('LEDGER_TABLE'),
  idempotency: setting('IDEMPOTENCY_TABLE'),
};
const PLACE = {
  tables: TABLES,
  stateMachineArn: setting('STATE_MACHINE_ARN'),
  jobsTable: TABLES.jobs,
  mediaBucket: setting('MEDIA_BUCKET'),
  allow: setting('IMAGE_SOURCE_ALLOW').split(',').filter(Boolean),
};

async function source(accountId: string, id: string, field: string): Promise<SourceVideo> {
  return sourceOf(await findJob(TABLES.jobs, accountId, jobIdOf(id, field)), id, field);
}

type Named = { readonly id: string } | Uint8Array;

/** The video that a body starts from, and how to keep it where it came as a file. */
async function named(accountId: string, video: Named): Promise<{ from: SourceVideo; keep?: Keep }> {
  if (!(video instanceof Uint8Array)) return { from: await source(accountId, video.id, 'video') };
  const bytes = Buffer.from(video);
  const facts = await inspectMedia(bytes, 'video');
  const keep: Keep = async () => ({
    source: { kind: 'media', id: (await takeMedia(PLACE, accountId, bytes, facts)).mediaId },
  });
  return { from: sourceOfFile(facts, 'video'), keep };
}

async function prepareVideo(accountId: string, input: z.output<typeof createVideo.input>): Promise<Prepared> {
  const plan = planVideo(input, drawSeed());
  if (input.input_reference === undefined) return { plan };
  const picture = await lookAtPicture(PLACE, accountId, input.input_reference);
  return { plan, keep: async () => ({ images: [{ id: await keepPicture(PLACE, accountId, picture) }] }) };
}

export const handler = restHandler(
  route(
    createVideo,
    exchange => startVideo(PLACE, exchange, () => prepareVideo(exchange.caller.accountId, exchange.input)),
    readVideoBody,
  ),
  route(
    remixVideo,
    exchange =>
      startVideo(PLACE, exchange, async () => {
        const from = await source(exchange.caller.accountId, exchange.input.id, 'id');
        return { plan: planChange(exchange.input, from, drawSeed()) };
      }),
    readVideoBody,
  ),
  route(
    editVideo,
    exchange =>
      startVideo(PLACE, exchange, async () => {
        const { from, ...kept } = await named(exchange.caller.accountId, exchange.input.video);
        return { plan: planChange(exchange.input, from, drawSeed()), ...kept };
      }),
    readVideoBody,
  ),
  route(
    extendVideo,
    exchange =>
      startVideo(PLACE, exchange, async () => {
        const { from, ...kept } = await named(exchange.caller.accountId, exchange.input.video);
        return { plan: planExtension(exchange.input, from, drawSeed()), ...kept };
      }),
    readVideoBody,
  ),
);
