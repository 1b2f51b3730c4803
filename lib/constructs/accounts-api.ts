import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import * as agreements from '../../functions/accounts/agreements-contract.ts';
import * as accounts from '../../functions/accounts/contract.ts';
import type { Stage } from '../stage.ts';
import { functionFor } from './function.ts';
import { makeMailIdentity, sender } from './mail.ts';
import { addRoutes, type Door } from './routes.ts';
import type { Tables } from './tables.ts';
import { table } from './use.ts';

/** Accounts as their own people register and keep them: a function for each set of grants. */
export function makeAccountsApi(scope: Construct, stage: Stage, api: RestApi, door: Door, { core }: Tables): void {
  const timeout = Duration.seconds(28);
  const folder = 'functions/accounts';
  makeMailIdentity(scope, stage);
  const mail = { MAIL_FROM: sender(scope, stage) };
  const changed = { CORE_TABLE: table(core, ['GetItem', 'UpdateItem']), ...mail };

  const account = functionFor(scope, `${folder}/account.lambda.ts`, stage, {
    timeout,
    settings: { REFUSED_REGIONS: stage.refusedRegions.join(',') },
    uses: { CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem']), ...mail },
  });
  const email = functionFor(scope, `${folder}/email-address.lambda.ts`, stage, {
    timeout,
    uses: { CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem']), ...mail },
  });
  const misuse = functionFor(scope, `${folder}/misuse.lambda.ts`, stage, { timeout, uses: changed });
  const agreed = functionFor(scope, `${folder}/agreements.lambda.ts`, stage, {
    timeout,
    uses: { CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem', 'Query']) },
  });

  const { registerAccount, readAccount, changeAccount } = accounts;
  addRoutes(api, door, account, { registerAccount, readAccount, changeAccount });
  const { sendVerification, confirmEmail, changeEmail, confirmEmailChange } = accounts;
  addRoutes(api, door, email, { sendVerification, confirmEmail, changeEmail, confirmEmailChange });
  const { endSessions, reportMisuse, unfreezeKeys } = accounts;
  addRoutes(api, door, misuse, { endSessions, reportMisuse, unfreezeKeys });
  const { acceptTerms, listAcceptances, readConsents, changeConsents } = agreements;
  addRoutes(api, door, agreed, { acceptTerms, listAcceptances, readConsents, changeConsents });
}
