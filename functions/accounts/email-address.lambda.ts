import { restHandler } from '../audit/api-handlers.ts';
import { route } from '../http/api-handler.ts';
import { now, random, setting } from '../runtime/runtime.ts';
import { describeAccount } from './account.ts';
import * as contract from './contract.ts';
import { changeEmail, confirmEmail, confirmEmailChange, sendVerification } from './email-command.ts';

const DEPENDENCIES = {
  tables: { core: setting('CORE_TABLE'), audit: setting('AUDIT_TABLE') },
  mailFrom: setting('MAIL_FROM'),
  support: setting('SUPPORT'),
  now,
  random,
};

export const handler = restHandler(
  route(contract.sendVerification, async ({ caller }) => ({ body: await sendVerification(DEPENDENCIES, caller) })),
  route(contract.confirmEmail, async ({ caller, input: { code } }) => ({
    body: describeAccount(await confirmEmail(DEPENDENCIES, caller, code), DEPENDENCIES.support),
  })),
  route(contract.changeEmail, async ({ caller, input: { email } }) => ({
    body: await changeEmail(DEPENDENCIES, caller, email),
  })),
  route(contract.confirmEmailChange, async ({ caller, input }) => ({
    body: describeAccount(await confirmEmailChange(DEPENDENCIES, caller, input), DEPENDENCIES.support),
  })),
);
