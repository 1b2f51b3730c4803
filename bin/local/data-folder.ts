/** The folder that a start keeps everything in: one of another format is refused before anything touches it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DRAFT, replaceFile } from '../../lib/local/replace-file.ts';

/** Raised by a change after which items of an earlier start cannot be read. */
const FORMAT = 3;
const REMEDY = 'Delete the folder, or set MUTOSCOPE_DATA_DIR to another, and start again.';

/** Throws where the folder holds data of another format; marks one that is new. */
export function claimDataFolder(dataDir: string): void {
  const file = join(dataDir, 'format');
  const format = formatOf(dataDir, file);
  if (format !== undefined && format !== FORMAT) {
    const other = format < FORMAT ? 'an earlier' : 'a later';
    throw new Error(
      `the data in ${dataDir} was written by ${other} version (format ${format}, this one reads ${FORMAT}). ${REMEDY}`,
    );
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (format === undefined) replaceFile(file, `${FORMAT}\n`);
  // What a kill has left half written.
  for (const name of readdirSync(dataDir)) if (name.endsWith(DRAFT)) rmSync(join(dataDir, name), { force: true });
}

/** Undefined for a folder that is new, or whose start was killed before it had anything to keep. */
function formatOf(dataDir: string, file: string): number | undefined {
  const kept = existsSync(join(dataDir, 'cloud.sqlite'));
  if (!existsSync(file)) return kept ? 1 : undefined;
  const text = readFileSync(file, 'utf8').trim();
  if (text === '' && !kept) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const found = text === '' ? 'nothing' : JSON.stringify(text.slice(0, 40));
  throw new Error(
    `${file} should hold the number of the data's format and holds ${found}. ` +
      `Where this version wrote the data, write ${FORMAT} into it. Otherwise: ${REMEDY}`,
  );
}
