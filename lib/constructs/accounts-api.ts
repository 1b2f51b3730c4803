import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import * as agreements from '../../functions/accounts/agreements-contract.ts';
import * as accounts from '../../functions/accounts/contract.ts';
import * as qualification from '../../functions/qualification/contract.ts';
import * as operators from '../../functions/qualification/operators-contract.ts';
import type { Stage } from '../stage.ts';
import { functionFor } from './function.ts';
import { makeMailIdentity, sender } from './mail.ts';
import { addRoutes, type Door } from './routes.ts';
import type { Tables } from './tables.ts';
import { usagePlanPrefix } from './usage-plans.ts';
import { qualificationDocuments, table } from './use.ts';

/** Who draws from what is used: agreement to new terms, and the notice that comes with the first video. */
function followUse(scope: Construct, stage: Stage, { core, jobs, audit }: Tables): void {
  const follow = functionFor(scope, 'functions/alerts/follow-use.lambda.ts', stage, {
    timeout: Duration.minutes(1),
    uses: {
      CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem']),
      JOBS_TABLE: table(jobs, ['GetItem']),
      AUDIT_TABLE: table(audit, ['PutItem']),
      MAIL_FROM: sender(scope, stage),
    },
  });
  follow.addEventSource(
    new DynamoEventSource(jobs as ITable, {
      startingPosition: StartingPosition.LATEST,
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(1),
      // What is agreed must be recorded: tried for as long as the stream keeps it, one that always fails apart from the others.
      // A letter makes no batch fail.
      bisectBatchOnError: true,
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { NewImage: { type: { S: FilterRule.or('video.queued', 'video.succeeded') } } },
        }),
      ],
    }),
  );
}

/** What they work with besides the core table. */
export interface AccountPlaces {
  readonly tables: Tables;
  readonly media: Bucket;
}

/**
 * Accounts as their own people register and keep them, and as operators review them; answers the function that puts an
 * approved one into its usage plan. A function for each set of grants.
 */
export function makeAccountsApi(
  scope: Construct,
  stage: Stage,
  api: RestApi,
  door: Door,
  places: AccountPlaces,
): LambdaFunction {
  const { core, ledger } = places.tables;
  const timeout = Duration.seconds(28);
  const folder = 'functions/accounts';
  makeMailIdentity(scope, stage);
  followUse(scope, stage, places.tables);
  const regions = { REFUSED_REGIONS: stage.refusedRegions.join(',') };
  const mail = { MAIL_FROM: sender(scope, stage) };
  const changed = { CORE_TABLE: table(core, ['GetItem', 'UpdateItem']), ...mail };

  const account = functionFor(scope, `${folder}/account.lambda.ts`, stage, {
    timeout,
    settings: regions,
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
  const qualify = functionFor(scope, `${folder}/qualification.lambda.ts`, stage, {
    timeout,
    // A document of 10 MB is read as bytes and as text.
    memory: 1024,
    uses: {
      CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem', 'Query']),
      MEDIA_BUCKET: qualificationDocuments(places.media, ['GetObject', 'PutObject']),
    },
  });
  const review = functionFor(scope, `${folder}/review.lambda.ts`, stage, {
    timeout,
    uses: {
      CORE_TABLE: table(core, ['GetItem', 'Query'], ['applications', 'accounts']),
      MEDIA_BUCKET: qualificationDocuments(places.media, ['GetObject']),
    },
  });
  const decide = functionFor(scope, `${folder}/decide-account.lambda.ts`, stage, {
    timeout,
    settings: { ...regions, USAGE_PLANS: usagePlanPrefix(stage.name) },
    uses: { ...changed, LEDGER_TABLE: table(ledger, ['PutItem']) },
  });

  const { registerAccount, readAccount, changeAccount } = accounts;
  addRoutes(api, door, account, { registerAccount, readAccount, changeAccount });
  const { sendVerification, confirmEmail, changeEmail, confirmEmailChange } = accounts;
  addRoutes(api, door, email, { sendVerification, confirmEmail, changeEmail, confirmEmailChange });
  const { endSessions, reportMisuse, unfreezeKeys } = accounts;
  addRoutes(api, door, misuse, { endSessions, reportMisuse, unfreezeKeys });
  const { acceptTerms, listAcceptances, readConsents, changeConsents } = agreements;
  addRoutes(api, door, agreed, { acceptTerms, listAcceptances, readConsents, changeConsents });
  const { addDocument, listDocuments, submitQualification, readQualification } = qualification;
  addRoutes(api, door, qualify, { addDocument, listDocuments, submitQualification, readQualification });
  const { listApplications, listAccounts, inspectAccount, decideQualification, changeStanding } = operators;
  addRoutes(api, door, review, { listApplications, listAccounts, inspectAccount });
  addRoutes(api, door, decide, { decideQualification, changeStanding });
  return decide;
}
