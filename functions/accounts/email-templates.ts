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
    text: 'Hello {name},\n\nthe key "{key}" of your account is not accepted any more, because its use was unusual:\n\n{reason}\n\n{advice}\n\n{undo}',
  },
  key_reinstated: {
    subject: 'The key {key} is active again',
    text: 'Hello {name},\n\nthe key "{key}" of your account is accepted again:\n\n{reason}',
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
  media_ends: {
    subject: 'Videos and uploads of yours end from {day} on',
    text: 'Hello {name},\n\nwhat you make and upload is kept for as long as your plan says, or for as long as you asked for it. The first of it ends on {day} at 0:00 UTC: from then on it cannot be read, and it is removed in that night. Every video says until when it is kept, as expires_at; download what you want to keep before. This is the only e-mail about it.',
  },
  export_ready: {
    subject: 'The export of your account is ready',
    text: 'Hello {name},\n\nall that is of your account can be fetched until {day}: GET /v1/account/exports/{id} of the API has links to it. If you did not ask for it, somebody else signed in: report misuse with POST /v1/account/report-misuse.',
  },
  ai_notice: {
    subject: 'What to know about videos made by AI',
    text: 'Hello {name},\n\nyour first video under the terms of {version} is ready. Before you use it:\n\n- What is generated can be wrong, or show what does not exist. Check it before you rely on it or show it to others.\n- It can resemble works, brands or people by chance. You answer for the rights of others where you publish it.\n- The same prompt may give others something alike: no video is yours alone by right.\n- It is labelled as generated by AI, for people and for machines. The label stays on it.\n\nThe terms are at /v1/terms of the API.',
  },
  top_up_failed: {
    subject: 'Your auto top-up could not be paid',
    text: 'Hello {name},\n\nyour credits fell below {below}, and {package} for {price} could not be charged to your saved payment method: {reason}.\n\nUntil {until} you can pay it here by hand:\n\n    {url}\n\nElse it is tried again on {next}. With POST /v1/credits/purchases and save_payment_method you save another payment method, and DELETE /v1/credits/auto-top-up ends auto top-up.',
  },
  top_up_off: {
    subject: 'Auto top-up is switched off',
    text: 'Hello {name},\n\n{package} for {price} could not be charged to your saved payment method for the last time: {reason}. Auto top-up is switched off, and nothing is charged for it.\n\nBuy credits with POST /v1/credits/purchases, where save_payment_method saves another payment method, and set auto top-up again with PUT /v1/credits/auto-top-up.',
  },
  top_up_limit: {
    subject: 'The monthly limit of your auto top-up is reached',
    text: 'Hello {name},\n\nyour credits fell below {below}, and {package} for {price} was not bought: you allow {limit} for a month, and {spent} are spent. Until the month ends nothing more is bought. Buy credits with POST /v1/credits/purchases, or allow more with PUT /v1/credits/auto-top-up.',
  },
  invoice: {
    subject: 'Your {document} {number}',
    text: 'Hello {name},\n\nyour {document} {number} of {date} over {total} is there. GET /v1/invoices/{id}/pdf of the API gives a link to it as PDF, and GET /v1/invoices lists all of them.',
  },
  termination_requested: {
    subject: 'You asked to end your account',
    text: 'Hello {name},\n\nthe end of your account was asked for, and we look at it. If it was not you, take it back with DELETE /v1/account/termination, and report misuse with POST /v1/account/report-misuse.',
  },
  termination_refused: {
    subject: 'Your account goes on',
    text: 'Hello {name},\n\nthe end of your account that you asked for was refused:\n\n{reason}\n\nNothing has changed.',
  },
  termination_approved: {
    subject: 'Your account ends on {closes}',
    text: 'Hello {name},\n\nyour account ends. The cause: {cause}.\n\n{reason}\n\nCalls are answered until {closes} UTC. Then you may still sign in, read and export. GET /v1/account/termination says what comes next and when.',
  },
  termination_closing: {
    subject: 'Your account is being ended',
    text: 'Hello {name},\n\nyour account ends: no call is accepted from now on, and what is being made is cancelled and given back. The cause: {cause}.\n\n{reason}\n\nUntil {until} UTC you may sign in, read and export. Then everything is deleted, but for what the law or a legal hold keeps; what you paid for and did not use is paid back. GET /v1/account/termination says what comes next.',
  },
  termination_withdrawn: {
    subject: 'Your account goes on',
    text: 'Hello {name},\n\nthe end of your account was withdrawn. The account is as it was before.',
  },
  termination_purge: {
    subject: 'Your data is being deleted',
    text: 'Hello {name},\n\nthe time to export is over, and all that is in your account is being deleted. This is the last e-mail to this address: it is deleted too. What went, what stayed and under which rule is certified: in some hours at /v1/certificates/{certificate} of the API, for whoever has that id.',
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
