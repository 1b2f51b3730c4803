import { FUNCTIONS } from '../../../catalogue/functions.ts';
import { list, MODELS } from '../../../catalogue/models.ts';
import { PERMISSIONS } from '../../../catalogue/permissions.ts';
import type { Words } from '../words.ts';

const owned = (owners: readonly string[], words: Words): Words =>
  Object.fromEntries(
    owners.flatMap(owner => Object.entries(words).map(([name, text]) => [`${owner}.${name}`, text] as const)),
  );

const FUNCTION_NAMES = list(Object.keys(FUNCTIONS));
const MODEL_NAMES = list(MODELS.map(({ name }) => name));

const WISH: Words = {
  name: 'What you call it.',
  permissions: `What it may do: some of ${list(PERMISSIONS)}.`,
  read_only: 'In place of `permissions`: it may read and nothing else.',
  functions: `What it may start, of ${FUNCTION_NAMES}; all of the plan where left out.`,
  models: `Which models it may use, of ${MODEL_NAMES}; all of the plan where left out.`,
  addresses: 'From where it opens: addresses and CIDR ranges, IPv4 or IPv6; from anywhere where left out.',
  spend_limit: 'Credits that it may spend in all. A limit stays once it is set; it can be raised and lowered.',
  expires_at: 'The moment from which it opens nothing, with its zone.',
  expires_in_days: 'In place of `expires_at`: days from now.',
};

export const KEYS_ASKED: Words = {
  ...owned(['createKey', 'changeKey'], WISH),
  ...owned(['changeKey', 'retrieveKey', 'rotateKey', 'revokeKey', 'reportLeak', 'keyActivity'], {
    id: 'The id of a key of your account.',
  }),
  'listKeys.limit': 'How many on a page, at most 100; 20 where left out.',
  'listKeys.after': 'The last id of the page before.',
  'keyActivity.limit': 'How many on a page, at most 100; 20 where left out.',
  'keyActivity.after': 'The last id of the page before.',
  'rotateKey.overlap_seconds':
    'How long the old key goes on, at most 7 days; 0 revokes it at once, 24 hours where left out. Both share one spend limit.',
  'reportLeak.reason': 'In your words, for the audit trail.',
};

const KEY: Words = {
  id: 'Of the key.',
  object: 'What this is.',
  name: 'What you call it.',
  state:
    'Only an active key opens the door. `frozen` was stopped and can be thawed; `expired` and `revoked` are for good.',
  hint: 'What is left to see of it.',
  permissions: 'What it may do.',
  functions: 'What it may start; null: all of the plan.',
  models: 'Which models it may use; null: all of the plan.',
  addresses: 'From where it opens; null: from anywhere.',
  spend_limit: 'Credits that it may spend in all, together with the keys that it replaced; null: no limit.',
  spent: 'Of the limit: charged, or held for what is being made. Of a key without one, see the usage.',
  spendable: 'What is left of the limit.',
  created_at: 'UTC.',
  expires_at: 'UTC; null: it stays until it is revoked.',
  revoked_at: 'UTC; null: it was not.',
  last_used_at: 'When it was last sent, UTC; null: not within 90 days.',
  replaces: 'The key that it came from by rotation.',
  replaced_by: 'The key that came from it by rotation.',
  key: 'The key itself.',
  notice: 'What to do with it.',
  data: 'The keys, newest first.',
  has_more: 'Whether more come after these.',
};

export const KEYS_ANSWERED: Words = {
  ...owned(['createKey', 'listKeys', 'retrieveKey', 'changeKey', 'rotateKey', 'revokeKey', 'reportLeak'], KEY),
  ...owned(['reportLeak'], {
    key: 'The key as it stands now.',
    counted_from: 'The first UTC day that is counted.',
    counted_to: 'The last.',
    complete:
      'Whether all of these days were counted; where not, the latest were, and the reports of usage have the rest.',
    total: 'What was made with it.',
    by_function: 'The same by function and model.',
    function: 'What was made.',
    model: 'What made it; empty for functions that have no models.',
    started: 'Jobs that were started with it.',
    succeeded: 'Of these and earlier ones: how many ended so.',
    failed: 'How many ended so.',
    cancelled: 'How many ended so.',
    rejected: 'How many ended so.',
    credits_charged: 'What they cost.',
    credits_released: 'What was given back.',
    activity: 'Where each call with it is listed.',
  }),
};
