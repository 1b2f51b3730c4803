/** Certificates of deletion issued in this process: with a key of its own, a store in memory, and an authority for time stamps. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deleted } from '../../functions/certificates/certificate.ts';
import { type CertificateStore, PDF_NAME, SEALED_NAME } from '../../functions/certificates/certificate-files.ts';
import { certificatePdf } from '../../functions/certificates/certificate-pdf.ts';
import {
  type CertificateDependencies,
  type CertificateRequest,
  type IssuedCertificate,
  issueCertificate,
} from '../../functions/certificates/issue-certificate-command.ts';
import { compactJws, jwkOf, signingInput, thumbprint } from '../../functions/certificates/signature.ts';
import { StampSigner } from './fake-timestamp-authority.ts';

export const AT = new Date('2026-11-30T09:00:00.000Z');
const FONT = readFileSync(join(import.meta.dirname, '../../functions/invoices/fonts/DejaVuSans.ttf'));

export const objects = (count: number): Deleted[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'object',
    bucket: index % 3 === 0 ? 'documents' : 'media',
    key: `accounts/acct_1/videos/${index}/1/video.mp4`,
    versionId: `v${index}`,
    bytes: 1000 + index,
    sha256: index % 7 === 0 ? null : index.toString(16).padStart(64, '0'),
  }));

export const REQUEST: CertificateRequest = {
  certificateId: 'cert_019f2a6b3d90Hc8Jk2LmN4pQrS',
  accountId: 'acct_1',
  subject: { kind: 'video', videoId: 'video_398412341234567' },
  cause: 'deleted by its owner',
  items: [
    ...objects(5),
    { kind: 'rows', table: 'jobs', of: 'selection of masks', count: 2 },
    { kind: 'other', what: 'delete marker', count: 1 },
  ],
  stayed: [{ what: 'what the ledger says of it', rule: 'books are kept', until: '2037-01-01T00:00:00.000Z' }],
  startedAt: '2026-11-30T08:59:58.000Z',
  endedAt: '2026-11-30T08:59:59.000Z',
};

/** Files by `<id>/<name>`; each is written once. */
export class MemoryStore implements CertificateStore {
  readonly files = new Map<string, Buffer>();

  async read(id: string, name: string): Promise<string | undefined> {
    return this.files.get(`${id}/${name}`)?.toString();
  }

  async put(id: string, name: string, body: string | Uint8Array): Promise<boolean> {
    if (this.files.has(`${id}/${name}`)) return false;
    this.files.set(`${id}/${name}`, Buffer.from(body));
    return true;
  }

  file(id: string, name: string): Buffer {
    const found = this.files.get(`${id}/${name}`);
    if (!found) throw new Error(`there is no ${name} of ${id}`);
    return found;
  }

  parts(id: string): string[] {
    const names = [...this.files.keys()].filter(name => name.startsWith(`${id}/manifest-`));
    return names.map(name => String(this.files.get(name)));
  }
}

/** A platform that issues. */
export class Issuer {
  readonly store: MemoryStore = new MemoryStore();
  readonly stamps = new StampSigner({ at: AT });
  readonly #pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly jwk = jwkOf(this.#pair.publicKey.export({ type: 'spki', format: 'der' }));
  readonly kid = thumbprint(this.jwk);
  signatures = 0;

  dependencies(more: Partial<CertificateDependencies> = {}): CertificateDependencies {
    return {
      store: this.store,
      sign: async payload => {
        this.signatures++;
        const input = signingInput(payload, this.kid);
        return compactJws(input, sign('sha256', Buffer.from(input), this.#pair.privateKey));
      },
      stamp: async bytes => this.stamps.stamp(bytes, AT),
      pdfOf: (certificate, sealed, parts) => certificatePdf(FONT, certificate, sealed, parts),
      issuer: 'Mutoscope',
      now: () => AT.getTime(),
      ...more,
    };
  }

  issue(
    request: Partial<CertificateRequest> = {},
    more: Partial<CertificateDependencies> = {},
  ): Promise<IssuedCertificate> {
    return issueCertificate(this.dependencies(more), { ...REQUEST, ...request });
  }

  get sealedFile(): Buffer {
    return this.store.file(REQUEST.certificateId, SEALED_NAME);
  }

  get pdf(): Buffer {
    return this.store.file(REQUEST.certificateId, PDF_NAME);
  }
}
