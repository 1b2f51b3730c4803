/** The client of time-stamp authorities against one on loopback. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { timeStampRequest, verifyTimeStamp } from '../../functions/certificates/time-stamp.ts';
import { stampedBy } from '../../functions/certificates/time-stamp-client.ts';
import { random } from '../../functions/runtime/runtime.ts';
import { FakeTimestampAuthority } from '../support/fake-timestamp-authority.ts';

const authority = new FakeTimestampAuthority();
const BYTES = Buffer.from('eyJhbGciOiJFUzI1NiJ9.e30.c2ln');
let stamp: (bytes: Uint8Array) => Promise<Uint8Array>;
let url: string;

beforeAll(async () => {
  url = await authority.start();
  stamp = stampedBy(url, random) ?? expect.fail('an address is an authority');
});
afterAll(() => authority.stop());

it('brings a stamp of the bytes, which comes from the root of the authority', async () => {
  const token = await stamp(BYTES);
  const found = verifyTimeStamp(token, BYTES, [authority.signer.root]);
  expect(found).toMatchObject({ kind: 'valid', trusted: true });
  expect(Math.abs(Date.parse(found.kind === 'valid' ? found.at : '') - Date.now())).toBeLessThan(60_000);
});

it('takes no answer that is not of its request: of other bytes, of another request, refused, cut off, or empty', async () => {
  const other = new Map<string, (reply: Buffer) => Buffer>([
    ['other bytes', () => authority.signer.reply(requestOf(Buffer.from('others')), new Date())],
    ['another request', () => authority.signer.reply(requestOf(BYTES), new Date())],
    ['refused', () => Buffer.from('3005300302010230', 'hex').subarray(0, 7)],
    ['cut off', reply => reply.subarray(0, -1)],
    ['nothing', () => Buffer.alloc(0)],
  ]);
  for (const [what, spoil] of other) {
    authority.spoil = spoil;
    await expect(stamp(BYTES), what).rejects.toThrow();
  }
  authority.spoil = reply => reply;
});

it('fails where nobody answers', async () => {
  const nobody = stampedBy(url.replace(/\d+$/, '1'), random) ?? expect.fail('an address is an authority');
  await expect(nobody(BYTES)).rejects.toThrow();
});

it('is none of a stage without an authority', () => {
  expect(stampedBy('', random)).toBeUndefined();
});

/** A request of somebody else. */
function requestOf(bytes: Uint8Array): Buffer {
  return timeStampRequest(bytes, random(16));
}
