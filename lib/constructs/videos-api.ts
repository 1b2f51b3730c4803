import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import * as videos from '../../functions/generation/videos/contract.ts';
import { engineSettings, type Stage } from '../stage.ts';
import { functionFor } from './function.ts';
import { startable, stoppable } from './generation-machine.ts';
import { addRoutes, type Door } from './routes.ts';
import type { Tables } from './tables.ts';
import { measured, media, purgeable, table } from './use.ts';

/** What the dialect works with. */
export interface VideosPlaces {
  readonly tables: Tables;
  readonly media: Bucket;
  readonly machine: StateMachine;
  readonly queue: Queue;
}

/** The Videos dialect under /v1/videos: a function for each set of grants. */
export function makeVideosApi(
  scope: Construct,
  stage: Stage,
  api: RestApi,
  authorizer: Door,
  { tables: { core, jobs, ledger, idempotency }, machine, queue, ...places }: VideosPlaces,
): void {
  // Within the 29 seconds after which API Gateway stops waiting.
  const timeout = Duration.seconds(28);
  const folder = 'functions/generation/videos';

  const create = functionFor(scope, `${folder}/create-video.lambda.ts`, stage, {
    timeout,
    memory: 1024,
    settings: { ...engineSettings(stage), IMAGE_SOURCE_ALLOW: stage.trustedImageHosts.join(',') },
    uses: {
      CORE_TABLE: table(core, ['GetItem', 'UpdateItem', 'ConditionCheckItem', 'PutItem']),
      JOBS_TABLE: table(jobs, ['GetItem', 'PutItem', 'ConditionCheckItem']),
      LEDGER_TABLE: table(ledger, ['PutItem']),
      IDEMPOTENCY_TABLE: table(idempotency, ['GetItem', 'PutItem']),
      MEDIA_BUCKET: media(places.media, ['PutObject']),
      STATE_MACHINE_ARN: startable(machine),
    },
  });
  const read = functionFor(scope, `${folder}/read-video.lambda.ts`, stage, {
    timeout,
    uses: {
      JOBS_TABLE: table(jobs, ['GetItem', 'Query']),
      MEDIA_BUCKET: media(places.media, ['GetObject']),
      QUEUE_URL: measured(queue),
    },
  });
  const watch = functionFor(scope, `${folder}/watch-video.lambda.ts`, stage, {
    timeout,
    uses: { JOBS_TABLE: table(jobs, ['GetItem']) },
  });
  const cancel = functionFor(scope, `${folder}/cancel-video.lambda.ts`, stage, {
    timeout,
    uses: {
      CORE_TABLE: table(core, ['UpdateItem']),
      JOBS_TABLE: table(jobs, ['GetItem', 'UpdateItem', 'PutItem']),
      LEDGER_TABLE: table(ledger, ['PutItem']),
      STATE_MACHINE_ARN: stoppable(machine),
    },
  });
  const remove = functionFor(scope, `${folder}/delete-video.lambda.ts`, stage, {
    timeout,
    uses: { JOBS_TABLE: table(jobs, ['GetItem', 'UpdateItem']), MEDIA_BUCKET: purgeable(places.media) },
  });

  const { createVideo, remixVideo, editVideo, extendVideo } = videos;
  addRoutes(api, authorizer, create, { createVideo, remixVideo, editVideo, extendVideo });
  const { retrieveVideo, listVideos, videoContent } = videos;
  addRoutes(api, authorizer, read, { retrieveVideo, listVideos, videoContent });
  addRoutes(api, authorizer, watch, { videoEvents: videos.videoEvents });
  addRoutes(api, authorizer, cancel, { cancelVideo: videos.cancelVideo });
  addRoutes(api, authorizer, remove, { deleteVideo: videos.deleteVideo });
}
