/**
 * Every route of the API, once, in the families in which a reader looks for them. The OpenAPI document, the reference
 * page and the tests that walk all routes read this; a test proves that it is what API Gateway has.
 */

import * as agreements from './accounts/agreements-contract.ts';
import * as accounts from './accounts/contract.ts';
import { changePlan } from './accounts/plan-contract.ts';
import { listAlerts } from './alerts/contract.ts';
import { listAccountAudit, listAudit } from './audit/contract.ts';
import type { RefusalKind } from './catalogue/refusal.ts';
import { closeMonth, listReportEntries, listReports, readMonth, readReport } from './finance/report-contract.ts';
import * as generation from './generation/contract.ts';
import * as agents from './generation/pixverse/agent-contract.ts';
import { avatar, imageResult, imageTemplate } from './generation/pixverse/avatar-contract.ts';
import * as film from './generation/pixverse/film-contract.ts';
import * as lists from './generation/pixverse/lists-contract.ts';
import * as masks from './generation/pixverse/mask-contract.ts';
import * as between from './generation/pixverse/transition-contract.ts';
import * as videos from './generation/videos/contract.ts';
import type { Route } from './http/route.ts';
import * as keys from './keys/contract.ts';
import { buyCredits, listCreditPackages, listPurchases, retrievePurchase } from './payments/contract.ts';
import { adjustCredits, grantCredits, listPaymentConcerns, recordPayment } from './payments/finance-contract.ts';
import * as qualification from './qualification/contract.ts';
import * as operators from './qualification/operators-contract.ts';
import * as media from './uploads/contract.ts';
import { listPlans, readLimits } from './usage/limits-contract.ts';
import * as credits from './usage/pixverse-contract.ts';
import { listLedger, readUsage } from './usage/usage-contract.ts';

export interface Family {
  readonly name: string;
  /** One sentence or two for a reader. */
  readonly about: string;
  /** `platform`: accounts, keys, reports and the like, which neither dialect has; their transport is that of `videos`. */
  readonly dialect: 'pixverse' | 'videos' | 'platform';
  /** By the name of the operation, which is unique. */
  readonly routes: Readonly<Record<string, Route>>;
  /** What its routes may refuse besides a key, a permission and a member of the wrong form. */
  readonly refuses: readonly RefusalKind[];
  /** Headers that all its routes read, and what each does. */
  readonly headers?: Readonly<Record<string, string>>;
}

const TRACE = {
  'ai-trace-id':
    'A UUID of yours: the same one with the same body is the same job, charged once, for a day. Anything else is only a trace.',
} as const;

/** What any creation may be refused. */
const STARTING = [
  'key_refused',
  'account_not_active',
  'prompt_too_long',
  'negative_prompt_too_long',
  'content_refused',
  'image_not_found',
  'insufficient_credits',
  'concurrency_reached',
  'daily_limit_reached',
  'idempotency_mismatch',
  'busy',
] as const satisfies RefusalKind[];
const PICTURE = [
  'image_too_large',
  'image_unreadable',
  'image_format',
  'image_dimensions',
  'image_source',
] as const satisfies RefusalKind[];

const { generateFromText, generateFromImage, videoResult } = generation;
const { ttsList, listSpeakers, createSpeaker, deleteSpeaker, restyleList, effectsList } = lists;
const { acceptTerms, listAcceptances, readConsents, changeConsents } = agreements;
const { addDocument, listDocuments, submitQualification, readQualification } = qualification;
const { listApplications, listAccounts, inspectAccount, decideQualification, changeStanding } = operators;
const { createVideo, remixVideo, editVideo, extendVideo, ...existing } = videos;

export const FAMILIES: readonly Family[] = [
  {
    name: 'Create',
    about: 'Start a video from words, from pictures, or between pictures. Each call answers at once with a `video_id`.',
    dialect: 'pixverse',
    routes: { generateFromText, generateFromImage, ...between, avatar, imageTemplate },
    refuses: STARTING,
    headers: TRACE,
  },
  {
    name: 'Work on a film',
    about: 'Start a video from one that was made here (`source_video_id`) or that you uploaded (`video_media_id`).',
    dialect: 'pixverse',
    routes: { ...film },
    refuses: STARTING,
    headers: TRACE,
  },
  {
    name: 'Change within a film',
    about: 'Find what can be selected in a frame, put a picture in its place, or change the film in words.',
    dialect: 'pixverse',
    routes: { ...masks },
    refuses: [...STARTING, 'not_made'],
    headers: TRACE,
  },
  {
    name: 'Results',
    about: 'Poll until `status` is no longer 5: 1 succeeded, 7 rejected, 8 failed (its credits are back), 6 deleted.',
    dialect: 'pixverse',
    routes: { videoResult, imageResult },
    refuses: ['not_found'],
  },
  {
    name: 'Uploads',
    about: 'Bring pictures, films and recordings: as a file, or by the URL of one.',
    dialect: 'pixverse',
    routes: { ...media },
    refuses: PICTURE,
  },
  {
    name: 'Choices',
    about: 'What a creation may name: speakers, looks, templates (effects).',
    dialect: 'pixverse',
    routes: { ttsList, listSpeakers, createSpeaker, deleteSpeaker, restyleList, effectsList },
    refuses: ['not_found', 'content_refused'],
  },
  {
    name: 'Account',
    about: 'Credits: what can be spent, and what was spent and given back.',
    dialect: 'pixverse',
    routes: { ...credits },
    refuses: ['account_not_active'],
  },
  {
    name: 'Not offered',
    about: "Calls that PixVerse's clients know and this platform refuses, in words, without charge.",
    dialect: 'pixverse',
    routes: { ...agents },
    refuses: [],
  },
  {
    name: 'Create videos',
    about: 'The Videos API: start, remix, edit or extend a video, as the official `openai` clients call it.',
    dialect: 'videos',
    routes: { createVideo, remixVideo, editVideo, extendVideo },
    refuses: [...STARTING, ...PICTURE, 'not_found', 'wrong_state'],
  },
  {
    name: 'Videos',
    about: 'Read, list, watch, download, cancel and delete what was started.',
    dialect: 'videos',
    routes: existing,
    refuses: ['not_found', 'wrong_state'],
  },
  {
    name: 'Accounts',
    about: 'Register an account, confirm its e-mail address, and keep what it says of itself up to date.',
    dialect: 'platform',
    routes: { ...accounts },
    refuses: ['account_not_active', 'wrong_state', 'region_not_served', 'too_many_codes', 'busy'],
  },
  {
    name: 'Agreements',
    about: 'Versions of the terms that were accepted, and consents to uses of your content.',
    dialect: 'platform',
    routes: { acceptTerms, listAcceptances, readConsents, changeConsents },
    refuses: ['account_not_active', 'wrong_state', 'busy'],
  },
  {
    name: 'Qualification',
    about: 'Show who you are and what you use the service for: documents, their submission, and what was decided.',
    dialect: 'platform',
    routes: { addDocument, listDocuments, submitQualification, readQualification },
    refuses: ['account_not_active', 'wrong_state', 'busy'],
  },
  {
    name: 'Operators',
    about: 'For staff: applications and accounts, decisions about qualifications, and standings.',
    dialect: 'platform',
    routes: { listApplications, listAccounts, inspectAccount, decideQualification, changeStanding },
    refuses: ['not_found', 'wrong_state', 'region_not_served', 'busy'],
  },
  {
    name: 'Keys',
    about:
      'API keys of an account: made and shown once, narrowed, rotated, revoked. People manage them with their token; no key may.',
    dialect: 'platform',
    routes: { ...keys },
    refuses: ['account_not_active', 'not_found', 'wrong_state', 'busy'],
  },
  {
    name: 'Payments',
    about: 'Buy credits, and read what was bought. A purchase is paid on a page of Stripe, where `checkout_url` leads.',
    dialect: 'platform',
    routes: { listCreditPackages, buyCredits, listPurchases, retrievePurchase },
    refuses: ['key_refused', 'account_not_active', 'not_found', 'idempotency_mismatch', 'payments_unavailable'],
  },
  {
    name: 'Alerts',
    about:
      'What an account was told when 80 and 100 per cent of its balance, of its videos of a day or of a key were used.',
    dialect: 'platform',
    routes: { listAlerts },
    refuses: ['key_refused', 'account_not_active'],
  },
  {
    name: 'Bookings',
    about: 'What finance enters by hand, with a reason: payments that came another way, corrections, gifts.',
    dialect: 'platform',
    routes: { recordPayment, adjustCredits, grantCredits, listPaymentConcerns },
    refuses: ['not_found', 'idempotency_mismatch', 'insufficient_credits'],
  },
  {
    name: 'Plans and limits',
    about:
      'What each plan allows, and where the caller stands. The limits hold over all keys of an account, however many it has.',
    dialect: 'platform',
    routes: { listPlans, readLimits, changePlan },
    refuses: ['account_not_active', 'not_found', 'busy'],
  },
  {
    name: 'Audit',
    about:
      'What was changed in an account and what was refused, by whom and from where: appended, chained by hashes, never changed.',
    dialect: 'platform',
    routes: { listAudit, listAccountAudit },
    refuses: ['account_not_active'],
  },
  {
    name: 'Use and money',
    about: 'What the account made and what it cost: counts by the day, and every entry of its ledger.',
    dialect: 'platform',
    routes: { readUsage, listLedger },
    refuses: ['account_not_active'],
  },
  {
    name: 'Reports',
    about: 'For finance: reports over the exported days, the entries that each number is made of, and closed months.',
    dialect: 'platform',
    routes: { listReports, readReport, listReportEntries, readMonth, closeMonth },
    refuses: ['wrong_state', 'busy'],
  },
];

export const ROUTES: Readonly<Record<string, Route>> = Object.assign({}, ...FAMILIES.map(({ routes }) => routes));
