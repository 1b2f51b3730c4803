import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type FetchLimits, FetchRefused, safeFetch } from '../../functions/http/safe-fetch.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server on this machine; what it is asked is kept. */
async function serving(listener: RequestListener): Promise<{ port: number; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    listener(request, response);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, asked };
}

const LIMITS = { maxBytes: 1000, timeoutMs: 5000, allow: [] };
const noResolver = (host: string): never => {
  throw new Error(`${host} was looked up`);
};
const resolvingTo =
  (...addresses: string[]) =>
  async () =>
    addresses;
const fetching = (url: string, limits: Partial<FetchLimits> = {}) =>
  safeFetch(new URL(url), { ...LIMITS, resolve: noResolver, ...limits });
const refusedAs = async (kind: FetchRefused['kind'], words: RegExp, attempt: Promise<unknown>) => {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FetchRefused);
  expect(error).toMatchObject({ kind, message: expect.stringMatching(words) });
};
/** From the server on `port`, by a name that only the injected resolver knows. */
const fetchingNamed = (port: number, limits: Partial<FetchLimits> = {}, path = '/') =>
  fetching(`http://images.test:${port}${path}`, {
    allow: [`images.test:${port}`],
    resolve: resolvingTo('127.0.0.1'),
    ...limits,
  });

describe('an address that is not public is refused before anything is sent', () => {
  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://0x7f.0.0.1/',
    'http://127.1/',
    'http://0/',
    'http://127.0.0.1./',
    'http://①②⑦.0.0.1/',
    'http://%31%32%37.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://0xa9fea9fe/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[::7f00:1]/',
    'http://[fd00:ec2::254]/',
    'https://10.0.0.1/',
  ])('spelled %s', async url => {
    await refusedAs('address', /not public/, fetching(url));
  });

  it.each([
    ['one private address', ['10.0.0.1']],
    ['a public address and a private one', ['1.1.1.1', '10.0.0.1']],
    ['a private address after many public ones', ['1.1.1.1', '8.8.8.8', '9.9.9.9', '127.0.0.1']],
    ['a public address and a private one of IPv6', ['1.1.1.1', 'fd00::1']],
    ['loopback in IPv6 clothes', ['::ffff:127.0.0.1']],
    ['a link-local address with its interface', ['fe80::1%eth0']],
  ])('of a host with %s', async (_name, addresses) => {
    await refusedAs(
      'address',
      /not public/,
      fetching('http://images.test/a.png', { resolve: resolvingTo(...addresses) }),
    );
  });

  it('of a host without any, or whose look-up fails, says that there is none', async () => {
    await refusedAs(
      'address',
      /images\.test has no address/,
      fetching('http://images.test/', { resolve: resolvingTo() }),
    );
    const failing = async () => Promise.reject(new Error('ENOTFOUND'));
    await refusedAs('address', /has no address/, fetching('http://images.test/', { resolve: failing }));
  });
});

describe('a URL is refused', () => {
  it.each(['file:///etc/passwd', 'ftp://images.test/', 'data:image/png;base64,AA', 'gopher://images.test/'])(
    'for its protocol: %s',
    async url => {
      await refusedAs('address', /only http and https/, fetching(url));
    },
  );

  it.each(['http://user@images.test/', 'http://:word@images.test/'])('for the name in it: %s', async url => {
    await refusedAs('address', /user name/, fetching(url));
  });

  it.each(['http://images.test:22/', 'http://images.test:443/', 'https://images.test:8443/', 'http://1.1.1.1:8080/'])(
    'for its port: %s',
    async url => {
      await refusedAs(
        'address',
        /port \d+ is not taken: use the usual port of https?/,
        fetching(url, { resolve: resolvingTo('1.1.1.1') }),
      );
    },
  );
});

describe('a host of the organisation', () => {
  it('is reached although it is inside and on a port of its own: at the address that was checked, under its name', async () => {
    const { port, asked } = await serving((_request, response) =>
      response.setHeader('content-type', 'image/png').end('bytes'),
    );
    let lookups = 0;
    const resolve = async () => {
      lookups++;
      return ['127.0.0.1'];
    };
    const { bytes, contentType } = await fetchingNamed(port, { resolve }, '/a%20b.png?c=d');
    expect([bytes.toString(), contentType]).toEqual(['bytes', 'image/png']);
    expect(asked.map(({ url, headers }) => [url, headers.host])).toEqual([['/a%20b.png?c=d', `images.test:${port}`]]);
    expect(lookups).toBe(1);
  });

  it('is reached on any port where it is allowed by its name alone, and by its address', async () => {
    const { port, asked } = await serving((_request, response) => response.end('bytes'));
    await fetchingNamed(port, { allow: ['images.test'] });
    await fetching(`http://127.0.0.1:${port}/`, { allow: ['127.0.0.1'] });
    expect(asked).toHaveLength(2);
  });

  it('does not open the door for another host, nor for another port of its own', async () => {
    const { port, asked } = await serving((_request, response) => response.end('bytes'));
    const inside = { resolve: resolvingTo('127.0.0.1') };
    for (const allow of [['other.test'], ['images.test:1'], [`test:${port}`], []]) {
      await refusedAs('address', /port/, fetchingNamed(port, { allow }));
    }
    await refusedAs(
      'address',
      /not public/,
      fetching('http://images.test/', { allow: [`images.test:${port}`], ...inside }),
    );
    await refusedAs(
      'address',
      /not public/,
      fetching('http://images.test.evil.test/', { allow: ['images.test'], ...inside }),
    );
    expect(asked).toEqual([]);
  });
});

describe('an answer', () => {
  it.each([301, 302, 303, 307, 308])('of %d is not followed', async status => {
    const { port, asked } = await serving((_request, response) =>
      response.writeHead(status, { location: '/inside' }).end(),
    );
    await refusedAs('unavailable', /redirects are not followed/, fetchingNamed(port));
    expect(asked.map(({ url }) => url)).toEqual(['/']);
  });

  it.each([204, 206, 404, 500])('of %d is no image, and the status is said', async status => {
    const { port } = await serving((_request, response) => response.writeHead(status).end());
    await refusedAs('unavailable', new RegExp(`it answered ${status}`), fetchingNamed(port));
  });

  it('as large as the limit is taken, and one byte more is refused', async () => {
    const { port } = await serving((request, response) => response.end('x'.repeat(Number(request.url?.slice(1)))));
    expect((await fetchingNamed(port, {}, '/1000')).bytes).toHaveLength(1000);
    await refusedAs('too_large', /larger than 1000 bytes/, fetchingNamed(port, {}, '/1001'));
  });

  it('without end is hung up on once it is too large', async () => {
    let hungUp = Promise.resolve<unknown>(undefined);
    const { port } = await serving((_request, response) => {
      hungUp = once(response, 'close');
      const pour = (): void => {
        while (!response.destroyed && response.write('x'.repeat(1000)));
      };
      response.on('drain', pour);
      pour();
    });
    // Longer than this test may take: what hangs up is the size.
    await refusedAs('too_large', /1000 bytes/, fetchingNamed(port, { timeoutMs: 600_000 }));
    await hungUp;
  });

  it('that does not begin in time is given up', async () => {
    const { port } = await serving(() => {});
    await refusedAs('unavailable', /did not answer within 0\.1 s/, fetchingNamed(port, { timeoutMs: 100 }));
  });

  it('whose name is not resolved in time is given up', async () => {
    const resolve = (): Promise<string[]> => new Promise(() => {});
    await refusedAs('unavailable', /did not answer within 0\.1 s/, fetchingNamed(1, { resolve, timeoutMs: 100 }));
  });

  it('that begins and then stalls is given up', async () => {
    const { port } = await serving((_request, response) => response.write('x'));
    await refusedAs('unavailable', /did not answer within|broke off/, fetchingNamed(port, { timeoutMs: 100 }));
  });

  it('that breaks off is refused, and what came of it is not taken for the whole', async () => {
    const { port } = await serving((_request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('x', () => response.destroy());
    });
    await refusedAs('unavailable', /broke off|could not be reached/, fetchingNamed(port));
  });

  it('that never comes, as nobody listens, says so without the insides', async () => {
    const { port } = await serving(() => {});
    for (const server of servers.splice(0)) await new Promise(closed => server.close(closed));
    await refusedAs('unavailable', /^it could not be reached$/, fetchingNamed(port));
  });
});
