import { restHandler } from '../../audit/api-handlers.ts';
import { route } from '../../http/api-handler.ts';
import { now, random, setting } from '../../runtime/runtime.ts';
import { cancelVideo } from './contract.ts';
import * as commands from './end-video-command.ts';
import { describeVideo } from './video-object.ts';

const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), jobs: setting('JOBS_TABLE'), ledger: setting('LEDGER_TABLE') },
  stateMachineArn: setting('STATE_MACHINE_ARN'),
  now,
  random,
};

export const handler = restHandler(
  route(cancelVideo, async ({ caller: { accountId }, input: { id }, baseUrl }) => ({
    body: describeVideo(baseUrl, await commands.cancelVideo(DEPENDENCIES, accountId, id)),
  })),
);
