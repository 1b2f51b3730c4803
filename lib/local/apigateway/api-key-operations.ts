import type { AwsRequest } from '../service.ts';
import { type ApiKey, type ApiKeys, newKeyValue } from './api-keys.ts';
import type { Operation } from './control-plane.ts';
import { badRequest, notFound, pageOf, readBody, readPage, readPatch } from './request-input.ts';
import { stableId } from './stable-id.ts';

export const createApiKey: Operation = ({ keys, context }, request) => {
  const known = ['customerId', 'description', 'enabled', 'generateDistinctId', 'name', 'tags', 'value'];
  const body = readBody(request, known);
  const value = body.value === undefined ? newKeyValue() : String(body.value);
  if (!/^[A-Za-z0-9_-]{20,128}$/.test(value)) {
    throw badRequest('API Key value should be at least 20 characters and at most 128');
  }
  const now = context.clock.now();
  const key: ApiKey = {
    // Of the value and the time: two keys never have one value.
    id: stableId(`${value} ${now}`),
    value,
    name: String(body.name ?? ''),
    description: String(body.description ?? ''),
    customerId: String(body.customerId ?? ''),
    enabled: body.enabled === true,
    createdAt: now,
    updatedAt: now,
    tags: (body.tags ?? {}) as Record<string, string>,
  };
  keys.create(key);
  return wire(key, true);
};

export const getApiKeys: Operation = ({ keys }, request) => {
  const page = readPage(request);
  const customerId = request.query.get('customerId');
  const found = keys.list({
    after: page.after,
    limit: page.limit + 1,
    name: request.query.get('name') ?? '',
    ...(customerId === null ? {} : { customerId }),
  });
  const { page: items, ...position } = pageOf(found, page);
  const withValues = request.query.get('includeValues') === 'true';
  return { item: items.map(key => wire(key, withValues)), ...position };
};

export const getApiKey: Operation = ({ keys }, request, [id]) =>
  wire(existingKey(keys, id), request.query.get('includeValue') === 'true');

export const updateApiKey: Operation = ({ keys, context }, request: AwsRequest, [id]) => {
  const before = existingKey(keys, id);
  const patch = readPatch(request, ['/customerId', '/description', '/enabled', '/name']);
  const after: ApiKey = {
    ...before,
    name: patch.get('/name') ?? before.name,
    description: patch.get('/description') ?? before.description,
    customerId: patch.get('/customerId') ?? before.customerId,
    enabled: patch.has('/enabled') ? patch.get('/enabled') === 'true' : before.enabled,
    updatedAt: context.clock.now(),
  };
  keys.update(after);
  return wire(after, false);
};

export const deleteApiKey: Operation = ({ keys }, _, [id]) => {
  keys.delete(existingKey(keys, id).id);
};

/** Throws NotFoundException. */
export function existingKey(keys: ApiKeys, id: string | undefined): ApiKey {
  const key = id === undefined ? undefined : keys.find(id);
  if (!key) throw notFound('Invalid API Key identifier specified');
  return key;
}

function wire(key: ApiKey, withValue: boolean): Record<string, unknown> {
  const { id, name, description, customerId, enabled, createdAt, updatedAt, tags } = key;
  return {
    id,
    ...(withValue ? { value: key.value } : {}),
    name,
    ...(description === '' ? {} : { description }),
    ...(customerId === '' ? {} : { customerId }),
    enabled,
    createdDate: Math.floor(createdAt / 1000),
    lastUpdatedDate: Math.floor(updatedAt / 1000),
    stageKeys: [],
    tags,
  };
}
