/** Takes a zip archive apart: stored and deflated files, as Lambda's code comes. Encrypted and larger archives are refused. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LONGEST_COMMENT = 65_535;
/** Lambda's limit for what an archive holds. */
const LARGEST_BYTES = 250 * 1024 * 1024;

/** Writes the files of the archive below `folder`; throws where it is none, or where a file would lie elsewhere. */
export function unzip(archive: Buffer, folder: string): void {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end < archive.length - LONGEST_COMMENT - 22 || archive.readUInt32LE(end) !== END) throw notZip();
  let at = archive.readUInt32LE(end + 16);
  let total = 0;
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== ENTRY) throw notZip();
    const [flags, method] = [archive.readUInt16LE(at + 8), archive.readUInt16LE(at + 10)];
    const [packed, size] = [archive.readUInt32LE(at + 20), archive.readUInt32LE(at + 24)];
    const nameLength = archive.readUInt16LE(at + 28);
    const rest = archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
    const local = archive.readUInt32LE(at + 42);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    at += 46 + nameLength + rest;
    total += size;
    if (flags & 1 || (method !== 0 && method !== 8) || total > LARGEST_BYTES) throw notZip();
    const path = normalize(name);
    if (path.startsWith('..') || path.startsWith('/')) throw notZip();
    if (name.endsWith('/')) continue;
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const bytes = archive.subarray(start, start + packed);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(
      join(folder, path),
      method === 0 ? bytes : inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) }),
    );
  }
}

function notZip(): Error {
  return new Error('Could not unzip uploaded file. Please check your file, then try to upload again.');
}
