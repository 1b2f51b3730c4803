import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { changePlan } from '../../functions/accounts/plan-contract.ts';
import * as keys from '../../functions/keys/contract.ts';
import { listPlans, readLimits } from '../../functions/usage/limits-contract.ts';
import type { Stage } from '../stage.ts';
import { functionFor } from './function.ts';
import { addRoutes, type Door } from './routes.ts';
import type { Tables } from './tables.ts';
import { usagePlanPrefix } from './usage-plans.ts';
import { table } from './use.ts';

/** Keys under /v1/keys: one function reads them, another changes them; and the plans that say what keys may do. Answers the function that changes plans. */
export function makeKeysApi(
  scope: Construct,
  stage: Stage,
  api: RestApi,
  authorizer: Door,
  { core, audit }: Pick<Tables, 'core' | 'audit'>,
): LambdaFunction {
  // Within the 29 seconds after which API Gateway stops waiting.
  const timeout = Duration.seconds(28);
  const list = functionFor(scope, 'functions/keys/list-keys.lambda.ts', stage, {
    timeout,
    uses: { CORE_TABLE: table(core, ['GetItem'], ['keysByAccount']), AUDIT_TABLE: table(audit, [], ['byActor']) },
  });
  const manage = functionFor(scope, 'functions/keys/manage-keys.lambda.ts', stage, {
    timeout,
    uses: {
      CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem', 'ConditionCheckItem', 'Query'], ['keysByAccount']),
      AUDIT_TABLE: table(audit, ['PutItem'], ['byActor']),
    },
  });
  const limits = functionFor(scope, 'functions/usage/limits.lambda.ts', stage, {
    timeout,
    uses: { CORE_TABLE: table(core, ['GetItem']) },
  });
  const plan = functionFor(scope, 'functions/accounts/change-plan.lambda.ts', stage, {
    timeout,
    uses: {
      CORE_TABLE: table(core, ['GetItem', 'PutItem', 'UpdateItem']),
      AUDIT_TABLE: table(audit, ['PutItem']),
    },
    settings: { USAGE_PLANS: usagePlanPrefix(stage.name) },
  });
  addRoutes(api, authorizer, limits, { listPlans, readLimits });
  addRoutes(api, authorizer, plan, { changePlan });
  const { listKeys, retrieveKey, keyActivity, ...changes } = keys;
  addRoutes(api, authorizer, list, { listKeys, retrieveKey, keyActivity });
  const { createKey, changeKey, rotateKey, revokeKey, reportLeak } = changes;
  addRoutes(api, authorizer, manage, { createKey, changeKey, rotateKey, revokeKey, reportLeak });
  return plan;
}
