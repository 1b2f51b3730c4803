/** What every answer and event of the fake Stripe is made of. */
import { randomBytes } from 'node:crypto';

export function made(type: string, object: object): object {
  const id = `evt_${randomBytes(8).toString('hex')}`;
  return { id, object: 'event', type, created: Math.floor(Date.now() / 1000), data: { object } };
}

export function wrong(type: string, code?: string) {
  return { error: { type, message: 'it was scripted so', ...(code && { code }) } };
}
