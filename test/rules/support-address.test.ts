import { expect, it } from 'vitest';
import { REFUSALS, Refusal } from '../../functions/catalogue/refusal.ts';
import { SUPPORT, withSupport } from '../../functions/catalogue/support.ts';
import { apiHandler, route } from '../../functions/http/api-handler.ts';
import { REST } from '../../functions/http/rest-dialect.ts';
import { listPlans } from '../../functions/usage/limits-contract.ts';
import { sourcesOf } from './source-tree.ts';

/** Where a text tells people to turn to support. */
const TURNING = /\b(?:write|name (?:it|the \w+(?: \w+)?|\w+ \S+)) to (\S+?)[\s.,;'"`]/gi;

it('whatever tells people to write to support has the address of the stage in it', () => {
  const texts = sourcesOf('functions', 'lib').filter(({ path }) => !path.startsWith('lib/local/'));
  const bare = texts.flatMap(({ path, text }) =>
    [...text.matchAll(TURNING)].flatMap(([told, whom]) => (whom === 'support' ? `${path}: ${told}` : [])),
  );
  expect(bare).toEqual([]);
});

it('a text has the address in each place', () => {
  expect(withSupport(`write to ${SUPPORT}, or to ${SUPPORT}`, 'help@faro.example')).toBe(
    'write to help@faro.example, or to help@faro.example',
  );
  expect(withSupport(REFUSALS.internal.meaning, 'https://faro.example/$&')).toContain('to https://faro.example/$&.');
});

it('a refusal is told with the address, and nothing else of it is lost', async () => {
  const refusal = new Refusal('wrong_state', `write to ${SUPPORT}`, 'limit');
  const handler = apiHandler(
    [
      route(listPlans, () => {
        throw refusal;
      }),
    ],
    REST,
    { record: async () => undefined, origins: [], support: 'help@faro.example' },
  );
  const authorizer = { kind: 'key', keyId: 'key_1', accountId: 'acct_1', status: 'active', permissions: 'videos:read' };
  const event = {
    httpMethod: 'GET',
    resource: listPlans.path,
    path: listPlans.path,
    headers: {},
    requestContext: {
      requestId: 'request_1',
      path: listPlans.path,
      authorizer: { ...authorizer, permissions: 'credits:read videos:read' },
    },
  };
  const answer = await (handler as unknown as (event: object, context: object) => Promise<{ body: string }>)(event, {});
  expect(JSON.parse(answer.body)).toMatchObject({
    status: 409,
    code: 'wrong_state',
    detail: 'write to help@faro.example',
    param: 'limit',
  });
});
