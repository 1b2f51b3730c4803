/** Keys in races, `npm run races` 200 times each, by the product's own stores over its own tables. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Refusal } from '../../functions/catalogue/refusal.ts';
import { MOST_KEYS } from '../../functions/keys/active-keys.ts';
import { endKey, rotateKey } from '../../functions/keys/keys-command.ts';
import { activeKeysKey, findActiveKeys } from '../../functions/keys/keys-store.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';
import { admitted, around, CALLERS, callers, RUNS, repeated, TIMEOUT_MS, tally } from '../support/race.ts';
import { aWhile, keyContext, PRICE, racer } from '../support/racer.ts';

let product: ProductTables;
beforeAll(async () => {
  product = await startProductTables();
});
afterAll(() => product?.stop());

it(
  'no job comes to be after the commit that revokes its key (clause 2.4a)',
  async () => {
    const outcomes = await repeated(async () => {
      const account = await racer(product);
      const { keyId, apiKey } = await account.newKey();
      const [said] = await Promise.all([
        callers(5, async () => {
          await aWhile(8);
          return account.submit(apiKey);
        }),
        aWhile(8).then(() =>
          endKey(keyContext(product), { accountId: account.accountId, keyId }, { action: 'key.revoked' }),
        ),
      ]);
      expect(await account.submit(apiKey)).toBe('key_refused');
      expect(await account.jobs()).toBe(admitted(said));
      return said;
    });
    const revocations = await around(product, 'key.revoked');
    expect(revocations).toHaveLength(RUNS);
    expect(revocations.flatMap(({ after }) => after)).toEqual([]);
    console.log(`revoke against 5 submissions, ${RUNS} times: ${tally(outcomes.flat())}; after the revocation 0`);
    expect(new Set(outcomes.flat())).toEqual(new Set(['admitted', 'key_refused']));
  },
  TIMEOUT_MS,
);

it(
  'the spend limit of a key holds for 20 callers at once, and for both keys of a rotation (clause 2.4b)',
  async () => {
    const outcomes = await repeated(async n => {
      const covered = n % CALLERS;
      const account = await racer(product);
      const old = await account.newKey({ spendLimit: covered * PRICE + 1 });
      const keys = [old.apiKey];
      if (n % 2 === 1) {
        const subject = { accountId: account.accountId, keyId: old.keyId };
        keys.push((await rotateKey(keyContext(product), subject, 60_000)).apiKey);
      }
      const seen = await Promise.all(keys.map(key => account.see(key)));
      const said = await callers(CALLERS, caller => {
        const which = caller % keys.length;
        return account.submit(keys[which] ?? '', seen[which]);
      });
      expect(admitted(said)).toBe(covered);
      expect(await account.jobs()).toBe(covered);
      return said;
    });
    console.log(`spend limit from ${CALLERS} callers, ${RUNS} times: ${tally(outcomes.flat())}`);
    expect(new Set(outcomes.flat())).toEqual(new Set(['admitted', 'insufficient_credits']));
  },
  TIMEOUT_MS,
);

it(
  'as many keys live as may, and not one more, whoever makes them at once (clause 2.4b)',
  async () => {
    const free = 3;
    const outcomes = await repeated(async () => {
      const account = await racer(product);
      const living = Object.fromEntries(Array.from({ length: MOST_KEYS - free }, (_, n) => [`key_${n}`, 0]));
      await product.put(product.tables.core, { ...activeKeysKey(account.accountId), revision: 1, living });
      const said = await callers(free * 2, async () => {
        try {
          await account.newKey();
          return 'made';
        } catch (error) {
          if (error instanceof Refusal) return error.kind;
          throw error;
        }
      });
      expect(said.filter(outcome => outcome === 'made')).toHaveLength(free);
      expect(Object.keys((await findActiveKeys(product.tables.core, account.accountId)).living)).toHaveLength(
        MOST_KEYS,
      );
      return said;
    });
    console.log(
      `the last ${free} of ${MOST_KEYS} keys from ${free * 2} callers, ${RUNS} times: ${tally(outcomes.flat())}`,
    );
    expect(new Set(outcomes.flat())).toEqual(new Set(['made', 'wrong_state']));
  },
  TIMEOUT_MS,
);
