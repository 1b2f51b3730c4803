/** What stands between a program and the cloud: lets so many calls through, and then none, as where the program was killed. */
import { once } from 'node:events';
import { createServer, type Server, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

export class CutEndpoint {
  readonly #server: Server;
  #left = Number.POSITIVE_INFINITY;
  /** Calls that came through. */
  calls = 0;

  constructor(target: string) {
    const { hostname, port } = new URL(target);
    this.#server = createServer(async (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
      if (this.#left <= 0) return void outgoing.destroy();
      const { method, url, headers } = incoming;
      const forwarded = send({ hostname, port, method, path: url, headers }, answer => {
        this.calls++;
        // Done, and nobody learns it.
        if (--this.#left === 0) return void outgoing.destroy();
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      });
      forwarded.end(Buffer.concat(chunks));
    });
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Lets that many calls be done; the answer of the last is lost. */
  cutAfter(calls: number): void {
    this.#left = calls;
    this.calls = 0;
  }

  heal(): void {
    this.#left = Number.POSITIVE_INFINITY;
    this.calls = 0;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
