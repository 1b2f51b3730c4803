import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** What the name of a file that is being written ends with. */
export const DRAFT = '.new';

/**
 * Puts a file in place whole, over the one before: whatever kills the writer or fills the disk, a reader finds the old
 * contents or the new ones, never a part. `mode` are the permissions of the new file.
 */
export function replaceFile(path: string, contents: string | Uint8Array, mode = 0o666): void {
  const draft = `${path}.${randomBytes(4).toString('hex')}${DRAFT}`;
  try {
    writeFileSync(draft, contents, { mode, flag: 'wx' });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
