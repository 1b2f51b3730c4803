/**
 * The manifest of a certificate: one line of canonical JSON for each object version, in parts that are stored by their hash.
 * The certificate has the hash of each part, and the root of a Merkle tree as of RFC 9162 over the lines of all: by it one
 * line can be shown to be in it without the others. Pure.
 */
import { createHash } from 'node:crypto';
import { canonical } from '../audit/chain.ts';
import type { DeletedObject } from './certificate.ts';

/** Of some 300 bytes each: a part is read and written whole. */
export const PART_LINES = 8000;

/** The line of an object. The account in a key is not named: it is the certificate's own. */
export function manifestLine({ bucket, key, versionId, bytes, sha256 }: DeletedObject, accountId: string): string {
  return canonical({ bucket, key: key.replaceAll(accountId, '~'), version_id: versionId, bytes, sha256 });
}

/** The text of a part: each line with its end. */
export function partText(lines: readonly string[]): string {
  return lines.map(line => `${line}\n`).join('');
}

/** The lines of a part; undefined where it is not what `partText` writes. */
export function partLines(text: string): readonly string[] | undefined {
  const lines = text.split('\n');
  return lines.pop() === '' ? lines : undefined;
}

function digest(prefix: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256').update(Uint8Array.of(prefix));
  for (const part of parts) hash.update(part);
  return hash.digest();
}

const leafOf = (line: string): Uint8Array => digest(0, Buffer.from(line));
const nodeOf = (left: Uint8Array, right: Uint8Array): Uint8Array => digest(1, left, right);

/** The root of the lines so far, in memory that grows with the logarithm of how many they are. */
export class MerkleRoot {
  /** Roots of full trees, the largest first: of as many lines as the number of lines has binary digits that are 1. */
  readonly #trees: { readonly lines: number; readonly root: Uint8Array }[] = [];
  #lines = 0;

  get lines(): number {
    return this.#lines;
  }

  add(line: string): void {
    this.#lines++;
    let tree = { lines: 1, root: leafOf(line) };
    for (let last = this.#trees.at(-1); last?.lines === tree.lines; last = this.#trees.at(-1)) {
      this.#trees.pop();
      tree = { lines: 2 * tree.lines, root: nodeOf(last.root, tree.root) };
    }
    this.#trees.push(tree);
  }

  /** In hex; of no lines, the hash of nothing. */
  root(): string {
    const root = this.#trees.reduceRight<Uint8Array | undefined>(
      (right, { root: left }) => (right ? nodeOf(left, right) : left),
      undefined,
    );
    return Buffer.from(root ?? createHash('sha256').digest()).toString('hex');
  }
}
