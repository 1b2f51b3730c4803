import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { generateFromImage, generateFromText } from '../../functions/generation/contract.ts';
import { agent, musicVideo } from '../../functions/generation/pixverse/agent-contract.ts';
import { avatar, imageTemplate } from '../../functions/generation/pixverse/avatar-contract.ts';
import * as film from '../../functions/generation/pixverse/film-contract.ts';
import * as lists from '../../functions/generation/pixverse/lists-contract.ts';
import { maskSelection, modify, swap } from '../../functions/generation/pixverse/mask-contract.ts';
import * as between from '../../functions/generation/pixverse/transition-contract.ts';
import { uploadMedia, verifyAudio } from '../../functions/uploads/contract.ts';
import { usageDetail } from '../../functions/usage/pixverse-contract.ts';
import { engineSettings, type Stage } from '../stage.ts';
import { functionFor } from './function.ts';
import { startable } from './generation-machine.ts';
import { addRoutes, type Door } from './routes.ts';
import type { Tables } from './tables.ts';
import { media, table } from './use.ts';

/** What the dialect works with. */
export interface PixversePlaces {
  readonly tables: Tables;
  readonly media: Bucket;
  readonly machine: StateMachine;
}

/** The routes of the PixVerse dialect that make something, that choose from lists, and that bring media. */
export function makePixverseApi(
  scope: Construct,
  stage: Stage,
  api: RestApi,
  authorizer: Door,
  { tables: { core, jobs, ledger, idempotency }, machine, ...places }: PixversePlaces,
): void {
  // Within the 29 seconds after which API Gateway stops waiting.
  const timeout = Duration.seconds(28);
  const creating = {
    CORE_TABLE: table(core, ['GetItem', 'UpdateItem', 'ConditionCheckItem', 'PutItem']),
    JOBS_TABLE: table(jobs, ['GetItem', 'PutItem', 'ConditionCheckItem']),
    LEDGER_TABLE: table(ledger, ['PutItem']),
    IDEMPOTENCY_TABLE: table(idempotency, ['GetItem', 'PutItem']),
    STATE_MACHINE_ARN: startable(machine),
  };
  const at = (name: string) => `functions/generation/${name}.lambda.ts`;

  const generate = functionFor(scope, at('generate'), stage, {
    timeout,
    settings: engineSettings(stage),
    uses: creating,
  });
  const selectMasks = functionFor(scope, at('select-masks'), stage, {
    timeout,
    settings: engineSettings(stage),
    uses: { ...creating, MEDIA_BUCKET: media(places.media, ['GetObject']) },
  });
  const uploads = functionFor(scope, at('upload-media'), stage, {
    timeout,
    // 100 MB by URL, held once as it comes and once as it is put together.
    memory: 1024,
    settings: { IMAGE_SOURCE_ALLOW: stage.trustedImageHosts.join(',') },
    uses: {
      JOBS_TABLE: table(jobs, ['PutItem']),
      MEDIA_BUCKET: media(places.media, ['GetObject', 'PutObject']),
    },
  });
  const voices = functionFor(scope, at('voices'), stage, {
    timeout,
    uses: { JOBS_TABLE: table(jobs, ['GetItem', 'PutItem', 'UpdateItem']) },
  });
  const choices = functionFor(scope, at('lists'), stage, { timeout, uses: {} });
  const usage = functionFor(scope, 'functions/usage/usage-detail.lambda.ts', stage, {
    timeout,
    uses: { LEDGER_TABLE: table(ledger, [], ['byTime']) },
  });

  const answers = (by: LambdaFunction, routes: Parameters<typeof addRoutes>[3]) =>
    addRoutes(api, authorizer, by, routes);
  answers(generate, { generateFromText, generateFromImage, ...between, ...film });
  answers(generate, { swap, modify, avatar, imageTemplate, agent, musicVideo });
  answers(selectMasks, { maskSelection });
  answers(uploads, { uploadMedia });
  const { restyleList, effectsList, ...speakers } = lists;
  answers(voices, { ...speakers, verifyAudio });
  answers(choices, { restyleList, effectsList });
  answers(usage, { usageDetail });
}
