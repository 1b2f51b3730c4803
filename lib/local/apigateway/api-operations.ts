import type { Throttle } from './api.ts';
import type { Operation } from './control-plane.ts';
import { notFound } from './request-input.ts';

export const getRestApis: Operation = ({ model: { api } }) => {
  if (!api) return { item: [] };
  const { id, name, description, binaryMediaTypes, keySource, rootId } = api;
  return { item: [{ id, name, description, binaryMediaTypes, apiKeySource: keySource, rootResourceId: rootId }] };
};

export const getStages: Operation = ({ model: { api, stage } }, _, [apiId]) => {
  if (api?.id !== apiId) throw notFound('Invalid API identifier specified');
  if (!stage) return { item: [] };
  const { name, deploymentId, description, variables, tracing, throttles } = stage;
  const methodSettings = Object.fromEntries([...throttles].map(settingOf));
  return {
    item: [{ stageName: name, deploymentId, description, variables, tracingEnabled: tracing, methodSettings }],
  };
};

/** `* /*` is written `*\/*`; a path has its slashes as `~1`. */
function settingOf([key, { rate, burst }]: readonly [string, Throttle]): [string, unknown] {
  const [method, path = ''] = key.split(' ');
  const name = path === '/*' ? `*/${method}` : `${path.slice(1).replaceAll('/', '~1')}/${method}`;
  return [name, { throttlingRateLimit: rate, throttlingBurstLimit: burst }];
}
