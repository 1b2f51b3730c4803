/** Calls of an account's own people. */
import { CONSENT_WORDING } from '../../../accounts/consents.ts';
import type { Example } from '../../../http/route.ts';

export const DECLARED_USE = {
  text: 'Short films for the lessons of our language courses, for schools in Spain.',
  categories: ['education'],
};
const COMPANY = { name: 'Faro Cursos S.L.', registration_number: 'B12345678', address: 'Calle Mayor 1, 28013 Madrid' };

export const ACCOUNT_EXAMPLE = {
  ...{ id: 'acct_019f2a6a0c00Ab3dEfGh5JkLmN', object: 'account', kind: 'company', name: 'Ana Faro' },
  ...{ email: 'ana@faro.example', email_verified_at: '2026-11-24T09:15:02.000Z', phone: '+34 911 234 567' },
  ...{ company: COMPANY, country: 'ES', declared_use: DECLARED_USE, commercial_use: null },
  ...{ status: 'verified', status_since: '2026-11-24T09:15:02.000Z', plan: 'trial' },
  ...{ terms_version: '2026-11-01', keys_frozen_at: null, created_at: '2026-11-24T09:12:44.000Z' },
};
const ACCOUNT = {
  ...ACCOUNT_EXAMPLE,
  next_step: 'submit your qualification with POST /v1/account/qualification',
};
const REGISTERED = {
  ...{ ...ACCOUNT, email_verified_at: null, status: 'registered', status_since: '2026-11-24T09:12:44.000Z' },
  next_step:
    'confirm the e-mail address with POST /v1/account/email/confirmation; POST /v1/account/email/verification sends another code',
};
const ACTIVE = {
  ...{ ...ACCOUNT, status: 'active', status_since: '2026-11-25T08:30:11.000Z', next_step: null },
  commercial_use: { authorised: true, decided_at: '2026-11-25T08:30:11.000Z' },
};
const MISUSED = {
  ...{ ...ACTIVE, keys_frozen_at: '2026-12-01T21:03:17.000Z' },
  next_step: 'revoke keys that are not yours, then open the others with POST /v1/account/keys/unfreeze',
};
const SENT = { object: 'email.code', sent_to: ['ana@faro.example'], expires_at: '2026-11-24T09:42:44.000Z' };

const ACCEPTANCES = {
  object: 'list',
  data: [
    {
      ...{ object: 'terms.acceptance', version: '2026-11-01', accepted_at: '2026-11-24T09:12:44.000Z' },
      ...{ accepted_by: 'user_5b1c2f0e', how: 'registration' },
    },
  ],
};
const WITHHELD = { given: false, wording_version: CONSENT_WORDING.version, changed_at: null, changed_by: null };
const CONSENTS = {
  object: 'consents',
  promotion: { ...WITHHELD, wording: CONSENT_WORDING.promotion },
  improvement: { ...WITHHELD, wording: CONSENT_WORDING.improvement },
};
const GIVEN = {
  ...CONSENTS,
  promotion: {
    ...{ ...CONSENTS.promotion, given: true },
    ...{ changed_at: '2026-11-26T10:00:00.000Z', changed_by: 'user_5b1c2f0e' },
  },
};

export const ACCOUNTS: Readonly<Record<string, Example>> = {
  registerAccount: {
    body: {
      ...{ kind: 'company', name: 'Ana Faro', email: 'ana@faro.example', phone: '+34 911 234 567' },
      ...{ company: COMPANY, country: 'ES', declared_use: DECLARED_USE, terms_version: '2026-11-01' },
    },
    answer: REGISTERED,
  },
  readAccount: { answer: ACCOUNT },
  changeAccount: { body: { phone: '+34 911 234 567' }, answer: ACCOUNT },
  sendVerification: { body: {}, answer: SENT },
  confirmEmail: { body: { code: 'K7QD-M2XA' }, answer: ACCOUNT },
  changeEmail: {
    body: { email: 'ana@faro-cursos.example' },
    answer: { ...SENT, sent_to: ['ana@faro.example', 'ana@faro-cursos.example'] },
  },
  confirmEmailChange: {
    body: { old_address_code: 'K7QD-M2XA', new_address_code: 'P4TZ-09RB' },
    answer: { ...ACCOUNT, email: 'ana@faro-cursos.example' },
  },
  endSessions: { body: {}, answer: { object: 'sessions', ended_at: '2026-11-26T10:00:00.000Z' } },
  reportMisuse: { body: { reason: 'videos that nobody here asked for' }, answer: MISUSED },
  unfreezeKeys: { body: {}, answer: ACTIVE },
  acceptTerms: { body: { version: '2026-11-01' }, answer: ACCEPTANCES },
  listAcceptances: { answer: ACCEPTANCES },
  readConsents: { answer: CONSENTS },
  changeConsents: { body: { promotion: true, wording_version: CONSENT_WORDING.version }, answer: GIVEN },
};
