/** Reads `AWS::ApiGateway::UsagePlan`. */
import { Properties } from '../properties.ts';
import type { Resource } from '../service.ts';
import type { PlanStage, Quota, Throttle, UsagePlan } from './api.ts';
import { readTags } from './read-api.ts';

const THROTTLE = ['BurstLimit', 'RateLimit'];

export function readUsagePlan(resource: Resource): UsagePlan {
  const properties = Properties.of(resource, [
    'ApiStages',
    'Description',
    'Quota',
    'Tags',
    'Throttle',
    'UsagePlanName',
  ]);
  const throttle = properties.nested('Throttle', THROTTLE);
  return {
    id: resource.ref,
    name: properties.string('UsagePlanName', resource.logicalId),
    description: properties.string('Description', ''),
    stages: properties.items('ApiStages', ['ApiId', 'Stage', 'Throttle']).map(readPlanStage),
    throttle: throttle && readThrottle(throttle),
    quota: readQuota(properties.nested('Quota', ['Limit', 'Offset', 'Period'])),
    tags: readTags(properties),
  };
}

function readPlanStage(stage: Properties): PlanStage {
  const throttles = new Map<string, Throttle>();
  const names = Object.keys((stage.raw('Throttle') ?? {}) as object);
  const perMethod = stage.nested('Throttle', names);
  for (const name of names) {
    // `/videos/{id}/GET`: the path, then the method.
    const cut = name.lastIndexOf('/');
    const throttle = perMethod?.nested(name, THROTTLE);
    if (throttle) throttles.set(`${name.slice(cut + 1)} ${name.slice(0, cut) || '/'}`, readThrottle(throttle));
  }
  return { apiId: stage.string('ApiId'), stage: stage.string('Stage'), throttles };
}

function readThrottle(throttle: Properties): Throttle {
  return { rate: throttle.optionalNumber('RateLimit'), burst: throttle.optionalNumber('BurstLimit') };
}

function readQuota(quota: Properties | undefined): Quota | undefined {
  if (!quota) return undefined;
  return {
    limit: quota.number('Limit', 0),
    offset: quota.number('Offset', 0),
    period: quota.choice('Period', ['DAY', 'WEEK', 'MONTH'], 'MONTH'),
  };
}
