/** Who may call what: every route with every kind of caller. */
import {
  AssociateSoftwareTokenCommand,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  SetUserMFAPreferenceCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../functions/catalogue/permissions.ts';
import { rolesOf } from '../../functions/http/access.ts';
import type { Route } from '../../functions/http/route.ts';
import { takesBody } from '../../functions/reference/openapi/bodies.ts';
import { FAMILIES } from '../../functions/routes.ts';
import { personOf, type SignedInPerson } from '../support/people.ts';
import { type Customer, Platform } from '../support/platform.ts';
import { send } from '../support/raw-call.ts';
import { TINY } from '../support/videos-client.ts';

let platform: Platform;
let owner: SignedInPerson;
let customer: Customer;
const people = new Map<Role, SignedInPerson>();

beforeAll(async () => {
  platform = await Platform.shared();
  for (const role of ROLES) people.set(role, await personOf(platform, role));
  owner = people.get('developer') as SignedInPerson;
  customer = await platform.customer({ owner });
});

const routes = FAMILIES.flatMap(({ dialect, routes: own }) =>
  Object.entries(own).map(([name, route]) => [name, { route, isPixverse: dialect === 'pixverse' }] as const),
);

/** A call that its caller may or may not make, and that makes nothing: its members are of no one here. */
async function codeOf(route: Route, token: string): Promise<{ code: string | number; status: number }> {
  const path = route.path.replace(/\{\w+\}/g, 'nobody');
  const reply = await send(platform.cloud.apiUrl, {
    method: route.method,
    path,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(takesBody(route) && { body: '{"no_such_member": 1}' }),
  });
  const said = reply.text.startsWith('{') ? JSON.parse(reply.text) : {};
  return { code: said.code ?? said.ErrCode ?? '', status: reply.status };
}

const OF_ONE_KEY = 8;
let refused = 0;
let refusedKey = '';
/** Another key before the rules of use stop one that is refused too many different functions. */
async function keyToRefuse(): Promise<string> {
  if (refused++ % OF_ONE_KEY === 0) {
    const { accountId } = customer;
    refusedKey = (await platform.operate<{ apiKey: string }>('IssueKeyFunction', { accountId })).apiKey;
  }
  return refusedKey;
}

describe.each(routes)('2.4b %s', (_name, { route, isPixverse }) => {
  it.each(ROLES)('is for a %s exactly where its contract says so', async role => {
    const { code, status } = await codeOf(route, people.get(role)?.token ?? '');
    const refused = isPixverse ? code === 500020 : code === 'no_permission' && status === 403;
    // Where keys may call, API Gateway wants a plan, which staff have none of.
    const unplanned = code === 'no_plan' || code === 10005;
    if (rolesOf(route).includes(role)) expect({ code, status }).not.toMatchObject({ code: 'no_permission' });
    else expect(refused || unplanned, `${route.method} ${route.path}: ${status} ${code}`).toBe(true);
  });

  if (route.permission === undefined)
    it('is for no key, whatever its permissions', async () => {
      expect(await codeOf(route, await keyToRefuse())).toEqual({ code: 'no_permission', status: 403 });
    });
});

describe('a token', () => {
  it('of a developer makes a video for its account, which is booked on the person', async () => {
    const { status, body } = await owner.api.create(TINY);
    expect(status).toBe(200);
    const jobs = await platform.items<{ sk: string; keyId?: string }>('Jobs', customer.accountId);
    expect(jobs.find(({ sk }) => sk.startsWith('JOB#'))?.keyId).toBe(owner.personId);
    await owner.api.send('POST', `/videos/${body.id}/cancel`);
  });

  it('that was changed, is of no pool, or is an id token is refused', async () => {
    const [head, payload, signature = ''] = owner.token.split('.');
    const forged = `${head}.${payload}.${signature.slice(0, -4)}AAAA`;
    for (const token of [forged, 'e30.e30.e30']) {
      const { status, code } = await codeOf(routes.find(([name]) => name === 'listVideos')?.[1].route as Route, token);
      expect({ status, code }).toEqual({ status: 401, code: 'key_refused' });
    }
  });

  it('of a developer without an account is refused, with how to register one', async () => {
    const stranger = await personOf(platform, 'developer');
    const { status, body } = await stranger.api.refused('GET', '/audit');
    expect(status).toBe(403);
    expect(body).toMatchObject({ code: 'account_not_active', detail: expect.stringContaining('POST /v1/account') });
  });

  it('of staff sets up no other second factor, and none is had for a password without the page', async () => {
    const pool = new CognitoIdentityProviderClient(platform.cloud.client);
    const { email, token: AccessToken } = people.get('operator') as SignedInPerson;
    const scopeless = { name: 'NotAuthorizedException', message: 'Access Token does not have required scopes' };
    await expect(pool.send(new AssociateSoftwareTokenCommand({ AccessToken }))).rejects.toMatchObject(scopeless);
    const SoftwareTokenMfaSettings = { Enabled: false };
    const preferred = pool.send(new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings }));
    await expect(preferred).rejects.toMatchObject(scopeless);
    const ClientId = platform.output('StaffClientId');
    const AuthParameters = { USERNAME: email, PASSWORD: 'whatever it is' };
    const byPassword = pool.send(new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters }));
    await expect(byPassword).rejects.toThrow('USER_PASSWORD_AUTH flow not enabled for this client');
    pool.destroy();
  });
});
