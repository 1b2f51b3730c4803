/**
 * Time stamps of RFC 3161: that bytes were there at a time, said by an authority that never sees them, but their hash. What
 * is asked, and whether what is answered is a stamp of those bytes: the signed attributes, the certificate that they name,
 * its purpose and its time, and its issuers up to one that the reader trusts. Pure.
 */
import { createHash, verify, X509Certificate } from 'node:crypto';
import {
  BOOLEAN,
  childrenOf,
  type DerValue,
  der,
  derInteger,
  derObjectId,
  INTEGER,
  integerOf,
  NULL,
  OCTETS,
  objectIdOf,
  readDer,
  SEQUENCE,
  SET,
  TIME,
} from './der.ts';

const SIGNED_DATA = '1.2.840.113549.1.7.2';
const STAMP_INFO = '1.2.840.113549.1.9.16.1.4';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const SHA256 = '2.16.840.1.101.3.4.2.1';

const HASHES: Readonly<Record<string, string>> = {
  [SHA256]: 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
/** Algorithms of signatures by the hash that they bring; null where that is said beside. */
const SIGNATURES: Readonly<Record<string, string | null>> = {
  '1.2.840.113549.1.1.1': null,
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};

/** A TimeStampReq for the SHA-256 of `bytes`; the answer has the nonce, and the authority's certificate. */
export function timeStampRequest(bytes: Uint8Array, nonce: Uint8Array): Buffer {
  return der(
    SEQUENCE,
    integerOf(Uint8Array.of(1)),
    der(
      SEQUENCE,
      der(SEQUENCE, objectIdOf(SHA256), der(NULL)),
      der(OCTETS, createHash('sha256').update(bytes).digest()),
    ),
    integerOf(nonce),
    der(BOOLEAN, Uint8Array.of(0xff)),
  );
}

/** The token in a TimeStampResp; throws with what the authority says where it granted none. */
export function tokenIn(reply: Uint8Array): Buffer {
  const [status, token] = childrenOf(readDer(reply));
  const [code] = status ? childrenOf(status) : [];
  const granted = code && derInteger(code) <= 1n;
  if (!granted || !token) throw new Error(`the time-stamp authority refused: status ${code ? derInteger(code) : '?'}`);
  return token.whole;
}

export type VerifiedStamp =
  | {
      readonly kind: 'valid';
      /** ISO 8601. */
      readonly at: string;
      /** The subject of the certificate that signed it. */
      readonly authority: string;
      /** Whether its certificate comes from one that the reader trusts; undefined where the reader named none. */
      readonly trusted: boolean | undefined;
      readonly nonce: bigint | undefined;
    }
  | { readonly kind: 'invalid'; readonly why: string };

/** Whether the token is a time stamp over `bytes`. `trusted`: certificates of authorities, or of their issuers, in PEM or DER. */
export function verifyTimeStamp(
  token: Uint8Array,
  bytes: Uint8Array,
  trusted: readonly (string | Buffer)[] = [],
): VerifiedStamp {
  try {
    return verified(
      token,
      bytes,
      trusted.map(certificate => new X509Certificate(certificate)),
    );
  } catch (error) {
    return { kind: 'invalid', why: error instanceof Error ? error.message : String(error) };
  }
}

function verified(token: Uint8Array, bytes: Uint8Array, trusted: readonly X509Certificate[]): VerifiedStamp {
  const { content, certificates, signer } = readSigned(token);
  const info = readInfo(content);
  const hash = HASHES[info.algorithm];
  if (!hash || !createHash(hash).update(bytes).digest().equals(info.imprint)) {
    throw new Error('the time stamp is of other bytes');
  }
  const signing = certificates.find(certificate => signer.names(certificate));
  if (!signing) throw new Error('the time stamp does not bring the certificate that signed it');
  const digest = createHash(signer.digest).update(content).digest();
  if (!digest.equals(signer.messageDigest)) throw new Error('the signature of the time stamp is of other content');
  if (!verify(signer.hash, signer.signed, signing.publicKey, signer.signature)) {
    throw new Error('the signature of the time stamp is not right');
  }
  if (!signing.keyUsage?.includes(TIME_STAMPING)) throw new Error('its certificate is not one for time stamps');
  const at = Date.parse(info.at);
  if (at < Date.parse(signing.validFrom) || at > Date.parse(signing.validTo)) {
    throw new Error('its certificate was not valid at that time');
  }
  return {
    kind: 'valid',
    at: info.at,
    authority: signing.subject.replaceAll('\n', ', '),
    trusted: trusted.length > 0 ? comesFrom(signing, certificates, trusted) : undefined,
    nonce: info.nonce,
  };
}

/** More issuers above each other are no chain of an authority. */
const LONGEST_CHAIN = 6;

function comesFrom(
  certificate: X509Certificate,
  known: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  depth = 0,
): boolean {
  if (trusted.some(one => one.fingerprint256 === certificate.fingerprint256)) return true;
  if (depth === LONGEST_CHAIN) return false;
  return [...trusted, ...known].some(
    issuer =>
      issuer.fingerprint256 !== certificate.fingerprint256 &&
      issuer.ca &&
      certificate.checkIssued(issuer) &&
      certificate.verify(issuer.publicKey) &&
      comesFrom(issuer, known, trusted, depth + 1),
  );
}

/** A value that must be there, and of that tag where one is given. */
function expected(value: DerValue | undefined, what: string, tag?: number): DerValue {
  if (!value || (tag !== undefined && value.tag !== tag)) throw new Error(`the time stamp has no ${what}`);
  return value;
}

function readSigned(token: Uint8Array) {
  const [type, wrapped] = childrenOf(expected(readDer(token), 'content', SEQUENCE));
  if (derObjectId(expected(type, 'type')) !== SIGNED_DATA) throw new Error('the time stamp is no signed data');
  const [data] = childrenOf(expected(wrapped, 'signed data', 0xa0));
  const [, , encapsulated, ...others] = childrenOf(expected(data, 'signed data', SEQUENCE));
  const [innerType, inner] = childrenOf(expected(encapsulated, 'content', SEQUENCE));
  if (derObjectId(expected(innerType, 'type')) !== STAMP_INFO) throw new Error('what is signed is no time stamp');
  const [octets] = childrenOf(expected(inner, 'content', 0xa0));
  const certificates = others.find(({ tag }) => tag === 0xa0);
  const signers = childrenOf(expected(others.at(-1), 'signer', SET));
  if (signers.length !== 1) throw new Error('the time stamp has not one signer');
  return {
    content: expected(octets, 'content', OCTETS).content,
    certificates: certificates ? childrenOf(certificates).map(({ whole }) => new X509Certificate(whole)) : [],
    signer: readSigner(expected(signers[0], 'signer', SEQUENCE)),
  };
}

function readSigner(signer: DerValue) {
  const [, , digestAlgorithm, attributes, signatureAlgorithm, signature] = childrenOf(signer);
  const digest = HASHES[algorithmIn(expected(digestAlgorithm, 'hash', SEQUENCE))];
  const own = SIGNATURES[algorithmIn(expected(signatureAlgorithm, 'algorithm', SEQUENCE))];
  if (digest === undefined || own === undefined)
    throw new Error('the time stamp is signed by an algorithm that is not known');
  const signed = expected(attributes, 'signed attributes', 0xa0);
  const values = new Map(
    childrenOf(signed).map(attribute => {
      const [type, set] = childrenOf(attribute);
      const [value] = childrenOf(expected(set, 'value', SET));
      return [derObjectId(expected(type, 'type')), expected(value, 'value')];
    }),
  );
  if (derObjectId(expected(values.get(CONTENT_TYPE), 'content type')) !== STAMP_INFO) {
    throw new Error('the signature is of another type of content');
  }
  return {
    digest,
    hash: own ?? digest,
    messageDigest: expected(values.get(MESSAGE_DIGEST), 'digest', OCTETS).content,
    // Signed as a set of its own (RFC 5652, 5.4), while it stands under another tag.
    signed: Buffer.concat([Uint8Array.of(SET), signed.whole.subarray(1)]),
    signature: expected(signature, 'signature', OCTETS).content,
    names: signingCertificate(values),
  };
}

/** Which certificate signed, by its hash in the signed attributes: SHA-1 in the first form, SHA-256 or another in the second. */
function signingCertificate(values: ReadonlyMap<string, DerValue>): (certificate: X509Certificate) => boolean {
  const second = values.get(SIGNING_CERTIFICATE_V2);
  const named = expected(second ?? values.get(SIGNING_CERTIFICATE), 'name of its certificate');
  const [list] = childrenOf(named);
  const [id] = childrenOf(expected(list, 'name of its certificate', SEQUENCE));
  const parts = childrenOf(expected(id, 'name of its certificate', SEQUENCE));
  const stated = parts[0]?.tag === SEQUENCE ? HASHES[algorithmIn(parts[0])] : second ? 'sha256' : 'sha1';
  if (stated === undefined) throw new Error('the certificate is named by a hash that is not known');
  const hash = expected(
    parts.find(({ tag }) => tag === OCTETS),
    'hash of its certificate',
  ).content;
  return ({ raw }) => createHash(stated).update(raw).digest().equals(hash);
}

function algorithmIn(identifier: DerValue): string {
  return derObjectId(expected(childrenOf(identifier)[0], 'algorithm'));
}

function readInfo(content: Buffer) {
  const [, , imprint, , time, ...others] = childrenOf(readDer(content));
  const [algorithm, hash] = childrenOf(expected(imprint, 'imprint', SEQUENCE));
  const nonce = others.find(({ tag }) => tag === INTEGER);
  return {
    algorithm: algorithmIn(expected(algorithm, 'algorithm', SEQUENCE)),
    imprint: expected(hash, 'hash', OCTETS).content,
    at: timeOf(expected(time, 'time', TIME).content.toString('latin1')),
    nonce: nonce && derInteger(nonce),
  };
}

/** ISO 8601 of a GeneralizedTime. */
function timeOf(text: string): string {
  const [, year, month, day, hour, minute, second, fraction = ''] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(text) ?? [];
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`);
  if (Number.isNaN(at.getTime())) throw new Error('the time stamp has no time');
  return at.toISOString();
}
