/** The folder that a start keeps everything in: one of another format is refused before anything touches it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Raised by a change after which items of an earlier start cannot be read. */
const FORMAT = 3;

/** Throws where the folder holds data of another format; marks one that is new. */
export function claimDataFolder(dataDir: string): void {
  const file = join(dataDir, 'format');
  const format = existsSync(file)
    ? Number(readFileSync(file, 'utf8'))
    : existsSync(join(dataDir, 'cloud.sqlite'))
      ? 1
      : undefined;
  if (format === FORMAT) return;
  if (format !== undefined) {
    const other = format < FORMAT ? 'an earlier' : 'a later';
    throw new Error(
      `the data in ${dataDir} was written by ${other} version (format ${format}, this one reads ${FORMAT}). ` +
        'Delete the folder, or set MUTOSCOPE_DATA_DIR to another, and start again.',
    );
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(file, `${FORMAT}\n`);
}
