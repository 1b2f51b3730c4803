/** Who calls, as the authorizer hands it on: a key of an active account that may do everything. */
import { PERMISSIONS } from '../../functions/catalogue/permissions.ts';
import type { Caller } from '../../functions/http/caller.ts';

export const CALLER: Extract<Caller, { kind: 'key' }> = {
  kind: 'key',
  accountId: 'acct_1',
  status: 'active',
  id: 'key_1',
  keyHash: 'hash',
  revision: 1,
  plan: 'essential',
  permissions: [...PERMISSIONS],
  scope: {},
  address: '',
  client: '',
};
