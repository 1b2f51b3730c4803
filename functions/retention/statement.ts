/** The privacy statement, made of the inventory: what is not in it is not known of anybody. Pure. */
import type { z } from 'zod';
import { PLAN_NAMES, PLANS } from '../catalogue/plans.ts';
import { FRESH_SIGN_IN_MINUTES } from '../catalogue/refusal.ts';
import { EXPIRY_WARNING_DAYS, OBJECT_CLASSES } from '../catalogue/retention.ts';
import { SUPPORT } from '../catalogue/support.ts';
import { EXPORT_DAYS } from './exports-contract.ts';
import { PURPOSES, READERS, SOURCES } from './inventory.ts';
import { LOG_MEMBERS } from './inventory-lines.ts';
import type { readPrivacy } from './privacy-contract.ts';
import { ITEM_KINDS } from './sections.ts';

export type Statement = z.output<(typeof readPrivacy.answers)[200]['output']>;

/** Days for which the tables can be put back to any second. */
export const BACKUP_DAYS = 35;

const DAYS = PLAN_NAMES.map(name => `${PLANS[name].retentionDays} on ${name}`).join(', ');

export const STATEMENT: Statement = {
  object: 'privacy_statement',
  contact: SUPPORT,
  promises: [
    'We know of you what is listed here, and nothing else. The list is checked against the tables by the tests of every release.',
    'All of it is encrypted on its way and where it lies. No file is public: a link to one lives for 15 minutes at most.',
    'We sell nothing of it and show no advertisements. What you write and make is used to train nothing, and to promote nothing, unless you consent.',
    `Videos and uploads are kept for the days of your plan (${DAYS}), or for fewer where you ask for fewer. Each says until when, and we write to you ${EXPIRY_WARNING_DAYS} days before the first of them ends.`,
  ],
  rights: [
    {
      right: 'See it',
      how: 'GET /v1/account, GET /v1/audit, GET /v1/videos and the others show what is of your account; GET /v1/account/standing shows how it stands and why.',
    },
    {
      right: 'Take it along',
      how: `POST /v1/account/exports packs all of it, with a sign-in of the last ${FRESH_SIGN_IN_MINUTES} minutes. It can be fetched for ${EXPORT_DAYS} days.`,
    },
    { right: 'Correct it', how: 'PATCH /v1/account, and POST /v1/account/email/change for the address.' },
    {
      right: 'Have it erased',
      how: 'DELETE /v1/videos/{id} removes a video and every version of its files at once. POST /v1/account/termination asks for the end of the whole account: all of it is deleted then, but for what the law keeps. A certificate says what went and what stayed.',
    },
    { right: 'Withdraw a consent', how: 'PUT /v1/account/consents, at any time, for all that is of your account.' },
    {
      right: 'Have a decision looked at by another person',
      how: 'POST /v1/account/appeals, against a violation or a measure. A key that was stopped by itself as its use was unusual is looked at by a person too, and POST /v1/keys/{id}/unfreeze makes it active again where it says so.',
    },
    { right: 'Object, or complain', how: `Write to ${SUPPORT}, or to the data protection authority where you live.` },
  ],
  records: ITEM_KINDS.map(({ about, why, from, seenBy, kept, attributes }) => ({
    about,
    why: why.map(purpose => PURPOSES[purpose]),
    from: from.map(source => SOURCES[source]),
    seen_by: seenBy.map(reader => READERS[reader]),
    kept,
    members: Object.entries(attributes)
      .filter(([name]) => name !== 'pk' && name !== 'sk')
      .map(([name, { what, nearness }]) => ({ name, what, nearness })),
  })),
  files: Object.values(OBJECT_CLASSES).map(({ what, ends }) => ({ what, ends })),
  logs: Object.values(LOG_MEMBERS).map(({ what }) => what),
  statistics:
    'Counts and sums by day, function, model and plan. They are computed of records without texts, files, names or addresses; books and invoices have names, because the law asks for them.',
  backups: `What was erased can be in backups of the tables for ${BACKUP_DAYS} days, which are used to repair the service and nothing else. Files have no backups.`,
};
