/** The e-mails that accounts are sent, as data: plain text, with `{fields}` that are filled in. Pure. */

interface Email {
  readonly subject: string;
  readonly text: string;
}

const FOOTER = '\n\nThis e-mail was written by a program; replies are not read. Help: {support}\n';

// `verify` and `change_to` go to addresses that nobody has proved to be theirs: no word in them is a customer's, or they would
// carry a stranger's words to anybody, from our domain.
const TEMPLATES = {
  verify: {
    subject: 'Your code is {code}',
    text: 'Welcome.\n\nConfirm this address with the code\n\n    {code}\n\nIt is valid for half an hour. If you registered nothing, do nothing: without the code the address is bound to nothing.',
  },
  change_from: {
    subject: 'Your code for leaving this address is {code}',
    text: 'Hello {name},\n\nsomebody signed in to your account asks that we write to {email} from now on. If that is you, confirm it with the code\n\n    {code}\n\ntogether with the one that we sent there. If it is not you, give the code to nobody, and report misuse with POST /v1/account/report-misuse.',
  },
  change_to: {
    subject: 'Your code is {code}',
    text: 'Confirm this address with the code\n\n    {code}\n\ntogether with the one that we sent to the address before. It is valid for half an hour.',
  },
  changed: {
    subject: 'Your e-mail address was changed',
    text: 'Hello {name},\n\nwe write to {email} from now on, as was confirmed from both addresses.',
  },
  approve: {
    subject: 'Your account is approved',
    text: 'Hello {name},\n\nyour account is approved. Commercial use is {commercial}.\n\n{reason}\n\n{credits} credits are yours to try the service with. Sign in and make a first key with POST /v1/keys.',
  },
  ask_for_more: {
    subject: 'We need more to approve your account',
    text: 'Hello {name},\n\nwhoever reviews your account asks for more:\n\n{reason}\n\nAdd what is missing with POST /v1/account/qualification/documents and submit again.',
  },
  refuse: {
    subject: 'Your account was not approved',
    text: 'Hello {name},\n\nyour account was not approved:\n\n{reason}\n\nIf what is said there changes, you may submit again.',
  },
  change_approved: {
    subject: 'The change of your account is approved',
    text: 'Hello {name},\n\nwhat you changed of your account counts from now on. Commercial use is {commercial}.\n\n{reason}',
  },
  commercial_use: {
    subject: 'Commercial use of your videos is {commercial}',
    text: 'Hello {name},\n\nwhat was decided about commercial use of your videos is corrected: it is {commercial}.\n\n{reason}',
  },
  change_refused: {
    subject: 'The change of your account was not approved',
    text: 'Hello {name},\n\nwhat you changed of your account was not approved, and what was approved before still counts:\n\n{reason}\n\nSend another change with PATCH /v1/account.',
  },
  freeze: {
    subject: 'Your account is frozen',
    text: 'Hello {name},\n\nyour account is frozen, and none of its keys is accepted:\n\n{reason}\n\nYou may still sign in and read. Write to {support} to have it looked at again.',
  },
  unfreeze: {
    subject: 'Your account is open again',
    text: 'Hello {name},\n\nyour account is no longer frozen:\n\n{reason}',
  },
  close: {
    subject: 'Your account is closed',
    text: 'Hello {name},\n\nyour account is closed:\n\n{reason}\n\nYou may still sign in and read. If this is a mistake, write to {support}.',
  },
  violation: {
    subject: 'A violation was recorded',
    text: 'Hello {name},\n\na violation of the terms was recorded of your account, with {points} points:\n\n{reason}\n\n{rectify}Nothing is taken away by it. GET /v1/account/standing says what follows from more, and POST /v1/account/appeals asks for another decision.',
  },
  warned: {
    subject: 'Your account is warned',
    text: 'Hello {name},\n\nthe standing of your account is warned, {until}:\n\n{reason}\n\n{rectify}Nothing is taken away yet; what follows is a restriction. GET /v1/account/standing says more, and POST /v1/account/appeals asks for another decision.',
  },
  restricted: {
    subject: 'Your account is restricted',
    text: 'Hello {name},\n\nthe standing of your account is restricted, {until}:\n\n{reason}\n\n{rectify}GET /v1/account/standing says what is taken away, and POST /v1/account/appeals asks for another decision.',
  },
  suspended: {
    subject: 'Your account is suspended',
    text: 'Hello {name},\n\nthe standing of your account is suspended, {until}, and none of its keys is accepted:\n\n{reason}\n\n{rectify}You may still sign in and read. POST /v1/account/appeals asks for another decision.',
  },
  standing_lifted: {
    subject: 'What was decided about your account is lifted',
    text: 'Hello {name},\n\nwhat was decided about your account is taken back, and its standing is {step}:\n\n{reason}',
  },
  rectified: {
    subject: 'What you were asked to mend is mended',
    text: 'Hello {name},\n\nit is noted that you mended what you were asked to, and nothing follows from its date:\n\n{reason}',
  },
  terminated: {
    subject: 'The service ends for your account',
    text: 'Hello {name},\n\nthe service has ended for your account, and none of its keys is accepted:\n\n{reason}\n\nYou may still sign in and read. What follows comes in e-mails of its own. If this is a mistake, write to {support}.',
  },
  appeal_upheld: {
    subject: 'Your appeal is upheld',
    text: 'Hello {name},\n\nyour appeal is upheld. What was decided is taken back, and the standing of your account is {step}:\n\n{reason}',
  },
  appeal_rejected: {
    subject: 'Your appeal is rejected',
    text: 'Hello {name},\n\nyour appeal is rejected, and what was decided stays:\n\n{reason}',
  },
  key_suspended: {
    subject: 'The key {key} is suspended',
    text: 'Hello {name},\n\nthe key {key} of your account is not accepted any more, because its use was unusual:\n\n{reason}\n\n{advice}\n\n{undo}',
  },
  key_reinstated: {
    subject: 'The key {key} is active again',
    text: 'Hello {name},\n\nthe key {key} of your account is accepted again:\n\n{reason}',
  },
  misuse: {
    subject: 'All keys of your account are frozen',
    text: 'Hello {name},\n\nas misuse was reported, all keys of your account are frozen and all sessions ended. Sign in again, look at GET /v1/audit for what was done, revoke keys that are not yours, and then call POST /v1/account/keys/unfreeze.',
  },
  credits_end: {
    subject: '{credits} credits end on {day}',
    text: 'Hello {name},\n\nof the credits that you were given on {given}, {credits} are left. What you do not use of them by then ends on {day} at 0:00 UTC. Credits that you were given are used before those that you bought, which do not end.',
  },
  credits_ended: {
    subject: '{credits} credits have ended',
    text: 'Hello {name},\n\nof the credits that you were given on {given}, {credits} were not used by {day} and have ended. The entry is in GET /v1/ledger. Credits that you bought do not end.',
  },
  ai_notice: {
    subject: 'What to know about videos made by AI',
    text: 'Hello {name},\n\nyour first video under the terms of {version} is ready. Before you use it:\n\n- What is generated can be wrong, or show what does not exist. Check it before you rely on it or show it to others.\n- It can resemble works, brands or people by chance. You answer for the rights of others where you publish it.\n- The same prompt may give others something alike: no video is yours alone by right.\n- It is labelled as generated by AI, for people and for machines. The label stays on it.\n\nThe terms are at /v1/terms of the API.',
  },
  invoice: {
    subject: 'Your {document} {number}',
    text: 'Hello {name},\n\nyour {document} {number} of {date} over {total} is there. GET /v1/invoices/{id}/pdf of the API gives a link to it as PDF, and GET /v1/invoices lists all of them.',
  },
} as const satisfies Record<string, Email>;

export type TemplateName = keyof typeof TEMPLATES;
export const TEMPLATE_NAMES = Object.keys(TEMPLATES) as TemplateName[];

/** The e-mail with its fields filled in; throws for one that is not given. */
export function emailOf(name: TemplateName, fields: Readonly<Record<string, string | number>>): Email {
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (_, field: string) => {
      const value = fields[field];
      if (value === undefined) throw new Error(`the e-mail ${name} needs ${field}`);
      return String(value);
    });
  const { subject, text } = TEMPLATES[name];
  return { subject: fill(subject), text: fill(text + FOOTER) };
}
