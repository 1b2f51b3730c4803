/**
 * Issues a certificate of deletion. Idempotent by its id: what is stored first under an id is the certificate, whoever comes
 * again gets that one, and a call that was cut off is ended by the next. It must be called with what a record of the deletion
 * says, not with what can still be listed: of that there is nothing left.
 */
import {
  accountDigest,
  backupsAfter,
  type Certificate,
  certificateForm,
  certificateId,
  type Deleted,
  type SealedCertificate,
  type Stayed,
  seal,
  sealedForm,
  sealedText,
  sha256,
} from './certificate.ts';
import {
  type CertificateStore,
  isAttached,
  type NamedText,
  PDF_NAME,
  partName,
  SEALED_NAME,
} from './certificate-files.ts';
import { MerkleRoot, manifestLine, PART_LINES, partText } from './manifest.ts';
import { payloadOf } from './signature.ts';

export interface CertificateDependencies {
  readonly store: CertificateStore;
  /** The compact JWS of the payload, signed with the stage's key. */
  readonly sign: (payload: string) => Promise<string>;
  /** A time stamp over the bytes, DER; undefined where the stage has no authority for it. */
  readonly stamp: ((bytes: Uint8Array) => Promise<Uint8Array>) | undefined;
  /** The certificate as PDF: the same bytes for the same certificate. */
  readonly pdfOf: (
    certificate: Certificate,
    sealed: SealedCertificate,
    parts: readonly NamedText[],
  ) => Promise<Uint8Array>;
  /** Who issues it. */
  readonly issuer: string;
  /** Epoch ms. */
  readonly now: () => number;
}

export interface CertificateRequest {
  /** Decided once for a deletion and kept with its record; `prefixedId('cert', …)`. */
  readonly certificateId: string;
  /** Whose it was: it is in the certificate as a hash alone, and taken out of the keys of objects. */
  readonly accountId: string;
  readonly subject: { readonly kind: 'account' } | { readonly kind: 'video'; readonly videoId: string };
  /** Why, such as `deleted by its owner`. */
  readonly cause: string;
  /** In the order of their deletion, or any other that is the same each time. */
  readonly items: AsyncIterable<Deleted> | Iterable<Deleted>;
  readonly stayed: readonly Stayed[];
  /** ISO 8601: when deletion began, and when everything was seen to be gone. */
  readonly startedAt: string;
  readonly endedAt: string;
}

export interface IssuedCertificate {
  readonly certificate: Certificate;
  readonly sealed: SealedCertificate;
  /** Whether this call stored it. */
  readonly fresh: boolean;
}

export async function issueCertificate(
  dependencies: CertificateDependencies,
  request: CertificateRequest,
): Promise<IssuedCertificate> {
  const { store } = dependencies;
  const id = certificateId.parse(request.certificateId);
  const issued = (await known(store, id)) ?? (await make(dependencies, id, request));
  const { certificate, sealed } = issued;
  // After the certificate, of which it is made: where this is cut off, the next call makes the same.
  const parts = isAttached(certificate) ? await partsOf(store, certificate) : [];
  await store.put(id, PDF_NAME, await dependencies.pdfOf(certificate, sealed, parts), 'application/pdf');
  return issued;
}

async function known(store: CertificateStore, id: string): Promise<IssuedCertificate | undefined> {
  const text = await store.read(id, SEALED_NAME);
  if (text === undefined) return undefined;
  const sealed = sealedForm.parse(JSON.parse(text));
  return { certificate: certificateForm.parse(payloadOf(sealed.jws)), sealed, fresh: false };
}

function partsOf(store: CertificateStore, { id, manifest }: Certificate): Promise<NamedText[]> {
  return Promise.all(
    manifest.parts.map(async part => {
      const name = partName(part.sha256);
      const text = await store.read(id, name);
      if (text === undefined) throw new Error(`the certificate ${id} has lost ${name}`);
      return { name, text };
    }),
  );
}

async function make(
  { store, sign, stamp, issuer, now }: CertificateDependencies,
  id: string,
  { accountId, subject, cause, items, stayed, startedAt, endedAt }: CertificateRequest,
): Promise<IssuedCertificate> {
  const { deleted, manifest } = await putManifest(store, id, { accountId, items });
  const account_sha256 = accountDigest(id, accountId);
  const certificate = certificateForm.parse({
    version: 1,
    id,
    issuer,
    issued_at: new Date(now()).toISOString(),
    subject:
      subject.kind === 'account'
        ? { kind: 'account', account_sha256 }
        : { kind: 'video', video_id: subject.videoId, account_sha256 },
    cause,
    started_at: startedAt,
    ended_at: endedAt,
    deleted,
    manifest,
    stayed: stayed.map(({ what, rule, until }) => ({ what, rule, until })),
    backups: backupsAfter(endedAt),
    time_stamp: stamp ? 'rfc3161' : 'none',
  } satisfies Certificate);
  const jws = await sign(JSON.stringify(certificate));
  const token = stamp && (await stamp(Buffer.from(jws)));
  const sealed = seal(jws, token ? Buffer.from(token).toString('base64') : null);
  const fresh = await store.put(id, SEALED_NAME, sealedText(sealed), 'application/json');
  if (fresh) return { certificate, sealed, fresh };
  const first = await known(store, id);
  if (!first) throw new Error(`the certificate ${id} is there and cannot be read`);
  return first;
}

/** Writes the lines of the manifest part by part, and counts. Parts are named by their hash: who comes again writes the same. */
async function putManifest(
  store: CertificateStore,
  id: string,
  { accountId, items }: Pick<CertificateRequest, 'accountId' | 'items'>,
): Promise<Pick<Certificate, 'deleted' | 'manifest'>> {
  const tree = new MerkleRoot();
  const parts: Certificate['manifest']['parts'] = [];
  const objects = new Map<string, { bucket: string; versions: number; bytes: number }>();
  const rows = new Map<string, { table: string; of: string; count: number }>();
  const other = new Map<string, { what: string; count: number }>();
  let lines: string[] = [];
  const putPart = async (): Promise<void> => {
    const text = partText(lines);
    const digest = sha256(text);
    await store.put(id, partName(digest), text, 'application/x-ndjson');
    parts.push({ sha256: digest, bytes: Buffer.byteLength(text), lines: lines.length });
    lines = [];
  };
  for await (const item of items) {
    if (item.kind === 'rows') {
      const counted = entryOf(rows, `${item.table} ${item.of}`, () => ({ table: item.table, of: item.of, count: 0 }));
      counted.count += item.count;
    } else if (item.kind === 'other') {
      entryOf(other, item.what, () => ({ what: item.what, count: 0 })).count += item.count;
    } else {
      const counted = entryOf(objects, item.bucket, () => ({ bucket: item.bucket, versions: 0, bytes: 0 }));
      counted.versions++;
      counted.bytes += item.bytes;
      const line = manifestLine(item, accountId);
      tree.add(line);
      if (lines.push(line) === PART_LINES) await putPart();
    }
  }
  if (lines.length > 0) await putPart();
  return {
    deleted: { objects: [...objects.values()], rows: [...rows.values()], other: [...other.values()] },
    manifest: { lines: tree.lines, root: tree.root(), parts },
  };
}

function entryOf<Value>(map: Map<string, Value>, key: string, empty: () => Value): Value {
  const value = map.get(key) ?? empty();
  map.set(key, value);
  return value;
}
