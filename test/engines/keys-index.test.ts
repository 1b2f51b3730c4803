/** Keys that the index of keys does not have yet. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { changeKey, endKey, rotateKey } from '../../functions/keys/keys-command.ts';
import { activeKeysKey, findActiveKeys, keyOfAccount } from '../../functions/keys/keys-store.ts';
import { withLaggingIndex } from '../support/lagging-index.ts';
import { type ProductTables, startProductTables } from '../support/product-tables.ts';
import { keyContext, racer } from '../support/racer.ts';

const NEVER = 'key_never';

let product: ProductTables;
beforeAll(async () => {
  product = await startProductTables();
});
afterAll(() => product?.stop());

const behind = <Result>(action: () => Promise<Result>) => withLaggingIndex('keysByAccount', action);

it('a key is read, changed, rotated and revoked from the moment that it is there', async () => {
  const account = await racer(product);
  const { accountId } = account;
  const { core } = product.tables;
  const { keyId, apiKey } = await account.newKey();
  await behind(async () => {
    expect(await keyOfAccount(core, accountId, keyId)).toMatchObject({ keyId, state: 'active' });
    expect(await keyOfAccount(core, accountId, NEVER)).toBeUndefined();
    await changeKey(keyContext(product), { accountId, keyId }, { name: 'other' });
    const { key, apiKey: fresh } = await rotateKey(keyContext(product), { accountId, keyId }, 60_000);
    expect(key.name).toBe('other');
    for (const id of [keyId, key.keyId]) {
      const ended = await endKey(keyContext(product), { accountId, keyId: id }, { action: 'key.revoked' });
      expect(ended.state).toBe('revoked');
    }
    for (const one of [apiKey, fresh]) expect((await account.see(one)).key?.state).toBe('revoked');
  });
});

it('a key of another account is not found, whatever the index of its own says', async () => {
  const [account, other] = [await racer(product), await racer(product)];
  const { keyId } = await account.newKey();
  expect(await keyOfAccount(product.tables.core, other.accountId, keyId)).toBeUndefined();
});

it("a key that the index of active keys does not name by its hash is found by the table's index: an ended one, and an older one", async () => {
  const account = await racer(product);
  const { accountId } = account;
  const { core } = product.tables;
  const [ended, old] = [await account.newKey(), await account.newKey()];
  await endKey(keyContext(product), { accountId, keyId: ended.keyId }, { action: 'key.revoked' });
  expect(await keyOfAccount(core, accountId, ended.keyId)).toMatchObject({ state: 'revoked' });
  const { revision, living } = await findActiveKeys(core, accountId);
  await product.put(core, { ...activeKeysKey(accountId), revision, living });
  expect(await keyOfAccount(core, accountId, old.keyId)).toMatchObject({ state: 'active' });
  await endKey(keyContext(product), { accountId, keyId: old.keyId }, { action: 'key.revoked' });
  expect((await account.see(old.apiKey)).key?.state).toBe('revoked');
});
