/** The letters that accounts are sent, as data: plain text, with `{members}` that are filled in. Pure. */

interface Letter {
  readonly subject: string;
  readonly text: string;
}

const FAREWELL = '\n\nThis letter was written by a program; answers are not read.\n';

const LETTERS = {
  verify: {
    subject: 'Your code is {code}',
    text: 'Welcome, {name}.\n\nConfirm this address with the code\n\n    {code}\n\nIt lives for half an hour. If you registered nothing, do nothing: without the code the address is bound to nothing.',
  },
  change_from: {
    subject: 'Your code for leaving this address is {code}',
    text: 'Hello {name},\n\nsomebody signed in to your account asks that we write to {email} from now on. If that is you, confirm it with the code\n\n    {code}\n\ntogether with the one that we sent there. If it is not you, give the code to nobody, and report misuse with POST /v1/account/report-misuse.',
  },
  change_to: {
    subject: 'Your code is {code}',
    text: 'Hello {name},\n\nconfirm this address with the code\n\n    {code}\n\ntogether with the one that we sent to the address before. It lives for half an hour.',
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
  freeze: {
    subject: 'Your account is frozen',
    text: 'Hello {name},\n\nyour account is frozen, and none of its keys opens anything:\n\n{reason}\n\nYou may still sign in and read. Write to support to have it looked at again.',
  },
  unfreeze: {
    subject: 'Your account is open again',
    text: 'Hello {name},\n\nyour account is no longer frozen:\n\n{reason}',
  },
  close: {
    subject: 'Your account is closed',
    text: 'Hello {name},\n\nyour account is closed:\n\n{reason}\n\nYou may still sign in and read.',
  },
  misuse: {
    subject: 'All keys of your account are frozen',
    text: 'Hello {name},\n\nas misuse was reported, all keys of your account are frozen and all sessions ended. Sign in again, look at GET /v1/audit for what was done, revoke keys that are not yours, and then call POST /v1/account/keys/unfreeze.',
  },
} as const satisfies Record<string, Letter>;

export type LetterName = keyof typeof LETTERS;
export const LETTER_NAMES = Object.keys(LETTERS) as LetterName[];

/** The letter with its members filled in; throws for one that is not given. */
export function letter(name: LetterName, members: Readonly<Record<string, string | number>>): Letter {
  const fill = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (_, member: string) => {
      const value = members[member];
      if (value === undefined) throw new Error(`the letter ${name} needs ${member}`);
      return String(value);
    });
  const { subject, text } = LETTERS[name];
  return { subject: fill(subject), text: fill(text) + FAREWELL };
}
