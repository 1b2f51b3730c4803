/**
 * Whether a certificate is what it was when it was issued: its signature, its time stamp, its manifest, and that nothing else
 * in it was touched. Needs nothing but the files and the public keys. Pure.
 */
import * as z from 'zod';
import { canonical } from '../audit/chain.ts';
import {
  type Certificate,
  certificateForm,
  type SealedCertificate,
  sealDigest,
  sealedForm,
  sealedText,
  sha256,
} from './certificate.ts';
import { MerkleRoot, partLines } from './manifest.ts';
import { attachmentsOf } from './pdf-attachments.ts';
import { verifyJws } from './signature.ts';
import { verifyTimeStamp } from './time-stamp.ts';

/** What somebody has of a certificate. */
export interface CertificateFiles {
  readonly sealed: SealedCertificate;
  /** The texts of parts of the manifest, in any order. */
  readonly parts: readonly string[];
  /** Where the other parts can be read, of an answer of the API. */
  readonly manifestUrls: readonly string[];
  /** What the API says that the certificate says; absent where only the certificate itself is there. */
  readonly shown?: unknown;
}

export interface Verification {
  /** What is wrong; nothing where it is valid. */
  readonly problems: readonly string[];
  /** Whether lines of the manifest were not there to be looked at. */
  readonly manifest: 'verified' | 'not_given';
  readonly certificate?: Certificate;
  /** The id of the key that signed it. */
  readonly kid?: string;
  readonly stamp?: { readonly at: string; readonly authority: string; readonly trusted: boolean | undefined };
}

/** An answer of the API: the certificate with what it says, and links. */
const answerForm = z.looseObject({
  object: z.literal('certificate'),
  ...sealedForm.shape,
  certificate: z.unknown(),
  manifest: z.array(z.looseObject({ url: z.string() })),
});

/** The certificate in a file: its JSON, its PDF, or an answer of the API. Throws where it is none of these, or not as it was issued. */
export function filesIn(bytes: Uint8Array): CertificateFiles {
  const text = Buffer.from(bytes).toString();
  if (!text.startsWith('%PDF-')) return fromText(text);
  const attachments = attachmentsOf(bytes).map(attachment => attachment.toString());
  const [sealed, ...more] = attachments.flatMap(attachment => sealedIn(attachment) ?? []);
  if (!sealed || more.length > 0) throw new Error('the PDF does not carry one certificate as it was issued');
  return { sealed, parts: attachments.filter(attachment => !sealedIn(attachment)), manifestUrls: [] };
}

function fromText(text: string): CertificateFiles {
  const sealed = sealedIn(text);
  if (sealed) return { sealed, parts: [], manifestUrls: [] };
  const { data } = answerForm.safeParse(parsed(text));
  if (!data)
    throw new Error('it is neither a certificate as it was issued, nor its PDF, nor an answer of the API with one');
  const { jws, time_stamp, sha256: digest, certificate, manifest } = data;
  const manifestUrls = manifest.map(({ url }) => url);
  return { sealed: { jws, time_stamp, sha256: digest }, parts: [], manifestUrls, shown: certificate };
}

/** The certificate that is written in this very text; undefined where it is written otherwise, or not at all. */
function sealedIn(text: string): SealedCertificate | undefined {
  const { data } = sealedForm.safeParse(parsed(text));
  return data && sealedText(data) === text ? data : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `keys`: the JWKs of the platform. `trusted`: certificates of time-stamp authorities, where the reader has some. */
export function verifyCertificate(
  { sealed, parts, shown }: Omit<CertificateFiles, 'manifestUrls'>,
  { keys, trusted = [] }: { readonly keys: readonly unknown[]; readonly trusted?: readonly (string | Buffer)[] },
): Verification {
  const problems: string[] = [];
  if (sealDigest(sealed.jws, sealed.time_stamp) !== sealed.sha256)
    problems.push('its checksum is not that of its content');
  const signature = verifyJws(sealed.jws, keys);
  if (signature.kind === 'invalid') return { problems: [...problems, signature.why], manifest: 'not_given' };
  const { kid, payload } = signature;
  const { data: certificate } = certificateForm.safeParse(payload);
  if (!certificate) return { problems: [...problems, 'what is signed is no certificate'], manifest: 'not_given', kid };
  if (shown !== undefined && canonical(shown) !== canonical(certificate)) {
    problems.push('what is shown of it is not what is signed');
  }
  const { stamp, problem } = stampOf(certificate, sealed, trusted);
  if (problem !== undefined) problems.push(problem);
  const manifest = manifestProblems(certificate, parts);
  const isGiven = parts.length > 0 || certificate.manifest.lines === 0;
  return {
    problems: isGiven ? [...problems, ...manifest] : problems,
    manifest: isGiven ? 'verified' : 'not_given',
    certificate,
    kid,
    ...(stamp && { stamp }),
  };
}

function stampOf(
  { time_stamp }: Certificate,
  sealed: SealedCertificate,
  trusted: readonly (string | Buffer)[],
): Pick<Verification, 'stamp'> & { readonly problem?: string } {
  if (time_stamp === 'none') {
    return sealed.time_stamp === null ? {} : { problem: 'it has a time stamp, and says that it has none' };
  }
  if (sealed.time_stamp === null) return { problem: 'its time stamp is missing' };
  const verified = verifyTimeStamp(Buffer.from(sealed.time_stamp, 'base64'), Buffer.from(sealed.jws), trusted);
  if (verified.kind === 'invalid') return { problem: `its time stamp: ${verified.why}` };
  const { at, authority, trusted: isTrusted } = verified;
  const stamp = { at, authority, trusted: isTrusted };
  return isTrusted === false
    ? { stamp, problem: 'its time stamp is of an authority that is not among those given' }
    : { stamp };
}

const line = z.strictObject({
  bucket: z.string(),
  key: z.string(),
  version_id: z.string(),
  bytes: z.int(),
  sha256: z.string().nullable(),
});

/** What is wrong with the parts that were given: all of them, in the certificate's order, and what it counts of them. */
function manifestProblems({ manifest, deleted }: Certificate, parts: readonly string[]): string[] {
  const byDigest = new Map(parts.map(text => [sha256(text), text]));
  const strangers = [...byDigest.keys()].filter(digest => !manifest.parts.some(part => part.sha256 === digest));
  const problems = strangers.map(digest => `a part of the manifest is not the certificate's: its hash is ${digest}`);
  const tree = new MerkleRoot();
  const counted = new Map<string, { versions: number; bytes: number }>();
  for (const part of manifest.parts) {
    const text = byDigest.get(part.sha256);
    const lines = text === undefined ? undefined : partLines(text);
    if (text === undefined || lines?.length !== part.lines || Buffer.byteLength(text) !== part.bytes) {
      problems.push(`the part of the manifest with the hash ${part.sha256} is missing`);
      continue;
    }
    for (const one of lines) {
      tree.add(one);
      const { data } = line.safeParse(parsed(one));
      if (!data) return [...problems, 'a line of the manifest is no object'];
      const count = counted.get(data.bucket) ?? { versions: 0, bytes: 0 };
      counted.set(data.bucket, { versions: count.versions + 1, bytes: count.bytes + data.bytes });
    }
  }
  if (problems.length > 0) return problems;
  if (tree.lines !== manifest.lines || tree.root() !== manifest.root) problems.push('the manifest has another root');
  const isCounted = deleted.objects.every(({ bucket, versions, bytes }) => {
    const count = counted.get(bucket);
    return count?.versions === versions && count.bytes === bytes;
  });
  if (!isCounted || counted.size !== deleted.objects.length)
    problems.push('the certificate counts other objects than its manifest');
  return problems;
}
