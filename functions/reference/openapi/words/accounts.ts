/** What members mean in calls about accounts, for their own people and for operators. */

import { USE_CATEGORIES } from '../../../accounts/fields-contract.ts';
import { list } from '../../../catalogue/models.ts';
import { REGION_POLICY_VERSION } from '../../../catalogue/regions.ts';
import type { Words } from '../words.ts';

const CALLS = [
  ...['registerAccount', 'readAccount', 'changeAccount', 'sendVerification', 'confirmEmail', 'changeEmail'],
  ...['confirmEmailChange', 'endSessions', 'reportMisuse', 'unfreezeKeys', 'acceptTerms', 'listAcceptances'],
  ...['readConsents', 'changeConsents'],
];

/** The words for these operations alone: other nouns mean other things by the same names. */
export const of = (operations: readonly string[], words: Words): Words =>
  Object.fromEntries(
    operations.flatMap(operation => Object.entries(words).map(([name, text]) => [`${operation}.${name}`, text])),
  );

const PROFILE: Words = {
  kind: '`person` or `company`.',
  name: 'Who it is: of a company, the person who answers for the account.',
  email: 'Where it is written to.',
  phone: 'With + and the code of the country.',
  company: 'The company; none where the account is of a person.',
  registration_number: 'Its number in the register of companies.',
  address: 'Where it has its seat.',
  country: `Two capital letters of ISO 3166-1. Some regions are not served (policy of ${REGION_POLICY_VERSION}).`,
  declared_use: 'What videos are made for.',
  text: 'In words, 20 characters or more.',
  categories: `One or more of ${list(USE_CATEGORIES)}.`,
};

export const ACCOUNTS_ASKED: Words = {
  ...of(['registerAccount', 'changeAccount', 'submitQualification'], PROFILE),
  'registerAccount.email': 'Where a code is sent to; nothing is bound to it before it is confirmed.',
  'registerAccount.terms_version': 'The version of the terms that you accept: the current one, see `/v1/terms`.',
  'changeEmail.email': 'The new address.',
  'confirmEmail.code': 'The 8 letters and digits of the e-mail; spaces and hyphens do not count.',
  'confirmEmailChange.old_address_code': 'The code that was sent to the old address.',
  'confirmEmailChange.new_address_code': 'The code that was sent to the new address.',
  'reportMisuse.reason': 'What you saw, in your words; it is kept in the audit trail.',
  'acceptTerms.version': 'The version in effect, or one that is announced.',
  'changeConsents.promotion': 'Whether your videos may be shown to promote the service.',
  'changeConsents.improvement': 'Whether your content may be used to improve the service.',
  'changeConsents.wording_version': 'The version of the wording that you read with `GET`.',
};

export const ACCOUNT: Words = {
  ...PROFILE,
  id: 'The account.',
  object: 'What kind of object this is.',
  email_verified_at: 'When the address was confirmed, UTC; null until it is.',
  commercial_use: 'Whether commercial use was authorised; null until that is decided.',
  authorised: 'Whether it was.',
  decided_at: 'When it was decided, UTC.',
  status:
    'registered, verified, submitted, more_requested, refused, active, frozen or closed. Only `active` may make videos.',
  status_since: 'When it came to that, UTC.',
  plan: 'Its plan.',
  terms_version: 'The version of the terms that was accepted last.',
  keys_frozen_at: 'Since when all its keys are frozen, because misuse was reported; null where they are not.',
  created_at: 'When it was registered, UTC.',
  next_step: 'What is for you to do now; null where nothing is.',
};

export const ACCOUNTS_ANSWERED: Words = {
  ...of(CALLS, ACCOUNT),
  ...of(['sendVerification', 'changeEmail'], {
    sent_to: 'The addresses that a code was sent to.',
    expires_at: 'When the codes end, UTC.',
  }),
  'endSessions.ended_at': 'Tokens issued before this open nothing.',
  ...of(['acceptTerms', 'listAcceptances'], {
    data: 'What was accepted, newest version first.',
    version: 'Of the terms.',
    accepted_at: 'When, UTC.',
    accepted_by: 'The person, or the key that went on using the API.',
    how: '`registration`, `accepted` by a call, or `continued_use` of the API after it came into effect.',
  }),
  ...of(['readConsents', 'changeConsents'], {
    promotion: 'Showing your videos to promote the service.',
    improvement: 'Using your content to improve the service.',
    given: 'Whether you consent; you do not until you say so.',
    wording: 'What you consent to.',
    wording_version: 'The version of that wording.',
    changed_at: 'When it was given or withdrawn last, UTC.',
    changed_by: 'The person who did.',
  }),
};
