import { Stack } from 'aws-cdk-lib';
import { Period, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Construct } from 'constructs';
import { PLAN_NAMES, PLANS } from '../../functions/credits/plans.ts';
import { pascal } from './function.ts';
import type { Use } from './use.ts';

/** A usage plan for each plan: the coarse fence around all calls, which API Gateway keeps by best effort. */
export function makeUsagePlans(api: RestApi, stageName: string): void {
  for (const name of PLAN_NAMES) {
    const { requestsPerSecond, requestBurst, requestsPerDay } = PLANS[name];
    api.addUsagePlan(`${pascal(name)}Plan`, {
      name: `${prefixOf(stageName)}${name}`,
      // Both, always: a plan without a quota has been seen to lose its throttle.
      throttle: { rateLimit: requestsPerSecond, burstLimit: requestBurst },
      quota: { limit: requestsPerDay, period: Period.DAY },
      apiStages: [{ stage: api.deploymentStage }],
    });
  }
}

/** What the names of a stage's usage plans begin with; the plan's own name comes after it. */
const prefixOf = (stageName: string): string => `mutoscope-${stageName}-`;

/**
 * For one who opens accounts: makes an account's hidden key and puts it into a plan, which is found by its name. Its id
 * cannot be named: the usage plan needs the API's stage, and that every function that the API calls.
 */
export function plansJoined(scope: Construct, stageName: string): Use {
  const { partition, region } = Stack.of(scope);
  const arn = (path: string) => `arn:${partition}:apigateway:${region}::${path}`;
  return {
    value: prefixOf(stageName),
    grants: [
      { actions: ['apigateway:POST'], resources: [arn('/apikeys')] },
      { actions: ['apigateway:GET'], resources: [arn('/usageplans')] },
      {
        actions: ['apigateway:POST'],
        resources: [arn('/usageplans/*/keys')],
        wildcard:
          'The id of a usage plan cannot be known by what the API itself calls; plans of other APIs take no key of ours.',
      },
    ],
  };
}
