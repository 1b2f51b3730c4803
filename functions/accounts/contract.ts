/** An account as its own people register, read and change it. */
import * as z from 'zod';
import type { Entry, Family } from '../http/route.ts';
import {
  ACCOUNT_KINDS,
  accountMembers,
  code,
  company,
  country,
  declaredUse,
  email,
  name,
  phone,
  reason,
} from './fields-contract.ts';

const ACCOUNT: Entry = {
  source: 'functions/accounts/account.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'UpdateItem'], mail: ['send'] },
  settings: ['REFUSED_REGIONS'],
};

const EMAIL: Entry = {
  source: 'functions/accounts/email-address.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'UpdateItem'], mail: ['send'] },
};

const MISUSE: Entry = {
  source: 'functions/accounts/misuse.lambda.ts',
  uses: { core: ['GetItem', 'UpdateItem'], mail: ['send'] },
};

const accountObject = z.object({
  ...accountMembers,
  /** What the account must do to come further; null where nothing is asked of it. */
  next_step: z.string().nullable(),
});

const own = { roles: ['developer'] } as const;

export const registerAccount = {
  entry: ACCOUNT,
  ...own,
  capability: 'apply',
  method: 'POST',
  path: '/v1/account',
  summary: 'Registers an account for the person who calls, and sends a code to its e-mail address.',
  input: z
    .strictObject({
      kind: z.enum(ACCOUNT_KINDS),
      name,
      email,
      phone: phone.optional(),
      company: company.optional(),
      country,
      declared_use: declaredUse,
      terms_version: z.string().max(20),
    })
    .refine(({ kind, company: given }) => (kind === 'company') === (given !== undefined), {
      path: ['company'],
      error: 'a company sends it and a person does not',
    }),
  output: accountObject,
  success: { status: 201, contentType: 'application/json' },
} as const;

export const readAccount = {
  entry: ACCOUNT,
  ...own,
  capability: 'read',
  method: 'GET',
  path: '/v1/account',
  summary: 'Reads the account: who it is, where it stands, and what is next.',
  input: z.strictObject({}),
  output: accountObject,
} as const;

export const changeAccount = {
  entry: ACCOUNT,
  ...own,
  capability: 'apply',
  method: 'PATCH',
  path: '/v1/account',
  summary: 'Changes what the account says of itself; what is left out stays.',
  input: z.strictObject({
    name: name.optional(),
    phone: phone.optional(),
    company: company.optional(),
    declared_use: declaredUse.optional(),
  }),
  output: accountObject,
} as const;

const sent = z.object({ object: z.literal('email.code'), sent_to: z.array(z.string()), expires_at: z.string() });

export const sendVerification = {
  entry: EMAIL,
  ...own,
  capability: 'apply',
  method: 'POST',
  path: '/v1/account/email/verification',
  summary: 'Sends a new code to the e-mail address; the one before is void.',
  input: z.strictObject({}),
  output: sent,
} as const;

export const confirmEmail = {
  entry: EMAIL,
  ...own,
  capability: 'apply',
  method: 'POST',
  path: '/v1/account/email/confirmation',
  summary: 'Confirms the e-mail address by the code that was sent to it.',
  input: z.strictObject({ code }),
  output: accountObject,
} as const;

export const changeEmail = {
  entry: EMAIL,
  ...own,
  capability: 'apply',
  method: 'POST',
  path: '/v1/account/email/change',
  summary: 'Asks for another e-mail address: a code goes to the old one and to the new.',
  input: z.strictObject({ email }),
  output: sent,
} as const;

export const confirmEmailChange = {
  entry: EMAIL,
  ...own,
  capability: 'apply',
  method: 'POST',
  path: '/v1/account/email/change/confirmation',
  summary: 'Puts the new e-mail address in place of the old, by the codes that were sent to both.',
  input: z.strictObject({ old_address_code: code, new_address_code: code }),
  output: accountObject,
} as const;

export const endSessions = {
  entry: MISUSE,
  ...own,
  capability: 'read',
  method: 'POST',
  path: '/v1/account/sessions/end',
  summary: 'Ends the sessions of the person who calls: tokens issued until now open nothing.',
  input: z.strictObject({}),
  output: z.object({ object: z.literal('sessions'), ended_at: z.string() }),
} as const;

export const reportMisuse = {
  entry: MISUSE,
  ...own,
  capability: 'read',
  method: 'POST',
  path: '/v1/account/report-misuse',
  summary: 'Reports that somebody else uses the account: freezes all its keys and ends all its sessions at once.',
  input: z.strictObject({ reason }),
  output: accountObject,
} as const;

export const unfreezeKeys = {
  entry: MISUSE,
  ...own,
  capability: 'keys',
  method: 'POST',
  path: '/v1/account/keys/unfreeze',
  summary: 'Lets the keys of the account open again after misuse was reported; revoke first what is not yours.',
  input: z.strictObject({}),
  output: accountObject,
} as const;

export const ACCOUNTS: Family = {
  name: 'Accounts',
  about: 'Register an account, confirm its e-mail address, and keep what it says of itself up to date.',
  dialect: 'platform',
  routes: {
    registerAccount,
    readAccount,
    changeAccount,
    sendVerification,
    confirmEmail,
    changeEmail,
    confirmEmailChange,
    endSessions,
    reportMisuse,
    unfreezeKeys,
  },
  refuses: ['account_not_active', 'wrong_state', 'region_not_served', 'too_many_codes', 'busy'],
};
