/** Every call about accounts, as its example has it, by somebody who may: each answer is as the OpenAPI document says. */
import { beforeAll, describe, expect, it } from 'vitest';
import { takesBody } from '../../functions/reference/openapi/bodies.ts';
import { describeApi } from '../../functions/reference/openapi.ts';
import { FAMILIES } from '../../functions/routes.ts';
import { codeFor, registrationOf, submitted } from '../support/applicant.ts';
import { Documented } from '../support/documented.ts';
import { personOf, type SignedInPerson } from '../support/people.ts';
import { Platform } from '../support/platform.ts';
import { type RawReply, send } from '../support/raw-call.ts';

let platform: Platform;
let documented: Documented;
let operator: SignedInPerson;
/** By the step of the way that they stand at. */
const people = new Map<string, SignedInPerson>();
let applicant: string;

beforeAll(async () => {
  platform = await Platform.shared();
  documented = new Documented(describeApi(platform.cloud.apiUrl));
  operator = await personOf(platform, 'operator');
  for (const step of ['stranger', 'registered', 'submitted', 'active'])
    people.set(step, await personOf(platform, 'developer'));
  const { registered, active, ...others } = Object.fromEntries(people);
  await registered?.api.send('POST', '/account', registrationOf(registered.email));
  applicant = await submitted(platform, others.submitted as SignedInPerson);
  await platform.customer({ owner: active as SignedInPerson });
});

const { routes: accounts } = FAMILIES.find(({ name }) => name === 'Accounts') ?? expect.fail();
const { routes: agreements } = FAMILIES.find(({ name }) => name === 'Agreements') ?? expect.fail();
const { routes: qualification } = FAMILIES.find(({ name }) => name === 'Qualification') ?? expect.fail();
const { routes: operators } = FAMILIES.find(({ name }) => name === 'Operators') ?? expect.fail();
const ROUTES = { ...accounts, ...agreements, ...qualification, ...operators };

async function call(name: string, token: string, body?: object): Promise<RawReply> {
  const route = ROUTES[name] ?? expect.fail();
  const example = route.example ?? {};
  const query = new URLSearchParams(
    Object.entries(example.query ?? {}).map(([key, value]): [string, string] => [key, String(value)]),
  );
  const reply = await send(platform.cloud.apiUrl, {
    method: route.method,
    path: `${route.path.replace('{id}', applicant)}${query.size > 0 ? `?${query}` : ''}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(takesBody(route) && { body: JSON.stringify(body ?? example.body ?? {}) }),
  });
  const wrong = documented.wrong(route.method, route.path, reply);
  expect(wrong, `${name}: ${reply.text}`).toBeUndefined();
  return reply;
}
const tokenOf = (step: string): string => people.get(step)?.token ?? '';

describe('the call of its example', () => {
  /** In an order in which each finds what it needs. */
  it.each([
    ['listApplications', 'operator'],
    ['listAccounts', 'operator'],
    ['inspectAccount', 'operator'],
    ['decideQualification', 'operator'],
    ['changeAccountStatus', 'operator'],
    ['registerAccount', 'stranger'],
    ['readAccount', 'registered'],
    ['changeAccount', 'registered'],
    ['sendVerification', 'registered'],
    ['addDocument', 'registered'],
    ['listDocuments', 'registered'],
    ['readQualification', 'submitted'],
    ['acceptTerms', 'active'],
    ['listAcceptances', 'active'],
    ['readConsents', 'active'],
    ['changeConsents', 'active'],
    ['changeEmail', 'active'],
    ['unfreezeKeys', 'active'],
    ['reportMisuse', 'active'],
    ['endSessions', 'submitted'],
  ])('%s by one who is %s is answered as is documented', async (name, step) => {
    const reply = await call(name, step === 'operator' ? operator.token : tokenOf(step));
    expect(reply.status, reply.text).toBeLessThan(300);
  });

  it('correctCommercialUse is answered as is documented', async () => {
    const correction = { authorised: false, reason: 'the licence has ended' };
    expect((await call('correctCommercialUse', operator.token, correction)).status).toBe(200);
  });

  it('confirmEmail is answered as is documented', async () => {
    const code = await codeFor(platform, people.get('registered')?.email ?? '');
    expect((await call('confirmEmail', tokenOf('registered'), { code })).status).toBe(200);
  });
});

describe('a refusal', () => {
  it.each(Object.keys(ROUTES))('of %s is as is documented, for one who has no account', async name => {
    const stranger = await personOf(platform, 'developer');
    const reply = await call(name, stranger.token, name === 'registerAccount' ? { kind: 'person' } : undefined);
    expect(reply.status).toBeGreaterThanOrEqual(400);
  });
});
