/** Receipt handles: they name a message and one receive of it, and say to which queue they belong. Pure. */
import { createHash } from 'node:crypto';
import { refusal } from './sqs-error.ts';

export interface Receipt {
  readonly id: string;
  /** Which receive of the message; the latest one counts. */
  readonly nonce: string;
}

export function writeReceipt(queue: string, { id, nonce }: Receipt): string {
  return Buffer.from(`${id} ${nonce} ${seal(queue, id, nonce)}`).toString('base64');
}

/** Throws ReceiptHandleIsInvalid for what was never a handle of this queue. */
export function readReceipt(queue: string, handle: string): Receipt {
  const [id = '', nonce = '', given] = Buffer.from(handle, 'base64').toString().split(' ');
  if (given !== seal(queue, id, nonce)) {
    throw refusal('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
  }
  return { id, nonce };
}

// Against slips, not against forgery: whoever may delete from the queue may delete anything in it.
function seal(queue: string, id: string, nonce: string): string {
  return createHash('sha256').update(`${queue} ${id} ${nonce}`).digest('base64url').slice(0, 22);
}
