import * as z from 'zod';
import { now, setting } from '../runtime/runtime.ts';
import { type EndFault, endFaultsOf } from './anchor.ts';
import { newestAnchor } from './anchors-store.ts';
import { type Fault, faultsOf } from './chain.ts';
import { findHead, sealableEvents, sealsOf } from './seal-store.ts';
import { signingKeyReader } from './signing-key-client.ts';

const AUDIT_TABLE = setting('AUDIT_TABLE');
const SEALS_TABLE = setting('SEALS_TABLE');
const HEADS_BUCKET = setting('AUDIT_HEADS_BUCKET');
const signingKey = signingKeyReader(setting('AUDIT_KEY_ARN'));
/** A trail with more faults is broken all the same. */
const MOST_SHOWN = 100;

const Request = z.object({ accountId: z.string().min(1) });

interface Verdict {
  readonly intact: boolean;
  readonly events: number;
  readonly seals: number;
  /** The hash of the newest seal. */
  readonly newest: string | null;
  /** How far the chain was anchored outside the table, and when. */
  readonly anchored: { readonly number: number; readonly hash: string; readonly at: string } | null;
  /** What verifies the heads in the bucket, for whoever does it without us: Ed25519, as a JWK. */
  readonly publicKey: object;
  readonly faults: readonly (Fault | EndFault | { readonly kind: 'anchor_forged'; readonly object: string })[];
}

/**
 * Invoked by an operator: walks an account's audit trail and says whether anything was taken away, be it the end of it,
 * changed or slipped in.
 */
export async function handler(event: unknown): Promise<Verdict> {
  const { accountId } = Request.parse(event);
  const key = await signingKey();
  // The ends first: what is sealed meanwhile makes the chain longer than they say, and never shorter.
  const { anchor, forged } = await newestAnchor(HEADS_BUCKET, accountId, key);
  const head = await findHead(SEALS_TABLE, accountId);
  const seals = await sealsOf(SEALS_TABLE, accountId);
  const events = await sealableEvents(AUDIT_TABLE, accountId);
  const faults = [
    ...endFaultsOf(seals, { head, anchor }, now()),
    ...faultsOf(seals, events, now()),
    ...forged.map(object => ({ kind: 'anchor_forged' as const, object })),
  ];
  return {
    intact: faults.length === 0,
    events: events.length,
    seals: seals.length,
    newest: seals.at(-1)?.hash ?? null,
    anchored: anchor ? { number: anchor.number, hash: anchor.hash, at: anchor.anchoredAt } : null,
    publicKey: key.publicKey.export({ format: 'jwk' }),
    faults: faults.slice(0, MOST_SHOWN),
  };
}
