/**
 * Makes the next volume of an export, and ends it after the last. Invariants:
 * - a volume is a zip file that is whole by itself, with the hashes of its files as its last one;
 * - it is noted, with the place after it, once it is stored: whoever is cut off before makes the same one again, and what was
 *   noted is never made twice;
 * - memory does not grow with what an account holds: rows come in pages, files as streams.
 */
import { createHash } from 'node:crypto';
import { makeZip } from 'client-zip';
import { changeAccount } from '../accounts/account-changes-store.ts';
import { findAccount } from '../accounts/accounts-store.ts';
import { deliverMail, type MailDependencies } from '../accounts/mail-command.ts';
import { mailWrite } from '../accounts/mails-store.ts';
import { prefixedId } from '../runtime/ids.ts';
import { logger } from '../runtime/runtime.ts';
import { bundleKey, openObject, putManifest, storeVolume } from './bundles-store.ts';
import { type AccountExport, endOfExport, manifestOf, type Place } from './export.ts';
import { endWrite, findExport, noteVolume } from './exports-store.ts';
import { pageOfRows } from './rows-store.ts';
import { type ExportedTable, filesOf, rowsFile, SECTIONS } from './sections.ts';

export interface VolumeDependencies extends MailDependencies {
  readonly tables: Readonly<Record<ExportedTable, string>>;
  readonly buckets: Readonly<Record<'media' | 'invoices', string>>;
  readonly exportsBucket: string;
  /** A JWS of the text (RFC 7515, compact). */
  readonly sign: (text: string) => Promise<string>;
  /** After so many of either, or so long, a volume ends with the page at hand. */
  readonly most: { readonly bytes: number; readonly files: number; readonly ms: number };
}

export interface VolumeRequest {
  readonly accountId: string;
  readonly exportId: string;
}

/** Whether there is more to make. What is not to be made, or was, is left alone. */
export async function makeVolume(dependencies: VolumeDependencies, request: VolumeRequest): Promise<boolean> {
  const found = await findExport(dependencies.tables.core, request.accountId, request.exportId);
  if (found?.state !== 'preparing') return false;
  if (found.place.section >= SECTIONS.length) {
    await finish(dependencies, found);
    return false;
  }
  const { exportsBucket, random, now, tables } = dependencies;
  const number = found.volumes.length + 1;
  // Of its own for each try: one that is late overwrites nothing that was noted, and ends with the bucket's days.
  const key = bundleKey(found.accountId, found.exportId, `${prefixedId('vol', now(), random)}.zip`);
  const volume = new Volume(dependencies, found);
  const stored = await storeVolume(exportsBucket, key, makeZip(volume.entries(number)));
  const { files, place } = volume;
  const noted = await noteVolume(tables.core, found, { key, files, ...stored }, place);
  logger.info('volume made', { exportId: found.exportId, number, noted, files, bytes: stored.bytes });
  return true;
}

/** Ends an export that could not be made, so that another can be asked for. */
export async function failExport(dependencies: VolumeDependencies, request: VolumeRequest): Promise<void> {
  const found = await findExport(dependencies.tables.core, request.accountId, request.exportId);
  if (found?.state === 'preparing') await end(dependencies, found);
}

async function finish(dependencies: VolumeDependencies, found: AccountExport): Promise<void> {
  const { exportsBucket, sign, now } = dependencies;
  const text = JSON.stringify(manifestOf(found, new Date(now()).toISOString()), null, 2);
  const key = bundleKey(found.accountId, found.exportId, 'manifest.jws');
  await putManifest(exportsBucket, key, await sign(text));
  await end(dependencies, found, { key });
}

/** The export, its place at the account, the trail and the e-mail in one; then the e-mail is sent. */
async function end(
  dependencies: VolumeDependencies,
  found: AccountExport,
  manifest?: AccountExport['manifest'],
): Promise<void> {
  const { tables, now, random } = dependencies;
  const { accountId, exportId } = found;
  const at = now();
  const createdAt = new Date(at).toISOString();
  const mailId = prefixedId('mail', at, random);
  const fields = { id: exportId, day: new Date(endOfExport(found)).toISOString().slice(0, 10) };
  const ended = await changeAccount(
    { tables, actor: { kind: 'platform', id: 'make-export' }, now: at, random },
    accountId,
    { set: { exporting: undefined }, where: { exporting: exportId } },
    { action: 'export.ended', subject: exportId, detail: { ready: manifest !== undefined } },
    {
      export: endWrite(tables.core, found, createdAt, manifest),
      ...(manifest && {
        mail: mailWrite(tables.core, accountId, { mailId, template: 'export_ready', fields, createdAt }),
      }),
    },
  );
  const account = ended && manifest ? await findAccount(tables.core, accountId) : undefined;
  if (!account) return;
  // The export is there whether or not the e-mail is.
  await deliverMail(dependencies, account, mailId).catch(error =>
    logger.error('export not announced', { exportId, error: error as Error }),
  );
}

interface Listed {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The files of one volume as they are packed, and where they end. */
class Volume {
  readonly #dependencies: VolumeDependencies;
  readonly #export: AccountExport;
  readonly #listed: Listed[] = [];
  /** Files that rows name and that are gone: deleted since the rows were read, or before. */
  readonly #gone: string[] = [];
  #bytes = 0;
  place: Place;

  constructor(dependencies: VolumeDependencies, found: AccountExport) {
    this.#dependencies = dependencies;
    this.#export = found;
    this.place = found.place;
  }

  /** With the one that lists them. */
  get files(): number {
    return this.#listed.length + 1;
  }

  async *entries(number: number) {
    const { now, most } = this.#dependencies;
    const began = now();
    const isFull = () => this.#bytes >= most.bytes || this.#listed.length >= most.files || now() - began >= most.ms;
    const lastModified = new Date(began);
    while (this.place.section < SECTIONS.length && !isFull()) {
      for await (const { name, input } of this.#page()) yield { name, input: this.#counted(name, input), lastModified };
    }
    const list = { volume: number, files: this.#listed, gone: this.#gone };
    yield { name: 'manifest.json', input: `${JSON.stringify(list, null, 1)}\n`, lastModified };
  }

  /** The rows at this place, and the files that they name; then the place is the next. */
  async *#page() {
    const { tables, buckets } = this.#dependencies;
    const { accountId, requestedBy: personId } = this.#export;
    const { section: index, page, start } = this.place;
    const section = SECTIONS[index];
    if (!section) return;
    const { rows, next } = await pageOfRows(tables[section.table], section, { accountId, personId }, start);
    if (rows.length > 0) yield rowsFile(section, page + 1, rows);
    for (const { bucket, key, name } of rows.flatMap(row => filesOf(section, row))) {
      const body = await openObject(buckets[bucket], key);
      if (body) yield { name, input: body };
      else this.#gone.push(name);
    }
    this.place = next ? { section: index, page: page + 1, start: next } : { section: index + 1, page: 0 };
  }

  async *#counted(name: string, input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of input) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
    this.#bytes += bytes;
    this.#listed.push({ name, bytes, sha256: hash.digest('hex') });
  }
}
