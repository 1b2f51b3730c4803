/** Who calls, as the authorizer hands it on: a key of an active account that may do everything. */
import { PERMISSIONS } from '../../functions/catalogue/permissions.ts';
import type { Caller } from '../../functions/http/request-context.ts';

export const CALLER: Caller = {
  kind: 'key',
  accountId: 'acct_1',
  status: 'active',
  keyId: 'key_1',
  keyHash: 'hash',
  keyRevision: 1,
  spendLimited: false,
  spendsFrom: '',
  plan: 'essential',
  permissions: [...PERMISSIONS],
  roles: [],
  scope: { functions: [], models: [] },
  address: '',
  client: '',
};
