import { Stack } from 'aws-cdk-lib';
import { Period, type RestApi, type UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { PLAN_NAMES, PLANS, type PlanName } from '../../functions/credits/plans.ts';
import { pascal } from './function.ts';
import type { Use } from './use.ts';

export type UsagePlans = Readonly<Record<PlanName, UsagePlan>>;

/** A usage plan for each plan: the coarse fence around all calls, which API Gateway keeps by best effort. */
export function makeUsagePlans(api: RestApi, stageName: string): UsagePlans {
  return Object.fromEntries(
    PLAN_NAMES.map(name => {
      const { requestsPerSecond, requestBurst, requestsPerDay } = PLANS[name];
      const plan = api.addUsagePlan(`${pascal(name)}Plan`, {
        name: `mutoscope-${stageName}-${name}`,
        // Both, always: a plan without a quota has been seen to lose its throttle.
        throttle: { rateLimit: requestsPerSecond, burstLimit: requestBurst },
        quota: { limit: requestsPerDay, period: Period.DAY },
        apiStages: [{ stage: api.deploymentStage }],
      });
      return [name, plan];
    }),
  ) as Record<PlanName, UsagePlan>;
}

/** For one who opens accounts: makes an account's hidden key and puts it into a plan. */
export function plansJoined(api: RestApi, plans: UsagePlans): Use {
  const { partition, region } = Stack.of(api);
  const arn = (path: string) => `arn:${partition}:apigateway:${region}::${path}`;
  const ids = Object.entries(plans).map(([name, plan]) => [name, plan.usagePlanId] as const);
  const resources = [arn('/apikeys'), ...ids.map(([, id]) => arn(`/usageplans/${id}/keys`))];
  return {
    value: Stack.of(api).toJsonString(Object.fromEntries(ids)),
    grants: [{ actions: ['apigateway:POST'], resources }],
  };
}
