import { setting } from '../runtime/runtime.ts';
import { customResource } from './cloudformation-client.ts';
import { ensureMailDomain } from './mail-identity-client.ts';

const domain = setting('MAIL_DOMAIN');

/** The domain that letters come from. It outlives the stage: others may send from it too. */
export const handler = customResource(async ({ RequestType }) => {
  if (RequestType === 'Delete') return {};
  return { DkimRecords: (await ensureMailDomain(domain)).join(', ') };
});
