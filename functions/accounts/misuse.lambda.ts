import { restHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { describeAccount } from './account.ts';
import * as contract from './contract.ts';
import { endSessions, reportMisuse, unfreezeKeys } from './misuse-command.ts';

const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') },
  mailFrom: setting('MAIL_FROM'),
  support: setting('SUPPORT'),
  now,
  random,
};

export const handler = restHandler(
  route(contract.endSessions, async ({ caller }) => ({
    body: { object: 'sessions' as const, ended_at: await endSessions(DEPENDENCIES, caller) },
  })),
  route(contract.reportMisuse, async ({ caller, input: { reason } }) => ({
    body: describeAccount(await reportMisuse(DEPENDENCIES, caller, reason), DEPENDENCIES.support),
  })),
  route(contract.unfreezeKeys, async ({ caller }) => ({
    body: describeAccount(await unfreezeKeys(DEPENDENCIES, caller), DEPENDENCIES.support),
  })),
);
