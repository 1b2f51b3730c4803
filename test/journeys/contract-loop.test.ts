/**
 * One loop over every route: what opens no door, lacks a permission or cannot be read is refused, each answer is as the
 * OpenAPI document says, and nothing has changed anywhere. Routes for people alone are called with a token of theirs;
 * the calls by which they change something are walked in journeys of their own. A platform of its own: nothing at all
 * may have changed in it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PERMISSIONS, ROLES, type Role } from '../../functions/catalogue/permissions.ts';
import { rolesOf } from '../../functions/http/access.ts';
import type { Route } from '../../functions/http/route.ts';
import { mintKey } from '../../functions/keys/api-key.ts';
import { takesBody } from '../../functions/reference/openapi/bodies.ts';
import { describeApi } from '../../functions/reference/openapi.ts';
import { FAMILIES } from '../../functions/routes.ts';
import { random } from '../../functions/runtime/runtime.ts';
import { Documented } from '../support/documented.ts';
import { personOf } from '../support/people.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { multipart, type RawCall, send } from '../support/raw-call.ts';
import { worldOf } from '../support/world.ts';

let platform: Platform;
let customer: Customer;
let documented: Documented;
let before: object;
/** Of somebody with each role; the developer's account is the customer. */
const tokens = new Map<Role, string>();
/** Keys that lack one permission, by that permission. */
const lacking = new Map<string, string>();

beforeAll(async () => {
  // What it does is what a stranger with a key would do, and its keys are not to be stopped for it.
  platform = await Platform.start({ useRules: 'observe' });
  documented = new Documented(describeApi(platform.cloud.apiUrl));
  const people = await Promise.all(ROLES.map(role => personOf(platform, role)));
  ROLES.forEach((role, index) => void tokens.set(role, people[index]?.token ?? ''));
  const [owner] = people;
  customer = await platform.customer({ plan: 'enterprise', credits: 0, ...(owner && { owner }) });
  for (const permission of PERMISSIONS) {
    const permissions = PERMISSIONS.filter(other => other !== permission);
    const wanted = { accountId: customer.accountId, permissions };
    lacking.set(permission, (await platform.operate<{ apiKey: string }>('IssueKeyFunction', wanted)).apiKey);
  }
  before = await worldOf(platform);
});
afterAll(() => platform?.stop());

/** Of one who may call: a key where keys may, and else a person's token. */
function credentialFor(route: Route): string {
  return route.permission ? customer.api.key : (tokens.get(rolesOf(route)[0] ?? 'developer') ?? '');
}

/** The example's call; its ids are of no one here. */
function callOf(_name: string, route: Route, key: string): RawCall {
  const { path: inPath = {}, query = {}, body } = route.example ?? {};
  const path = Object.entries(inPath).reduce((text, [part, value]) => text.replace(`{${part}}`, value), route.path);
  const search = new URLSearchParams(
    Object.entries(query).map(([part, value]): [string, string] => [part, String(value)]),
  ).toString();
  const sent = {
    method: route.method,
    path: search ? `${path}?${search}` : path,
    headers: { authorization: `Bearer ${key}` },
  };
  const [file] = Object.keys(route.files ?? {});
  if (file && !body?.prompt) return withBody(sent, multipart({ [file]: Buffer.from('GIF89a') }));
  return takesBody(route)
    ? withBody(sent, { contentType: 'application/json', body: JSON.stringify(body ?? {}) })
    : sent;
}

function withBody(call: RawCall, { contentType, body }: { contentType: string; body: string | Buffer }): RawCall {
  return { ...call, headers: { ...call.headers, 'content-type': contentType }, body };
}

const REQUEST_ID = /^[0-9a-f-]{36}$/;

/** The refusal, in the words of whichever dialect. Fails where the answer is not as documented. */
async function refusal(route: Route, call: RawCall): Promise<{ status: number; code: number | string; words: string }> {
  const reply = await send(platform.cloud.apiUrl, call);
  expect(reply.headers['x-request-id']).toMatch(REQUEST_ID);
  expect(
    documented.wrong(route.method, route.path, reply),
    `${route.method} ${call.path}: ${reply.text}`,
  ).toBeUndefined();
  const said = JSON.parse(reply.text);
  return { status: reply.status, code: said.code ?? said.ErrCode, words: said.detail ?? said.ErrMsg };
}

const routes = FAMILIES.flatMap(({ dialect, routes: own }) =>
  Object.entries(own).map(([name, route]) => [name, { route, isVideos: dialect !== 'pixverse' }] as const),
);

describe.each(routes)('%s', (name, { route, isVideos }) => {
  it('refuses a key that never was', async () => {
    expect(await refusal(route, callOf(name, route, mintKey(random)))).toMatchObject({
      status: 401,
      code: 'key_refused',
    });
  });

  it('refuses a key without its permission, before it reads the call', async () => {
    // Where no key may call, any key is one without.
    const call = callOf(name, route, lacking.get(route.permission ?? 'videos:create') ?? '');
    const wanted = isVideos ? { status: 403, code: 'no_permission' } : { status: 200, code: 500020 };
    const refused = await refusal(route, call);
    expect(refused).toMatchObject(wanted);
    expect(refused.words).toContain(route.permission ?? 'no API key may do this');
  });

  if (takesBody(route))
    it('refuses a body that cannot be read', async () => {
      const call = callOf(name, route, credentialFor(route));
      const wanted = isVideos ? { status: 400, code: 'wrong_type' } : { status: 200, code: 400013 };
      const json = withBody(call, { contentType: 'application/json', body: '{"prompt": "a hill",' });
      expect(await refusal(route, json)).toMatchObject(wanted);
      const inGbk = Buffer.concat([Buffer.from('{"prompt":"'), Buffer.from('bbc6bbe8', 'hex'), Buffer.from('"}')]);
      const gbk = withBody(call, { contentType: 'application/json', body: inGbk });
      const refused = await refusal(route, gbk);
      expect(refused).toMatchObject({ ...wanted, words: expect.stringContaining('not UTF-8') });
      if (!route.bodies?.includes('multipart')) return;
      const form = withBody(call, { contentType: 'multipart/form-data; boundary=x', body: '--x\r\nnothing' });
      expect(await refusal(route, form)).toMatchObject(wanted);
    });

  if (!route.permission && route.method !== 'GET') return;
  it('responds to the call of its example as documented, and refuses it only for what this account does not have', async () => {
    const reply = await send(platform.cloud.apiUrl, callOf(name, route, credentialFor(route)));
    expect(documented.wrong(route.method, route.path, reply), reply.text).toBeUndefined();
    expect(reply.headers['x-request-id']).toMatch(REQUEST_ID);
    const { ErrCode = 0, ErrMsg, code, detail } = JSON.parse(reply.text);
    if (ErrCode === 0 && code === undefined) {
      expect(route.method === 'GET' || route.permission === 'credits:read').toBe(true);
      return;
    }
    expect(String(ErrMsg ?? detail)).toMatch(
      /not found|there is no|credits|is not an image of this account|not offered|must be a PNG|must be mp4/,
    );
  });
});

it('all of it has charged, stored and started nothing', async () => {
  expect(await worldOf(platform)).toEqual(before);
});
