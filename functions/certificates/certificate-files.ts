/** The files of a certificate, by name, and who keeps them. Pure. */
import type { Certificate } from './certificate.ts';

export const SEALED_NAME = 'certificate.json';
export const PDF_NAME = 'certificate.pdf';

/** A part of the manifest, by its SHA-256. */
export const partName = (digest: string): string => `manifest-${digest}.jsonl`;

export interface CertificateStore {
  /** The text of a file; undefined where there is none. */
  read(id: string, name: string): Promise<string | undefined>;
  /** False where one stands under the name already, which is left as it is. */
  put(id: string, name: string, body: string | Uint8Array, contentType: string): Promise<boolean>;
}

/** A file that a PDF carries beside the certificate. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** A manifest of more lines is beside the PDF, not in it. */
const ATTACHED_LINES = 500;

export function isAttached({ manifest: { lines } }: Certificate): boolean {
  return lines <= ATTACHED_LINES;
}
