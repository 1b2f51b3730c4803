/** A time-stamp authority, asked by RFC 3161 over HTTP. It is the operator's choice of a third party, and sees hashes alone. */
import type { Random } from '../runtime/ids.ts';
import { timeStampRequest, tokenIn, verifyTimeStamp } from './time-stamp.ts';

const TIMEOUT_MS = 10_000;
const NONCE_BYTES = 16;
/** A token with the chain of its authority is some thousand. */
const LARGEST_REPLY = 65_536;

/** How to have bytes stamped by the authority at `url`; undefined where the stage has none. A token is verified before it counts. */
export function stampedBy(url: string, random: Random): ((bytes: Uint8Array) => Promise<Uint8Array>) | undefined {
  if (url === '') return undefined;
  return async bytes => {
    const nonce = random(NONCE_BYTES);
    const reply = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: new Uint8Array(timeStampRequest(bytes, nonce)),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body = Buffer.from(await reply.arrayBuffer());
    if (!reply.ok || body.length > LARGEST_REPLY) {
      throw new Error(`the time-stamp authority answered ${reply.status} with ${body.length} bytes`);
    }
    const token = tokenIn(body);
    const stamp = verifyTimeStamp(token, bytes);
    if (stamp.kind === 'invalid') throw new Error(`what the time-stamp authority answered is not right: ${stamp.why}`);
    if (stamp.nonce !== BigInt(`0x${Buffer.from(nonce).toString('hex')}`)) {
      throw new Error('the time-stamp authority answered another request');
    }
    return token;
  };
}
