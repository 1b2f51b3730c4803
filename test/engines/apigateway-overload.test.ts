import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { POOL_LIMITS } from '../../lib/local/lambda/pool.ts';
import { type RestApi, startRestApi } from '../support/rest-api.ts';

let api: RestApi;
afterEach(() => api.cloud.stop());

/** Notes who came; keeps those who say `hold`, until a file of that name is there. */
const NOTING = (folder: string, kind: string, answer: string) => `
  import { appendFileSync, existsSync } from 'node:fs';
  export const handler = async event => {
    const says = event.headers['X-Says'] ?? '';
    appendFileSync('${folder}/${kind}', says + '\\n');
    while (says.startsWith('hold') && !existsSync('${folder}/free-${kind}-' + says)) await new Promise(r => setTimeout(r, 20));
    return ${answer};
  };`;
const ALLOW = `{ principalId: 'me', policyDocument: { Version: '2012-10-17',
  Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: '*' }] } }`;
const OK = "{ statusCode: 200, body: '{}' }";

const came = (kind: string): string[] => {
  const file = join(api.cloud.context.dataDir, kind);
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
};
const free = (kind: string, says: string) => writeFileSync(join(api.cloud.context.dataDir, `free-${kind}-${says}`), '');
const call = async (path: string, says: string) => {
  const response = await fetch(api.url() + path, { headers: { 'X-Says': says, Authorization: 'k' } });
  return { status: response.status, type: response.headers.get('x-amzn-errortype') };
};
const TIMED_OUT = { status: 504, type: 'InternalServerErrorException' };

describe('with one environment for each function', () => {
  beforeEach(async () => {
    api = await startRestApi({}, {}, { ...POOL_LIMITS, perFunction: 1, waiting: 2 });
    const { dataDir } = api.cloud.context;
    const guard = await api.authorizer(NOTING(dataDir, 'authorizer', ALLOW));
    await api.answering('GET', '/guarded', NOTING(dataDir, 'guarded', OK), guard);
    await api.answering('GET', '/open', NOTING(dataDir, 'open', OK));
  });

  it('a client whose authorizer does not answer hears 504 after 29 s, one who waits for the authorizer too, and that one is never served', async () => {
    const held = call('/guarded', 'hold');
    await expect.poll(() => came('authorizer')).toEqual(['hold']);
    const waiting = call('/guarded', 'waiting');
    // It is in the line, where nothing shows it.
    await new Promise(resolve => setTimeout(resolve, 100));
    api.cloud.clock.advance(29_000);
    expect(await Promise.all([held, waiting])).toEqual([TIMED_OUT, TIMED_OUT]);
    free('authorizer', 'hold');
    expect(await call('/guarded', 'next')).toMatchObject({ status: 200 });
    expect(came('authorizer')).toEqual(['hold', 'next']);
  });

  it("what the authorizer has taken is taken from the integration's 29 s", async () => {
    const slow = call('/guarded', 'hold');
    await expect.poll(() => came('authorizer')).toEqual(['hold']);
    api.cloud.clock.advance(20_000);
    free('authorizer', 'hold');
    await expect.poll(() => came('guarded')).toEqual(['hold']);
    api.cloud.clock.advance(9_000);
    expect(await slow).toEqual(TIMED_OUT);
  });

  it('a flood beyond what is ever served in time is answered with 429, at once, as by the throttle of an account', async () => {
    const held = call('/open', 'hold');
    await expect.poll(() => came('open')).toEqual(['hold']);
    const waiting = [call('/open', 'one'), call('/open', 'two')];
    await new Promise(resolve => setTimeout(resolve, 100));
    const flood = await Promise.all(Array.from({ length: 20 }, () => call('/open', 'flood')));
    expect(flood).toEqual(Array(20).fill({ status: 429, type: 'TooManyRequestsException' }));
    api.cloud.clock.advance(29_000);
    expect(await Promise.all([held, ...waiting])).toEqual([TIMED_OUT, TIMED_OUT, TIMED_OUT]);
    // Who was told so in the line is not served afterwards.
    free('open', 'hold');
    expect(await call('/open', 'next')).toMatchObject({ status: 200 });
    expect(came('open')).toEqual(['hold', 'next']);
  });
});
