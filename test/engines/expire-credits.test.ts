/** The end of gifts over the product's own tables: once, of what no open job holds, and said before and after. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { balanceOf, type Entry, grant, hold, purchase, settle } from '../../functions/credits/ledger.ts';
import type { BookedEntry } from '../../functions/credits/ledger-store.ts';
import { LotFold, NO_LOTS } from '../../functions/credits/lots.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';

const mails = { sent: [] as string[], isDown: false };

/** Takes e-mails as SES does, or refuses them. */
const post = createServer(async (request, response) => {
  const { Destination, Content } = (await json(request)) as {
    Destination: { ToAddresses: string[] };
    Content: { Simple: { Subject: { Data: string } } };
  };
  if (!mails.isDown) mails.sent.push(`${Destination.ToAddresses[0]}: ${Content.Simple.Subject.Data}`);
  response.writeHead(mails.isDown ? 400 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(mails.isDown ? { message: 'down' } : { MessageId: '1' }));
});

let product: ProductTables;
let expire: typeof import('../../functions/finance/expire-credits-command.ts').expireCredits;
let stores: typeof import('../../functions/credits/lots-store.ts') &
  typeof import('../../functions/credits/ledger-store.ts');

beforeAll(async () => {
  product = await startProductTables();
  await new Promise<void>(resolve => post.listen(0, '127.0.0.1', resolve));
  process.env.AWS_ENDPOINT_URL_SESV2 = `http://127.0.0.1:${(post.address() as AddressInfo).port}`;
  stores = {
    ...(await import('../../functions/credits/lots-store.ts')),
    ...(await import('../../functions/credits/ledger-store.ts')),
  };
  expire = (await import('../../functions/finance/expire-credits-command.ts')).expireCredits;
}, 60_000);
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL_SESV2;
  post.close();
  await product?.stop();
});
beforeEach(() => {
  mails.sent.length = 0;
  mails.isDown = false;
});

const GIVEN = '2026-11-10';
const DAY = '2026-11-30';
const at = (day: string, hour = 6) => Date.parse(`${day}T00:00:00Z`) + hour * 3600_000;
const given = (credits: number, expiresOn = DAY) => grant('by_hand:1', credits, { expiresOn });
const sold = (credits: number) => purchase('1', credits, { amount: 100, currency: 'usd', reference: 'pi_1' });

async function book(accountId: string, entry: Entry, bookedAt: number): Promise<void> {
  const { Put } = stores.entryWrite(product.tables.ledger, accountId, entry, bookedAt);
  await product.put(product.tables.ledger, Put?.Item ?? {});
}

/** An account whose entries of the day of the gift are exported, and which has booked the others since. */
async function account(accountId: string, first: readonly Entry[], since: readonly Entry[] = []): Promise<void> {
  const fold = new LotFold(NO_LOTS);
  for (const entry of first) {
    await book(accountId, entry, at(GIVEN));
    fold.apply({ ...entry, bookedAt: new Date(at(GIVEN)).toISOString() });
  }
  for (const [index, entry] of since.entries()) await book(accountId, entry, at('2026-11-12', index));
  const lots = fold.lots();
  await stores.keepLots(product.tables.core, accountId, GIVEN, { lots, begun: lots.open });
  await balance(accountId, balanceOf([...first, ...since]));
}

async function balance(accountId: string, { available, held }: { available: number; held: number }): Promise<void> {
  const address = { email: `${accountId}@customer.example`, emailVerifiedAt: '2026-01-01T00:00:00.000Z' };
  const item = { pk: `ACCOUNT#${accountId}`, sk: 'ACCOUNT', accountId, name: 'Acme', status: 'active', ...address };
  await product.put(product.tables.core, { ...item, available, held });
}

function run(day: string, hour = 1) {
  return expire({
    tables: product.tables,
    mailFrom: 'from@platform.example',
    support: 'help@platform.example',
    now: () => at(day, hour),
    random: size => crypto.getRandomValues(new Uint8Array(size)),
  });
}

async function stand(accountId: string) {
  const entries = await product.items<BookedEntry>(product.tables.ledger, accountId);
  const items = await product.items<{ sk: string; available: number }>(product.tables.core, `ACCOUNT#${accountId}`);
  return {
    ended: entries.filter(({ kind }) => kind === 'expiry').map(({ postings }) => postings[1]?.amount),
    entries,
    balance: balanceOf(entries),
    available: items.find(({ sk }) => sk === 'ACCOUNT')?.available,
    mailed: mails.sent.filter(mail => mail.startsWith(`${accountId}@`)),
  };
}

describe('a gift', () => {
  it('ends on its day, as far as it is left, once, whoever comes twice and at the same time', async () => {
    await account('acct_once', [given(100), sold(50)], [hold(1, 30), settle(1, 30, 'capture')]);
    await run('2026-11-29', 23);
    expect((await stand('acct_once')).ended).toEqual([]);
    await Promise.allSettled([run(DAY), run(DAY), run(DAY)]);
    await run(DAY, 2);
    await run('2026-12-01');
    const { ended, entries, available, balance, mailed } = await stand('acct_once');
    expect({ ended, available, balance }).toEqual({ ended: [70], available: 50, balance: { available: 50, held: 0 } });
    expect(entries.find(({ kind }) => kind === 'expiry')).toMatchObject({
      id: `expiry#grant#by_hand:1:${DAY}`,
      corrects: { entryId: 'grant#by_hand:1', bookedAt: new Date(at(GIVEN)).toISOString() },
    });
    expect(mailed.filter(mail => mail.includes('have ended'))).toEqual([
      'acct_once@customer.example: 70 credits have ended',
    ]);
    const trail = await product.items<{ action?: string }>(product.tables.audit, 'acct_once');
    expect(trail.filter(({ action }) => action === 'credits.expired')).toHaveLength(1);
  });

  it('ends without what open jobs hold, and that on the night after it came back', async () => {
    await account('acct_held', [given(100), sold(50)], [hold(1, 30), hold(2, 10)]);
    await run(DAY);
    expect(await stand('acct_held')).toMatchObject({ ended: [60], available: 50 });
    await run('2026-12-01');
    expect(await stand('acct_held')).toMatchObject({ ended: [60], available: 50 });
    await book('acct_held', settle(1, 30, 'release'), at('2026-12-01', 9));
    await book('acct_held', settle(2, 10, 'capture'), at('2026-12-01', 9));
    await balance('acct_held', { available: 80, held: 0 });
    await run('2026-12-02');
    await run('2026-12-03');
    const { ended, available, balance: folded } = await stand('acct_held');
    expect({ ended, available, folded }).toEqual({
      ended: [60, 30],
      available: 50,
      folded: { available: 50, held: 0 },
    });
  });

  it('is noticed of two weeks before, once, where something is left of it', async () => {
    await account('acct_notice', [given(100, '2026-12-14')], [hold(1, 30), settle(1, 30, 'capture')]);
    await account('acct_used', [given(100, '2026-12-14')], [hold(1, 100), settle(1, 100, 'capture')]);
    await run('2026-11-29');
    expect((await stand('acct_notice')).mailed).toEqual([]);
    await run(DAY);
    await run(DAY, 2);
    await run('2026-12-01');
    expect((await stand('acct_notice')).mailed).toEqual(['acct_notice@customer.example: 70 credits end on 2026-12-14']);
    expect(await stand('acct_used')).toMatchObject({ mailed: [], ended: [] });
  });

  it('whose e-mail could not be sent is ended once, and the e-mail sent by the next run', async () => {
    await account('acct_mail', [given(100)]);
    mails.isDown = true;
    await expect(run(DAY)).rejects.toThrow(/could not be looked at/);
    expect(await stand('acct_mail')).toMatchObject({ ended: [100], available: 0, mailed: [] });
    mails.isDown = false;
    await run(DAY, 2);
    expect(await stand('acct_mail')).toMatchObject({ ended: [100], available: 0 });
    expect((await stand('acct_mail')).mailed).toContain('acct_mail@customer.example: 100 credits have ended');
  });

  it('waits where the index lacks an entry that the balance has, and others do not wait for it', async () => {
    await account('acct_lag', [given(100), sold(50)]);
    await account('acct_next', [given(40)]);
    await balance('acct_lag', { available: 120, held: 0 });
    await expect(run(DAY)).rejects.toThrow(/could not be looked at/);
    expect(await stand('acct_lag')).toMatchObject({ ended: [], available: 120 });
    expect(await stand('acct_next')).toMatchObject({ ended: [40], available: 0 });
    await book('acct_lag', hold(1, 30), at('2026-11-29'));
    await book('acct_lag', settle(1, 30, 'capture'), at('2026-11-29', 7));
    await run(DAY, 2);
    expect(await stand('acct_lag')).toMatchObject({ ended: [70], available: 50 });
  });

  it("of an account that is gone is nobody's, and one without an end stays", async () => {
    await account('acct_open', [grant('by_hand:1', 100)]);
    const lot = { id: 'grant#x', kind: 'granted', credits: 5, used: 0, bookedAt: '2026-11-10T06:00:00.000Z' } as const;
    const begun = [{ ...lot, expiresOn: DAY }];
    await stores.keepLots(product.tables.core, 'acct_gone', GIVEN, { lots: { ...NO_LOTS, open: begun }, begun });
    await run('2026-12-31');
    expect(await stand('acct_open')).toMatchObject({ ended: [], available: 100 });
    expect(await run('2026-12-31', 2)).toEqual({ done: 0 });
  });
});
