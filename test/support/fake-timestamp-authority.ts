/**
 * A time-stamp authority as of RFC 3161 on loopback, in place of a third party's: with a root and a certificate of its own
 * that are made as it starts. What it answers can be spoilt, to see who notices.
 */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  BOOLEAN,
  childrenOf,
  der,
  INTEGER,
  integerOf,
  NULL,
  OCTETS,
  objectIdOf,
  readDer,
  SEQUENCE,
  SET,
  TIME,
} from '../../functions/certificates/der.ts';

const UTF8 = 0x0c;
const BITS = 0x03;
const SHA256_OID = '2.16.840.1.101.3.4.2.1';
const ECDSA_SHA256 = der(SEQUENCE, objectIdOf('1.2.840.10045.4.3.2'));
const SHA256 = der(SEQUENCE, objectIdOf(SHA256_OID), der(NULL));
const INFO = '1.2.840.113549.1.9.16.1.4';

export interface StampOptions {
  readonly at: Date;
  /** What the certificate is for; time stamping, unless told otherwise. */
  readonly purpose?: string;
}

/** Whoever signs stamps: a root, and a certificate that it issued. */
export class StampSigner {
  /** PEM: what readers trust. */
  readonly root: string;
  readonly #chain: readonly Buffer[];
  readonly #key: KeyObject;

  constructor({ at, purpose = '1.3.6.1.5.5.7.3.8' }: StampOptions) {
    const root = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const rootName = named('Root of a test');
    const name = named('Time-stamp authority of a test');
    const ca = extension('2.5.29.19', der(SEQUENCE, der(BOOLEAN, Uint8Array.of(0xff))));
    const stamping = extension('2.5.29.37', der(SEQUENCE, objectIdOf(purpose)));
    const rootCertificate = certificate(rootName, rootName, root.publicKey, root.privateKey, at, ca);
    const leaf = certificate(name, rootName, own.publicKey, root.privateKey, at, stamping);
    this.#chain = [leaf, rootCertificate];
    this.#key = own.privateKey;
    this.root = `-----BEGIN CERTIFICATE-----\n${rootCertificate.toString('base64')}\n-----END CERTIFICATE-----\n`;
  }

  /** The answer to a TimeStampReq. */
  reply(request: Uint8Array, at: Date): Buffer {
    const [, imprint, ...others] = childrenOf(readDer(request));
    const nonce = others.find(({ tag }) => tag === INTEGER);
    if (!imprint) throw new Error('a request for a time stamp has no imprint');
    const granted = der(SEQUENCE, integerOf(Uint8Array.of(0)));
    return der(SEQUENCE, granted, this.#token(imprint.whole, nonce?.whole, at));
  }

  /** The token over the bytes. */
  stamp(bytes: Uint8Array, at: Date): Buffer {
    return this.#token(der(SEQUENCE, SHA256, der(OCTETS, hash(bytes))), undefined, at);
  }

  #token(imprint: Buffer, nonce: Buffer | undefined, at: Date): Buffer {
    const info = der(
      SEQUENCE,
      integerOf(Uint8Array.of(1)),
      objectIdOf('1.3.6.1.4.1.99999.1'),
      imprint,
      integerOf(randomBytes(8)),
      der(TIME, Buffer.from(at.toISOString().replace(/[-:T]|\.\d+/g, ''))),
      ...(nonce ? [nonce] : []),
    );
    const [leaf = Buffer.alloc(0)] = this.#chain;
    const attributes = [
      attribute('1.2.840.113549.1.9.3', objectIdOf(INFO)),
      attribute('1.2.840.113549.1.9.4', der(OCTETS, hash(info))),
      attribute('1.2.840.113549.1.9.16.2.47', der(SEQUENCE, der(SEQUENCE, der(SEQUENCE, der(OCTETS, hash(leaf)))))),
    ].sort(Buffer.compare);
    const signature = sign('sha256', der(SET, ...attributes), this.#key);
    const issuerAndSerial = childrenOf(childrenOf(readDer(leaf))[0] ?? readDer(leaf));
    const signer = der(
      SEQUENCE,
      integerOf(Uint8Array.of(1)),
      der(SEQUENCE, issuerAndSerial[3]?.whole ?? Buffer.alloc(0), issuerAndSerial[1]?.whole ?? Buffer.alloc(0)),
      SHA256,
      der(0xa0, ...attributes),
      ECDSA_SHA256,
      der(OCTETS, signature),
    );
    const data = der(
      SEQUENCE,
      integerOf(Uint8Array.of(3)),
      der(SET, SHA256),
      der(SEQUENCE, objectIdOf(INFO), der(0xa0, der(OCTETS, info))),
      der(0xa0, ...this.#chain),
      der(SET, signer),
    );
    return der(SEQUENCE, objectIdOf('1.2.840.113549.1.7.2'), der(0xa0, data));
  }
}

/** The authority's server. */
export class FakeTimestampAuthority {
  readonly signer: StampSigner;
  readonly #server: Server;
  /** Called with each answer, to spoil it. */
  spoil: (reply: Buffer) => Buffer = reply => reply;
  stamped = 0;

  constructor(now: () => Date = () => new Date()) {
    this.signer = new StampSigner({ at: now() });
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      this.stamped++;
      response.setHeader('content-type', 'application/timestamp-reply');
      response.end(this.spoil(this.signer.reply(Buffer.concat(chunks), now())));
    });
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

const YEAR_MS = 365 * 86_400_000;

function certificate(
  name: Buffer,
  issuer: Buffer,
  key: KeyObject,
  by: KeyObject,
  at: Date,
  ...extensions: readonly Buffer[]
): Buffer {
  const time = (offset: number) =>
    der(TIME, Buffer.from(new Date(at.getTime() + offset).toISOString().replace(/[-:T]|\.\d+/g, '')));
  const content = der(
    SEQUENCE,
    der(0xa0, integerOf(Uint8Array.of(2))),
    integerOf(randomBytes(8)),
    ECDSA_SHA256,
    issuer,
    der(SEQUENCE, time(-YEAR_MS), time(YEAR_MS)),
    name,
    createPublicKey(key.export({ type: 'spki', format: 'pem' })).export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, ...extensions)),
  );
  const signature = sign('sha256', content, by);
  return der(SEQUENCE, content, ECDSA_SHA256, der(BITS, Uint8Array.of(0), signature));
}

function named(name: string): Buffer {
  return der(SEQUENCE, der(SET, der(SEQUENCE, objectIdOf('2.5.4.3'), der(UTF8, Buffer.from(name)))));
}

function extension(id: string, value: Buffer): Buffer {
  return der(SEQUENCE, objectIdOf(id), der(BOOLEAN, Uint8Array.of(0xff)), der(OCTETS, value));
}

function attribute(id: string, value: Buffer): Buffer {
  return der(SEQUENCE, objectIdOf(id), der(SET, value));
}

function hash(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
