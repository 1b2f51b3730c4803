/** Plans and credits in races, `npm run races` 200 times each, by the product's own stores over its own tables. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { changePlan } from '../../functions/accounts/change-plan-command.ts';
import { PLANS, type PlanName } from '../../functions/catalogue/plans.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';
import { admitted, around, CALLERS, callers, RUNS, repeated, TIMEOUT_MS, tally } from '../support/race.ts';
import { aWhile, keyContext, PRICE, racer } from '../support/racer.ts';

let product: ProductTables;
beforeAll(async () => {
  product = await startProductTables();
});
afterAll(() => product?.stop());

it(
  'a change of plan counts from its commit: never over the cap or the day of the plan that counts (clause 2.4b)',
  async () => {
    const changes: [PlanName, PlanName][] = [
      ['essential', 'trial'],
      ['trial', 'essential'],
      ['essential', 'scale'],
    ];
    const left = 3;
    const outcomes = await repeated(async n => {
      const [from, to] = changes[n % changes.length] ?? expect.fail();
      const account = await racer(product, { plan: from });
      const { apiKey } = await account.newKey();
      await account.started(PLANS[from].generationsPerDay - left);
      const { actor, random } = keyContext(product);
      const dependencies = { tables: product.tables, usagePlans: '', now: Date.now, random };
      const wanted = { accountId: account.accountId, plan: to, reason: 'a race', actor };
      const [said] = await Promise.all([
        callers(6, async () => {
          await aWhile(10);
          return account.submit(apiKey);
        }),
        aWhile(10).then(() => changePlan(dependencies, wanted)),
      ]);
      expect(await account.jobs()).toBe(admitted(said));
      return said;
    });
    const found = await around(product, 'account.plan_changed');
    expect(found).toHaveLength(RUNS);
    let beside = 0;
    for (const [n, { before, after }] of found.entries()) {
      const [from, to] = changes[n % changes.length] ?? expect.fail();
      expect(before.every(({ item }) => item.plan === from)).toBe(true);
      expect(after.every(({ item }) => item.plan === to)).toBe(true);
      expect(before.length).toBeLessThanOrEqual(Math.min(PLANS[from].concurrency, left));
      const dayLeft = PLANS[to].generationsPerDay - (PLANS[from].generationsPerDay - left) - before.length;
      const placesLeft = PLANS[to].concurrency - before.length;
      expect(after.length).toBeLessThanOrEqual(Math.max(0, Math.min(dayLeft, placesLeft)));
      if (before.length > 0 && after.length > 0) beside++;
    }
    console.log(
      `plan change against 6 submissions, ${RUNS} times: ${tally(outcomes.flat())}; jobs on both sides in ${beside} runs`,
    );
    expect(beside).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

it(
  'the last credits are spent once: as many jobs as they cover, from 20 callers at once',
  async () => {
    const outcomes = await repeated(async n => {
      const covered = n % CALLERS;
      const account = await racer(product, { credits: covered * PRICE + (n % PRICE) });
      const { apiKey } = await account.newKey();
      const seen = await account.see(apiKey);
      const said = await callers(CALLERS, () => account.submit(apiKey, seen));
      expect(admitted(said)).toBe(covered);
      expect(await account.jobs()).toBe(covered);
      return said;
    });
    console.log(`last credits from ${CALLERS} callers, ${RUNS} times: ${tally(outcomes.flat())}`);
    expect(new Set(outcomes.flat())).toEqual(new Set(['admitted', 'insufficient_credits']));
  },
  TIMEOUT_MS,
);

it(
  'the videos of a day hold over any number of keys: exactly what is left, from 20 keys at once (clause 2.4b)',
  async () => {
    const { generationsPerDay } = PLANS.enterprise;
    const outcomes: string[] = [];
    for (let group = 0; group < RUNS / CALLERS; group++) {
      const account = await racer(product);
      const keys = await callers(CALLERS, async () => {
        const { apiKey } = await account.newKey();
        return { apiKey, seen: await account.see(apiKey) };
      });
      for (let left = 0; left < CALLERS; left++) {
        await account.started(generationsPerDay - left);
        const said = await Promise.all(keys.map(({ apiKey, seen }) => account.submit(apiKey, seen)));
        expect(admitted(said)).toBe(left);
        outcomes.push(...said);
      }
      expect(await account.jobs()).toBe((CALLERS * (CALLERS - 1)) / 2);
    }
    console.log(`daily limit from ${CALLERS} keys, ${RUNS} times: ${tally(outcomes)}`);
    expect(new Set(outcomes)).toEqual(new Set(['admitted', 'daily_limit_reached']));
  },
  TIMEOUT_MS,
);
