/**
 * A document of a qualification. It is announced with its size and SHA-256, which the upload's signature holds to; so what is
 * checked when it is submitted cannot become something else behind the reviewer's back. Pure.
 */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { addDocument } from './contract.ts';

type Announcement = z.output<typeof addDocument.input>;

export interface QualificationDocument {
  readonly documentId: string;
  readonly kind: Announcement['kind'];
  readonly contentType: Announcement['content_type'];
  readonly bytes: number;
  /** 64 hex digits. */
  readonly sha256: string;
  readonly fileName?: string;
  readonly state: 'announced' | 'submitted';
  /** ISO 8601. */
  readonly createdAt: string;
}

/** An account may announce so many in all: the list of them stays one page. */
export const MOST_ANNOUNCED = 50;

/** Where its bytes are, in the bucket of documents. */
export function documentObjectKey(accountId: string, documentId: string): string {
  return `accounts/${accountId}/${documentId}`;
}

export function describeDocument(document: QualificationDocument) {
  const { documentId, kind, contentType, bytes, sha256, fileName, state, createdAt } = document;
  return {
    id: documentId,
    object: 'qualification.document' as const,
    kind,
    content_type: contentType,
    bytes,
    sha256,
    file_name: fileName ?? null,
    state,
    created_at: createdAt,
  };
}

/** Whether these are the bytes that were announced. */
export function isAnnounced(announced: QualificationDocument, bytes: Buffer): boolean {
  return bytes.length === announced.bytes && createHash('sha256').update(bytes).digest('hex') === announced.sha256;
}
