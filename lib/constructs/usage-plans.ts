import { Stack } from 'aws-cdk-lib';
import { Period, type SpecRestApi, type UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { PLAN_NAMES, PLANS, type PlanName } from '../../functions/catalogue/plans.ts';
import { acknowledge } from '../acknowledge.ts';
import { pascal } from './function.ts';

export type UsagePlans = Readonly<Record<PlanName, UsagePlan>>;

/** A usage plan for each plan: the coarse fence around all calls, which API Gateway keeps by best effort. */
export function makeUsagePlans(api: SpecRestApi, stageName: string): UsagePlans {
  return Object.fromEntries(
    PLAN_NAMES.map(name => {
      const { requestsPerSecond, requestBurst, requestsPerDay } = PLANS[name];
      const plan = api.addUsagePlan(`${pascal(name)}Plan`, {
        name: `${usagePlanPrefix(stageName)}${name}`,
        // Both, always: a plan without a quota has been seen to lose its throttle.
        throttle: { rateLimit: requestsPerSecond, burstLimit: requestBurst },
        quota: { limit: requestsPerDay, period: Period.DAY },
        apiStages: [{ stage: api.deploymentStage }],
      });
      return [name, plan];
    }),
  ) as Record<PlanName, UsagePlan>;
}

/** What the names of a stage's usage plans begin with; the plan follows. */
export const usagePlanPrefix = (stageName: string): string => `mutoscope-${stageName}-`;

/**
 * Lets functions make hidden keys and put them into the plans, which they find by their names. The policy stands alone: a
 * plan comes after the stage, the stage after the routes, and a route after its function with the function's own policy.
 */
export function letJoin(api: SpecRestApi, plans: UsagePlans, joining: readonly LambdaFunction[]): void {
  const { partition, region } = Stack.of(api);
  const arn = (path: string) => `arn:${partition}:apigateway:${region}::${path}`;
  const ids = Object.values(plans).map(plan => plan.usagePlanId);
  new Policy(api, 'JoinPlans', {
    roles: joining.flatMap(({ role }) => role ?? []),
    statements: [
      new PolicyStatement({ actions: ['apigateway:GET'], resources: [arn('/usageplans')] }),
      new PolicyStatement({
        actions: ['apigateway:POST'],
        resources: [arn('/apikeys'), ...ids.map(id => arn(`/usageplans/${id}/keys`))],
      }),
    ],
  });
}

/** Lets a function remove hidden keys, whosever they are. */
export function letDropKeys(scope: Construct, { role }: LambdaFunction): void {
  const { partition, region } = Stack.of(scope);
  const resources = [`arn:${partition}:apigateway:${region}::/apikeys/*`];
  role?.addToPrincipalPolicy(new PolicyStatement({ actions: ['apigateway:DELETE'], resources }));
  if (role) {
    acknowledge(role, {
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:apigateway:<AWS::Region>::/apikeys/*]':
        'Each account has keys of its own, whose ids API Gateway makes.',
    });
  }
}

/** Lets a function read what API Gateway counted, of every key; alone for the same reason. */
export function letCount(api: SpecRestApi, plans: UsagePlans, { role }: LambdaFunction): void {
  const { partition, region } = Stack.of(api);
  const arn = (path: string) => `arn:${partition}:apigateway:${region}::${path}`;
  const ids = Object.values(plans).map(plan => plan.usagePlanId);
  const resources = [arn('/usageplans'), arn('/apikeys'), ...ids.map(id => arn(`/usageplans/${id}/usage`))];
  new Policy(api, 'CountPlans', {
    roles: role ? [role] : [],
    statements: [new PolicyStatement({ actions: ['apigateway:GET'], resources })],
  });
}
