/**
 * An export as it is stored, and how the API shows it. It is made volume by volume, each a zip file that is whole by itself:
 * a volume that was stored is kept, whatever becomes of the next, and the place at which that begins is stored with it. Pure.
 */
import type { z } from 'zod';
import { EXPORT_DAYS, type exportObject } from './exports-contract.ts';
import { SECTIONS } from './sections.ts';

export interface StoredVolume {
  readonly key: string;
  readonly files: number;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** Where the next volume begins. */
export interface Place {
  /** Of SECTIONS; beyond the last, all is packed. */
  readonly section: number;
  /** Pages of the section that were packed. */
  readonly page: number;
  /** The key after which the next page begins. */
  readonly start?: Readonly<Record<string, unknown>>;
}

export interface AccountExport {
  readonly exportId: string;
  readonly accountId: string;
  readonly state: 'preparing' | 'ready' | 'failed';
  /** The person. */
  readonly requestedBy: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly completedAt?: string;
  readonly place: Place;
  readonly volumes: readonly StoredVolume[];
  readonly manifest?: { readonly key: string };
}

export const BEGINNING: Place = { section: 0, page: 0 };

/** Epoch ms: nobody is given a link after it. What S3 removes it removes at the midnight after, or later. */
export function endOfExport({ createdAt }: Pick<AccountExport, 'createdAt'>): number {
  return Date.parse(createdAt) + EXPORT_DAYS * 24 * 3600_000;
}

/** What a reader may follow; absent in lists. */
export interface ExportLinks {
  readonly volumes: readonly string[];
  readonly manifest: string;
}

export function isReadable(found: AccountExport, now: number): boolean {
  return found.state === 'ready' && now < endOfExport(found);
}

export function describeExport(found: AccountExport, now: number, links?: ExportLinks): z.output<typeof exportObject> {
  const { exportId, state, requestedBy, createdAt, completedAt, volumes, place, manifest } = found;
  const sum = (member: 'files' | 'bytes') => volumes.reduce((total, volume) => total + volume[member], 0);
  return {
    id: exportId,
    object: 'account.export',
    status: state !== 'preparing' && now >= endOfExport(found) ? 'expired' : state,
    created_at: createdAt,
    completed_at: completedAt ?? null,
    expires_at: new Date(endOfExport(found)).toISOString(),
    requested_by: requestedBy,
    progress: { part: SECTIONS[place.section]?.name ?? 'done', files: sum('files'), bytes: sum('bytes') },
    volumes: volumes.map(({ files, bytes, sha256 }, index) => ({
      number: index + 1,
      files,
      bytes,
      sha256,
      url: links?.volumes[index] ?? null,
    })),
    manifest: links && manifest ? { url: links.manifest } : null,
  };
}

/** The type of the JWS, so that it is never taken for another that the key signs. */
export const MANIFEST_TYPE = 'account-export+jwt';

/** What all volumes are: this is signed. */
export function manifestOf(found: AccountExport, at: string) {
  return {
    object: 'account.export.manifest' as const,
    export: found.exportId,
    account: found.accountId,
    requested_by: found.requestedBy,
    requested_at: found.createdAt,
    made_at: at,
    volumes: found.volumes.map(({ key, files, bytes, sha256 }, index) => ({
      name: volumeName(index + 1),
      object: key.slice(key.lastIndexOf('/') + 1),
      files,
      bytes,
      sha256,
    })),
    hash: 'sha256 of the bytes of each volume; manifest.json within a volume has that of each of its files',
  };
}

export const volumeName = (number: number): string => `volume-${String(number).padStart(4, '0')}.zip`;
