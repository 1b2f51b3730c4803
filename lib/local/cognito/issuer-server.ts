/**
 * The port below which every pool's issuer is: `http://127.0.0.1:<port>/<pool id>`. It listens before the template is
 * made, as the pools' identities name it; the paths of a pool answer once the pool is there.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers one request below a pool; `path` is the rest of it, beginning with a slash. */
export type PoolHandler = (
  poolId: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<void>;

export class IssuerServer {
  readonly #server: Server;
  readonly url: string;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** `port` 0 takes a free one. */
  static async listen(port: number, handle: PoolHandler): Promise<IssuerServer> {
    const server = createServer((request, response) => {
      const [, poolId = '', path = '/'] = /^\/([^/?]+)([^?]*)/.exec(request.url ?? '') ?? [];
      handle(poolId, path, request, response).catch((error: unknown) => {
        process.stderr.write(`local cloud: ${error instanceof Error ? error.stack : String(error)}\n`);
        if (response.headersSent) response.destroy();
        else response.writeHead(500).end();
      });
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new IssuerServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  /** Idempotent. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  // Public documents and token answers: pages of other origins read them, as on AWS.
  const headers = { 'content-type': 'application/json', 'access-control-allow-origin': '*' };
  response.writeHead(status, headers).end(JSON.stringify(body));
}
