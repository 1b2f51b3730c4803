/** Submissions of a qualification and their decisions: what must hold before each. Pure. */
import type { z } from 'zod';
import { type Account, type DeclaredUse, nextStep, type Profile } from '../accounts/account.ts';
import {
  type AccountStatus,
  allows,
  describeStatus,
  STATUS_ACTIONS,
  type StatusActionName,
  statusesBefore,
} from '../catalogue/account-status.ts';
import { Refusal } from '../catalogue/refusal.ts';
import type { submitQualification } from './contract.ts';
import type { QualificationDocument } from './document.ts';
import type { decideQualification } from './operators-contract.ts';

type SubmissionRequest = z.output<typeof submitQualification.input>;
export type Outcome = z.output<typeof decideQualification.input>['decision'];

export interface Decision {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly commercialAuthorisation: boolean;
  /** Nothing was said of it, and it follows from what was before. */
  readonly isCommercialLeftOut?: true;
  /** ISO 8601. */
  readonly decidedAt: string;
  /** The operator; not shown to the account. */
  readonly decidedBy: string;
  /** The e-mail about it. */
  readonly mailId?: string;
}

export interface Submission {
  /** 1, 2, …: a decision names the one that it is about. */
  readonly version: number;
  /** ISO 8601. */
  readonly submittedAt: string;
  readonly submittedBy: string;
  readonly documents: readonly string[];
  /** What is reviewed, as it was submitted: a decision is about this, and not about what the account says by then. */
  readonly name: string;
  readonly company?: NonNullable<Profile['company']>;
  readonly declaredUse: DeclaredUse;
  /** It changes facts of an account that is approved already; those count until it is approved. */
  readonly isChange?: true;
  readonly commercialAuthorisation: boolean;
  readonly statement: string;
  readonly decision?: Decision;
}

/** What an account comes to by each outcome. */
export const OUTCOMES = {
  approve: 'active',
  ask_for_more: 'more_requested',
  refuse: 'refused',
} as const satisfies Record<Outcome, AccountStatus>;

/** Credits to try the service with, once, when an account is approved. Set by us: some ten short videos. */
export const OPENING_CREDITS = 500;

const NEEDED = { person: 'identity', company: 'company_registration' } as const;

/** Why the account may not submit now; undefined where it may. */
export function refuseSubmission({ status, emailVerifiedAt }: Account): Refusal | undefined {
  if (statusesBefore('submitted').includes(status) && emailVerifiedAt !== undefined) return undefined;
  if (allows(status, 'use'))
    return new Refusal('wrong_state', 'this account is approved already; PATCH /v1/account submits a change of it');
  // An address that is not confirmed comes before everything else.
  const unconfirmed = statusesBefore('submitted').includes(status) ? 'registered' : status;
  return new Refusal('wrong_state', describeStatus(unconfirmed));
}

/** Why these documents do not serve this account; undefined where they do. */
export function refuseDocuments({ kind }: Account, documents: readonly QualificationDocument[]): Refusal | undefined {
  const needed = NEEDED[kind ?? 'person'];
  if (documents.some(document => document.kind === needed)) return undefined;
  return new Refusal(
    'invalid_parameter',
    `documents must have one of kind ${needed}: a ${kind ?? 'person'} shows who it is by it`,
    'documents',
  );
}

/** Whether the call repeats what was submitted. */
export function isRepeated(submission: Submission | undefined, requested: SubmissionRequest): boolean {
  if (!submission || submission.decision) return false;
  const { documents, declaredUse, commercialAuthorisation, statement } = submission;
  const before = [documents, declaredUse.text, declaredUse.categories, commercialAuthorisation, statement];
  const { text, categories } = requested.declared_use;
  const again = [requested.documents, text, categories, requested.commercial_authorisation, requested.statement];
  return JSON.stringify(before) === JSON.stringify(again);
}

export function describeSubmission(submission: Submission) {
  const { version, submittedAt, documents, name, company, declaredUse, commercialAuthorisation, statement, decision } =
    submission;
  return {
    version,
    submitted_at: submittedAt,
    documents: [...documents],
    name,
    company: company ?? null,
    declared_use: { text: declaredUse.text, categories: [...declaredUse.categories] },
    commercial_authorisation: commercialAuthorisation,
    statement,
    decision: decision
      ? {
          outcome: decision.outcome,
          reason: decision.reason,
          commercial_authorisation: decision.commercialAuthorisation,
          decided_at: decision.decidedAt,
        }
      : null,
  };
}

/** The qualification of an account, newest submission first. */
export function describeQualification(account: Account, submissions: readonly Submission[], support: string) {
  return {
    object: 'qualification' as const,
    status: account.status,
    next_step: nextStep(account, support),
    submissions: submissions.map(describeSubmission),
  };
}

/** What an operator says of a submission; `commercial` is undefined where nothing was said of commercial use. */
interface RequestedDecision extends Pick<Decision, 'outcome' | 'reason'> {
  readonly version: number;
  readonly commercial: boolean | undefined;
}

/** Why this decision cannot be made; `'repeated'` where it was made already; undefined where it can be. */
export function refuseDecision(
  account: Account,
  submission: Submission | undefined,
  requested: RequestedDecision,
): Refusal | 'repeated' | undefined {
  const { version } = requested;
  if (!submission) return new Refusal('wrong_state', `this account has no submission ${version}`, 'submission');
  const { decision } = submission;
  if (decision) {
    const different = differenceOf(submission, decision, requested);
    if (different === undefined) return 'repeated';
    return new Refusal(
      'wrong_state',
      `submission ${version} was decided already (${decision.outcome}), with another ${different}; nothing was changed now`,
      different,
    );
  }
  const waits = submission.isChange
    ? account.status === 'active' && account.changeSubmission === version
    : account.status === 'submitted' && account.submissions === version;
  if (!waits) {
    return new Refusal('wrong_state', `submission ${version} no longer waits: the account is ${account.status}`);
  }
  return refuseCommercial(submission, requested);
}

/** The member in which the decision that is sent differs from the one that was made. */
function differenceOf(
  { isChange }: Submission,
  decision: Decision,
  { outcome, reason, commercial }: RequestedDecision,
): 'decision' | 'reason' | 'commercial_authorisation' | undefined {
  if (decision.outcome !== outcome) return 'decision';
  if (decision.reason !== reason) return 'reason';
  // Left out, it is no for an application; of a change it is as before, which is the same only where it was left out then.
  const isSame =
    commercial === undefined && isChange
      ? decision.isCommercialLeftOut === true
      : (commercial ?? false) === decision.commercialAuthorisation;
  return isSame ? undefined : 'commercial_authorisation';
}

/** What an account asks about is answered where it is approved, and nothing is authorised where it is not. */
function refuseCommercial(
  { isChange, commercialAuthorisation: asked }: Submission,
  { outcome, commercial }: RequestedDecision,
): Refusal | undefined {
  const field = 'commercial_authorisation';
  if (outcome === 'approve') {
    if (isChange || !asked || commercial !== undefined) return undefined;
    const message = `${field} is required: the submission asks for commercial use, so say true or false`;
    return new Refusal('missing_parameter', message, field);
  }
  if (commercial !== true) return undefined;
  const message = `${field} must be false or left out with ${outcome}: only an approval authorises commercial use`;
  return new Refusal('invalid_parameter', message, field);
}

/** Why an operator may not do this to the account; `'repeated'` where it was done for this reason; undefined where it may be done. */
export function refuseStatusAction(
  { status, statusReason, statusDecision }: Pick<Account, 'status' | 'statusReason' | 'statusDecision'>,
  { action, reason }: { readonly action: StatusActionName; readonly reason: string },
): Refusal | 'repeated' | undefined {
  const { from, to }: { readonly from: readonly AccountStatus[]; readonly to: AccountStatus } = STATUS_ACTIONS[action];
  // A status can be come to in another way, and for the same reason: what is repeated is the act.
  if (status === to && statusDecision?.action === action) {
    if (statusReason === reason) return 'repeated';
    return new Refusal(
      'wrong_state',
      `this account is ${to} already, for another reason; nothing was changed now`,
      'reason',
    );
  }
  if (from.includes(status)) return undefined;
  return new Refusal('wrong_state', `this account is ${status}: ${action} is for ${from.join(' or ')}`, 'action');
}

/** Why what was decided about commercial use cannot be corrected to this; `'repeated'` where it was; undefined where it can be. */
export function refuseCorrection(
  { status, commercialUse }: Account,
  { authorised, reason }: { readonly authorised: boolean; readonly reason: string },
): Refusal | 'repeated' | undefined {
  if (status !== 'active' && status !== 'frozen') {
    return new Refusal(
      'wrong_state',
      `this account is ${status}: commercial use is decided with the qualification, and corrected of an approved account`,
    );
  }
  if (commercialUse?.authorised !== authorised) return undefined;
  if (commercialUse.reason === reason) return 'repeated';
  return new Refusal(
    'wrong_state',
    `commercial use is ${authorised ? 'authorised' : 'not authorised'} already, since ${commercialUse.decidedAt}; nothing was changed now`,
    'authorised',
  );
}
