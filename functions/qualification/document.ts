/**
 * A document of a qualification. It is announced with its size and SHA-256, which the upload's signature holds to; so what is
 * checked when it is submitted cannot become something else behind the reviewer's back. Pure.
 */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { Refusal } from '../catalogue/refusal.ts';
import { pdfFault } from '../uploads/document-inspection.ts';
import { inspectImage } from '../uploads/image-inspection.ts';
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

/** Where its bytes are, in the bucket of media. */
export function documentObjectKey(accountId: string, documentId: string): string {
  return `accounts/${accountId}/qualification/${documentId}`;
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

/** What is wrong with what was uploaded; undefined where it is what was announced, whole and harmless as far as can be seen. */
export function documentFault(announced: QualificationDocument, bytes: Buffer): string | undefined {
  if (bytes.length !== announced.bytes || createHash('sha256').update(bytes).digest('hex') !== announced.sha256) {
    return 'its bytes are not those that were announced';
  }
  if (announced.contentType === 'application/pdf') return pdfFault(bytes);
  try {
    const { contentType } = inspectImage(bytes);
    return contentType === announced.contentType
      ? undefined
      : `its bytes are ${contentType}, not ${announced.contentType}`;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}
