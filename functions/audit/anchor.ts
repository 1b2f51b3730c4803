/**
 * Heads of the chain of seals, outside the table: which seal was the newest, signed with the stage's Ed25519 key. A chain
 * shows by itself that something within it was changed, not that its end was cut off; whoever holds a signed head knows how
 * long it was at least. Pure.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import * as z from 'zod';
import { canonical, SEALED_WITHIN_MS, type Seal } from './chain.ts';

export interface ChainHead {
  readonly number: number;
  readonly hash: string;
}

const anchorForm = z.strictObject({
  accountId: z.string(),
  number: z.int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** ISO 8601. */
  anchoredAt: z.string(),
  /** Of the members above, as `canonical` writes them; base64url. */
  signature: z.string(),
});
export type Anchor = z.output<typeof anchorForm>;

export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** An Ed25519 private key in PKCS #8 (RFC 8410) is these bytes and its seed of 32. */
const PKCS8_BEFORE_SEED = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The key pair of a secret, which is of any length. */
export function signingKeyOf(secret: string): SigningKey {
  const seed = createHash('sha256').update(secret).digest();
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_BEFORE_SEED, seed]), format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

export function anchorOf(
  accountId: string,
  { number, hash }: ChainHead,
  anchoredAt: string,
  { privateKey }: SigningKey,
): Anchor {
  const unsigned = { accountId, number, hash, anchoredAt };
  return { ...unsigned, signature: sign(null, Buffer.from(canonical(unsigned)), privateKey).toString('base64url') };
}

/** The anchor that this text holds; undefined where it is none of this account, or the stage's key did not sign it. */
export function readAnchor(text: string, accountId: string, publicKey: KeyObject): Anchor | undefined {
  const { data: anchor } = anchorForm.safeParse(parsed(text));
  if (anchor?.accountId !== accountId) return undefined;
  const { signature, ...signed } = anchor;
  const isSigned = verify(null, Buffer.from(canonical(signed)), publicKey, Buffer.from(signature, 'base64url'));
  return isSigned ? anchor : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const LARGEST = 999_999_999_999;

/** Where the heads of an account are: S3 lists by key, so the newest comes first. */
export const headsPrefix = (accountId: string): string => `heads/${accountId}/`;
export const headObjectKey = (accountId: string, number: number): string =>
  `${headsPrefix(accountId)}${String(LARGEST - number).padStart(12, '0')}`;

export type EndFault =
  | { readonly kind: 'seal_missing'; readonly number: number }
  | { readonly kind: 'seal_unanchored'; readonly number: number }
  | { readonly kind: 'anchor_differs'; readonly number: number }
  | { readonly kind: 'head_differs'; readonly number: number };

/** More numbers of one missing end say nothing more. */
const MOST_MISSING = 100;

/**
 * What is wrong with the end of a chain, given where its table says that it ends and how far it was anchored. Both are to be
 * read before the seals: those may be more by then, never fewer. `now` is epoch ms.
 */
export function endFaultsOf(
  seals: readonly Seal[],
  { head, anchor }: { head: ChainHead | undefined; anchor: ChainHead | undefined },
  now: number,
): EndFault[] {
  const newest = seals.at(-1)?.number ?? 0;
  const known = Math.max(head?.number ?? 0, anchor?.number ?? 0);
  const missing = Array.from({ length: Math.min(Math.max(0, known - newest), MOST_MISSING) }, (_, index) => ({
    kind: 'seal_missing' as const,
    number: newest + 1 + index,
  }));
  const at = (number: number): Seal | undefined => seals.find(seal => seal.number === number);
  const isOld = ({ sealedAt }: Seal): boolean => Date.parse(sealedAt) < now - SEALED_WITHIN_MS;
  const differs = (claimed: ChainHead | undefined): boolean => {
    const seal = claimed && at(claimed.number);
    return seal !== undefined && seal.hash !== claimed?.hash;
  };
  const unanchored = seals.filter(seal => seal.number > (anchor?.number ?? 0) && isOld(seal));
  const isHeadBehind = seals.some(seal => seal.number > (head?.number ?? 0) && isOld(seal));
  return [
    ...missing,
    ...(differs(anchor) ? [{ kind: 'anchor_differs' as const, number: anchor?.number ?? 0 }] : []),
    ...(differs(head) || isHeadBehind || (head === undefined && anchor !== undefined)
      ? [{ kind: 'head_differs' as const, number: head?.number ?? 0 }]
      : []),
    ...unanchored.slice(0, MOST_MISSING).map(({ number }) => ({ kind: 'seal_unanchored' as const, number })),
  ];
}
