/** Trouble with the place where the data are: what it is, and what helps. It is nobody's fault who called. */

/** `full`: no room; `damaged`: a database that is cut or overwritten; `closed`: it cannot be opened or written; `failing`: the device. */
export type StorageTrouble = 'full' | 'damaged' | 'closed' | 'failing';

/** What could not be stored is stored again after this: there may be room then. */
export const STORE_AGAIN_MS = 1000;

/** By the codes of system calls. */
const SYSTEM: Readonly<Record<string, StorageTrouble>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  // A file may not be larger: the limit of a process, or of a file system.
  EFBIG: 'full',
  EACCES: 'closed',
  EPERM: 'closed',
  EROFS: 'closed',
  EIO: 'failing',
};

/** By SQLite's primary result codes. */
const SQLITE: Readonly<Record<number, StorageTrouble>> = {
  8: 'closed',
  10: 'failing',
  11: 'damaged',
  13: 'full',
  14: 'closed',
  26: 'damaged',
};

/** What is wrong with the storage; undefined where the error is of another kind. */
export function storageTrouble(error: unknown): StorageTrouble | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  if (code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number') return SQLITE[errcode & 0xff];
  return typeof code === 'string' ? SYSTEM[code] : undefined;
}

const REMEDIES: Readonly<Record<StorageTrouble, string>> = {
  full: 'Its disk is full. Free some space and start again: what is there already is whole.',
  damaged:
    'It is cut or overwritten. Put a copy of it back where you have one; else delete the folder that it is in, or set MUTOSCOPE_DATA_DIR to another, and start again.',
  closed: 'It cannot be opened or written. See who owns it and what its permissions are, and start again.',
  failing: 'Its disk answers with errors. See the log of the system, and start again.',
};

/** An error in words for a person, with the file or folder that is in trouble and what helps. */
export function explainStorage(place: string, trouble: StorageTrouble, cause: unknown): Error {
  const words = cause instanceof Error ? cause.message : String(cause);
  return new Error(`${place} cannot be used (${words}). ${REMEDIES[trouble]}`, { cause });
}
