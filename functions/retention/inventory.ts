/**
 * What is known of people, as data: each attribute of each kind of item, each class of objects, each member of log lines and
 * each column of reports. The privacy statement and owners' exports are made of it, and tests hold tables, logs and
 * reports against it. Pure.
 */

/** How near it is to a person. */
export const NEARNESS = {
  identity: 'says who somebody is, or where to find them',
  content: 'what somebody wrote, uploaded or had made',
  pseudonym: 'an id of ours that stands for an account, a person, a key or what is theirs',
  fact: 'about use, money or the working of the service',
} as const;
export type Nearness = keyof typeof NEARNESS;

export const PURPOSES = {
  service: 'to do what you ask for: the contract with you',
  money: 'to charge and refund credits, and to keep books as the law asks',
  security: 'to keep your account yours and to stop misuse: our and your legitimate interest',
  qualification: 'to know whom we serve, as the platform terms and the law ask for',
  notice: 'to tell you what you must know of your account',
  support: 'to help you when you ask',
  consent: 'to know, and to show, what you agreed to',
  law: 'to keep, show and delete what the law, an authority or a dispute asks for',
} as const;
export type Purpose = keyof typeof PURPOSES;

export const SOURCES = {
  you: 'you, when you call or write to us',
  service: 'the service itself, as it works',
  staff: 'our staff, as they decide',
  provider: 'the payment provider',
} as const;
export type Source = keyof typeof SOURCES;

export const READERS = {
  you: 'you',
  support: 'staff who help you, each look recorded in your audit trail',
  reviewers: 'reviewers and operators',
  finance: 'finance',
  nobody: 'nobody: programs alone',
} as const;
export type Reader = keyof typeof READERS;

export interface Attribute {
  readonly nearness: Nearness;
  /** In words. */
  readonly what: string;
  /** Whether it is in the owner's export: what is ours alone (hashes, indexes, places in queues) is not. */
  readonly exported: boolean;
}

/** How the items of an account are found for its export. */
export type Found =
  | { readonly by: 'partition'; readonly partition: (accountId: string) => string }
  | { readonly by: 'account index' }
  | {
      readonly by: 'key';
      readonly key: (owner: { readonly accountId: string; readonly personId: string }) => Record<string, string>;
    };

export const ITEM_TABLES = ['core', 'jobs', 'ledger', 'idempotency', 'audit', 'seals'] as const;

export interface ItemKind {
  readonly table: (typeof ITEM_TABLES)[number];
  /** What its primary key begins with. */
  readonly pk: string;
  readonly sk: string;
  readonly about: string;
  readonly why: readonly Purpose[];
  readonly from: readonly Source[];
  readonly seenBy: readonly Reader[];
  readonly kept: string;
  /** The folder of an export that has them; absent where they hold nothing that is not elsewhere in it. */
  readonly folder?: string;
  readonly found: Found;
  /** Whether an owner sees the row; all where absent. */
  readonly isShown?: (row: Readonly<Record<string, unknown>>) => boolean;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** How words are marked that are near to a person; others are facts. */
export const MARKS: Readonly<Record<string, Nearness>> = { '!': 'identity', '"': 'content', '#': 'pseudonym' };

/**
 * Attributes as lines: `name words`. Behind a name, `!` says that it is identity, `"` content and `#` a pseudonym, and `-`
 * that it is not for an export. Every item has the two parts of its key.
 */
export function attributes(lines: string): Readonly<Record<string, Attribute>> {
  const read = lines
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
    .map(line => {
      const [, name = '', marks = '', what = ''] = /^(\w+)([!"#-]*) (.+)$/.exec(line) ?? [];
      if (name === '') throw new Error(`no attribute: ${line}`);
      const mark = [...marks].find(each => each !== '-');
      const nearness = (mark === undefined ? undefined : MARKS[mark]) ?? 'fact';
      return [name, { nearness, what, exported: !marks.includes('-') }] as const;
    });
  const key = { nearness: 'pseudonym', what: 'A part of its key.', exported: false } as const;
  return { pk: key, sk: key, ...Object.fromEntries(read) };
}

export const ofAccount: Found = { by: 'partition', partition: accountId => `ACCOUNT#${accountId}` };
export const ofOwner: Found = { by: 'partition', partition: accountId => accountId };
export const notOfOwner: Found = { by: 'key', key: () => ({ pk: '', sk: '' }) };

/** Words that several kinds share. */
export const KEPT = {
  account: 'as long as the account',
  books: 'as long as books are kept, also after the account, then without your name',
  accountable: 'as long as the account, and 10 years after it',
  trail: 'as long as the account; then 10 years what was done and when, without whom it was of and from where',
  day: 'a day',
  days90: '90 days',
  days30: '30 days',
  days120: '120 days',
  days400: '400 days',
  media: 'until the video or upload ends or is deleted; that there was one, and what it cost, as long as the account',
} as const;
