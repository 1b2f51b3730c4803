import { restHandler } from '../../audit/api-handlers.ts';
import { configuredModel } from '../../catalogue/configured-model.ts';
import { route } from '../../http/api-handler.ts';
import { headerOf, hostOf, standingOf } from '../../http/caller.ts';
import { formMembersOf } from '../../http/multipart.ts';
import type { RequestContext } from '../../http/request-context.ts';
import { environment, now, random, setting } from '../../runtime/runtime.ts';
import { createVideo, editVideo, extendVideo, remixVideo } from './contract.ts';
import * as commands from './create-video-command.ts';

const TABLES = {
  core: setting('CORE_TABLE'),
  jobs: setting('JOBS_TABLE'),
  ledger: setting('LEDGER_TABLE'),
  idempotency: setting('IDEMPOTENCY_TABLE'),
  audit: setting('AUDIT_TABLE'),
};
const DEPENDENCIES = {
  tables: TABLES,
  stateMachineArn: setting('STATE_MACHINE_ARN'),
  served: configuredModel(environment),
  jobsTable: TABLES.jobs,
  mediaBucket: setting('MEDIA_BUCKET'),
  allow: setting('IMAGE_SOURCE_ALLOW').split(',').filter(Boolean),
  now,
  random,
};

const dependenciesOf = ({ caller, event, baseUrl }: RequestContext<unknown>) => ({
  ...DEPENDENCIES,
  standing: standingOf(caller),
  apiHost: hostOf(event),
  baseUrl,
});

function callOf<Input>({ caller, input, event }: RequestContext<Input>): commands.CreationCall<Input> {
  const headers = {
    'idempotency-key': headerOf(event, 'idempotency-key'),
    prefer: headerOf(event, 'prefer'),
    'cancel-after': headerOf(event, 'cancel-after'),
  };
  return { caller, input, route: event.resource, headers };
}

export const handler = restHandler(
  route(createVideo, request => commands.createVideo(dependenciesOf(request), callOf(request)), formMembersOf),
  route(remixVideo, request => commands.remix(dependenciesOf(request), callOf(request)), formMembersOf),
  route(editVideo, request => commands.edit(dependenciesOf(request), callOf(request)), formMembersOf),
  route(extendVideo, request => commands.extend(dependenciesOf(request), callOf(request)), formMembersOf),
);
