/** API Gateway's control plane, REST-JSON. One table of operations: what is not in it is refused by name. */
import { AwsError, type AwsRequest, type AwsResponse, type CloudContext, type Service } from '../service.ts';
import { createApiKey, deleteApiKey, getApiKey, getApiKeys, updateApiKey } from './api-key-operations.ts';
import { getRestApis, getStages } from './api-operations.ts';
import type { ResourceParts } from './resources.ts';
import { getUsage, updateUsage } from './usage-operations.ts';
import {
  createUsagePlanKey,
  deleteUsagePlanKey,
  getUsagePlan,
  getUsagePlanKey,
  getUsagePlanKeys,
  getUsagePlans,
} from './usage-plan-operations.ts';

/** `ids` are what stands in the braces of the path. Answers the body; undefined for none. */
export type Operation = (parts: ResourceParts, request: AwsRequest, ids: readonly string[]) => unknown;

interface Row {
  readonly route: string;
  readonly status: number;
  readonly run: Operation;
}

const OPERATIONS: readonly Row[] = [
  { route: 'POST /apikeys', status: 201, run: createApiKey },
  { route: 'GET /apikeys', status: 200, run: getApiKeys },
  { route: 'GET /apikeys/{}', status: 200, run: getApiKey },
  { route: 'PATCH /apikeys/{}', status: 200, run: updateApiKey },
  { route: 'DELETE /apikeys/{}', status: 202, run: deleteApiKey },
  { route: 'GET /usageplans', status: 200, run: getUsagePlans },
  { route: 'GET /usageplans/{}', status: 200, run: getUsagePlan },
  { route: 'POST /usageplans/{}/keys', status: 201, run: createUsagePlanKey },
  { route: 'GET /usageplans/{}/keys', status: 200, run: getUsagePlanKeys },
  { route: 'GET /usageplans/{}/keys/{}', status: 200, run: getUsagePlanKey },
  { route: 'DELETE /usageplans/{}/keys/{}', status: 202, run: deleteUsagePlanKey },
  { route: 'GET /usageplans/{}/usage', status: 200, run: getUsage },
  { route: 'PATCH /usageplans/{}/keys/{}/usage', status: 200, run: updateUsage },
  { route: 'GET /restapis', status: 200, run: getRestApis },
  { route: 'GET /restapis/{}/stages', status: 200, run: getStages },
];

export function controlPlane(context: CloudContext, parts: ResourceParts): Service {
  return {
    signingName: 'apigateway',
    async handle(request): Promise<AwsResponse> {
      for (const { route, status, run } of OPERATIONS) {
        const ids = match(route, `${request.method} ${request.path}`);
        if (!ids) continue;
        request.authorize(`apigateway:${request.method}`, `arn:aws:apigateway:${context.region}::${request.path}`);
        const body = run(parts, request, ids);
        return body === undefined ? { status } : { status, headers: JSON_TYPE, body: JSON.stringify(body) };
      }
      const message = `The local cloud's API Gateway does not know ${request.method} ${request.path}`;
      throw new AwsError('NotImplementedException', message, 501);
    },
    refuse: ({ code, message, status, detail }) => ({
      status,
      headers: { ...JSON_TYPE, 'x-amzn-errortype': code },
      body: JSON.stringify({ message, ...detail }),
    }),
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };

function match(route: string, called: string): readonly string[] | undefined {
  const wanted = route.split('/');
  const given = called.split('/');
  if (wanted.length !== given.length) return undefined;
  const ids: string[] = [];
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part === '{}') ids.push(decodeURIComponent(value));
    else if (part !== value) return undefined;
  }
  return ids;
}
