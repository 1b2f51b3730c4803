import type { Words } from '../words.ts';

export const AUDIT_ASKED: Words = {
  'listAudit.limit': 'How many on a page, at most 100; 20 where left out.',
  'listAudit.after': 'The last id of the page before.',
  'listAccountAudit.id': 'The id of an account.',
  'listAccountAudit.limit': 'How many on a page, at most 100; 20 where left out.',
  'listAccountAudit.after': 'The last id of the page before.',
};

export const AUDIT_EVENT: Words = {
  object: 'What this is.',
  data: 'The events, newest first.',
  has_more: 'Whether more come after these.',
  id: 'Of the event.',
  at: 'When, UTC.',
  action: 'What was done, as `noun.what_happened`; `call.refused` for what was not.',
  actor: 'Who did it.',
  kind: '`key`, `person`, or `platform` for what it did by itself.',
  address: 'The network address that the call came from.',
  client: 'What the client calls itself.',
  subject: 'What it was done to: an id, or the route of a refused call.',
  reason: "Why, in a person's words, or the code of the refusal.",
  detail: 'What changed.',
};

export const AUDIT_ANSWERED: Words = Object.fromEntries(
  ['listAudit', 'listAccountAudit'].flatMap(owner =>
    Object.entries(AUDIT_EVENT).map(([name, words]) => [`${owner}.${name}`, words]),
  ),
);
