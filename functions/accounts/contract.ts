/** An account as its own people register, read and change it. */
import * as z from 'zod';
import type { Entry, Family } from '../http/route.ts';
import {
  ACCOUNT_EXAMPLE,
  ACCOUNT_KINDS,
  accountFields,
  COMPANY_EXAMPLE,
  code,
  company,
  country,
  DECLARED_USE_EXAMPLE,
  declaredUse,
  email,
  name,
  nextStep,
  phone,
  reason,
} from './fields-contract.ts';

const ACCOUNT: Entry = {
  source: 'functions/accounts/account.lambda.ts',
  uses: { core: ['GetItem', 'PutItem'], mail: ['send'], offenders: ['recognise'] },
  settings: ['REFUSED_REGIONS'],
};

const EMAIL: Entry = {
  source: 'functions/accounts/email-address.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'UpdateItem'], mail: ['send'] },
};

const MISUSE: Entry = {
  source: 'functions/accounts/misuse.lambda.ts',
  uses: { core: ['GetItem', 'PutItem', 'UpdateItem'], mail: ['send'] },
};

export const accountObject = z
  .object({ ...accountFields, next_step: nextStep })
  .meta({ id: 'Account', description: 'An account, as its own people see it.' });

export const VERIFIED_EXAMPLE = {
  ...ACCOUNT_EXAMPLE,
  next_step:
    'announce and send documents with POST /v1/account/qualification/documents, then submit them with POST /v1/account/qualification',
};
const REGISTERED = {
  ...ACCOUNT_EXAMPLE,
  email_verified_at: null,
  status: 'registered',
  status_since: '2026-11-24T09:12:44.000Z',
  next_step:
    'confirm the e-mail address with POST /v1/account/email/confirmation; POST /v1/account/email/verification sends another code',
};
const ACTIVE = {
  ...ACCOUNT_EXAMPLE,
  commercial_use: { authorised: true, decided_at: '2026-11-25T08:30:11.000Z' },
  status: 'active',
  status_since: '2026-11-25T08:30:11.000Z',
  next_step: null,
};

const own = { roles: ['developer'] } as const;
const USE = 'What you make videos for.';

export const registerAccount = {
  entry: ACCOUNT,
  ...own,
  capability: 'apply',
  method: 'POST',
  path: '/v1/account',
  summary: 'Registers an account for the person who calls, and sends a code to its e-mail address.',
  input: z
    .strictObject({
      kind: z.enum(ACCOUNT_KINDS).describe('`person` or `company`.'),
      name,
      email,
      phone: phone.optional(),
      company: company.optional(),
      country,
      declared_use: declaredUse.describe(USE),
      terms_version: z
        .string()
        .max(20)
        .describe('The version of the terms that you accept: the current one, see `/v1/terms`.'),
    })
    .refine(({ kind, company: given }) => (kind === 'company') === (given !== undefined), {
      path: ['company'],
      error: 'a company sends it and a person does not',
    }),
  output: accountObject,
  success: { status: 201, contentType: 'application/json' },
  example: {
    body: {
      kind: 'company',
      name: 'Ana Faro',
      email: 'ana@faro.example',
      phone: '+34 911 234 567',
      company: COMPANY_EXAMPLE,
      country: 'ES',
      declared_use: DECLARED_USE_EXAMPLE,
      terms_version: '2026-11-01',
    },
    answer: REGISTERED,
  },
} as const;

export const readAccount = {
  entry: ACCOUNT,
  ...own,
  capability: 'read',
  method: 'GET',
  path: '/v1/account',
  summary: 'Reads the account: who it is, its status, and what is next.',
  input: z.strictObject({}),
  output: accountObject,
  example: { answer: VERIFIED_EXAMPLE },
} as const;

/** What a change of the profile may name; the route is of the noun that has it reviewed. */
export const profileInput = z.strictObject({
  name: name.optional(),
  phone: phone.optional(),
  company: company.optional(),
  declared_use: declaredUse.optional().describe(USE),
});

const sent = z
  .object({
    object: z.literal('email.code').describe('What this is.'),
    sent_to: z.array(z.string()).describe('The addresses that a code was sent to.'),
    expires_at: z.string().describe('When the codes expire, UTC.'),
  })
  .meta({ id: 'EmailCode', description: 'Codes that were sent by e-mail.' });
const SENT = { object: 'email.code', expires_at: '2026-11-24T09:42:44.000Z' };

export const sendVerification = {
  entry: EMAIL,
  ...own,
  capability: 'apply',
  method: 'POST',
  path: '/v1/account/email/verification',
  summary: 'Sends a new code to the e-mail address; the one before is void.',
  input: z.strictObject({}),
  output: sent,
  example: { body: {}, answer: { ...SENT, sent_to: ['ana@faro.example'] } },
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
  example: { body: { code: 'K7QD-M2XA' }, answer: VERIFIED_EXAMPLE },
} as const;

export const changeEmail = {
  entry: EMAIL,
  ...own,
  capability: 'apply',
  method: 'POST',
  path: '/v1/account/email/change',
  summary: 'Requests another e-mail address: a code is sent to the old one and to the new one.',
  input: z.strictObject({ email: email.describe('The new address.') }),
  output: sent,
  example: {
    body: { email: 'ana@faro-cursos.example' },
    answer: { ...SENT, sent_to: ['ana@faro.example', 'ana@faro-cursos.example'] },
  },
} as const;

export const confirmEmailChange = {
  entry: EMAIL,
  ...own,
  capability: 'apply',
  method: 'POST',
  path: '/v1/account/email/change/confirmation',
  summary: 'Puts the new e-mail address in place of the old, by the codes that were sent to both.',
  input: z.strictObject({
    old_address_code: code.describe('The code that was sent to the old address.'),
    new_address_code: code.describe('The code that was sent to the new address.'),
  }),
  output: accountObject,
  example: {
    body: { old_address_code: 'K7QD-M2XA', new_address_code: 'P4TZ-09RB' },
    answer: { ...VERIFIED_EXAMPLE, email: 'ana@faro-cursos.example' },
  },
} as const;

export const endSessions = {
  entry: MISUSE,
  ...own,
  capability: 'read',
  method: 'POST',
  path: '/v1/account/sessions/end',
  summary: 'Ends the sessions of the person who calls: tokens issued until now are no longer accepted.',
  input: z.strictObject({}),
  output: z.object({
    object: z.literal('sessions').describe('What this is.'),
    ended_at: z.string().describe('Tokens issued before this, UTC, are no longer accepted.'),
  }),
  example: { body: {}, answer: { object: 'sessions', ended_at: '2026-11-26T10:00:00.000Z' } },
} as const;

export const reportMisuse = {
  entry: MISUSE,
  ...own,
  capability: 'read',
  method: 'POST',
  path: '/v1/account/report-misuse',
  summary: 'Reports that somebody else uses the account: freezes all its keys and ends all its sessions at once.',
  input: z.strictObject({ reason: reason.describe('What you saw, in your words; it is kept in the audit trail.') }),
  output: accountObject,
  example: {
    body: { reason: 'videos that nobody here asked for' },
    answer: {
      ...ACTIVE,
      keys_frozen_at: '2026-12-01T21:03:17.000Z',
      next_step: 'revoke keys that are not yours, then open the others with POST /v1/account/keys/unfreeze',
    },
  },
} as const;

export const unfreezeKeys = {
  entry: MISUSE,
  ...own,
  capability: 'keys',
  method: 'POST',
  path: '/v1/account/keys/unfreeze',
  summary: 'Accepts the keys of the account again after misuse was reported; revoke first what is not yours.',
  input: z.strictObject({}),
  output: accountObject,
  example: { body: {}, answer: ACTIVE },
} as const;

export const ACCOUNTS: Family = {
  name: 'Accounts',
  about: 'Register an account, confirm its e-mail address, and keep what it says of itself up to date.',
  dialect: 'platform',
  routes: {
    registerAccount,
    readAccount,
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
