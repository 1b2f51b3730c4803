/** Submissions in the core table, one item each; a decision is written into it once. */
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type Account, type AccountFields, statusChange } from '../accounts/account.ts';
import { type ChangeContext, changeAccount } from '../accounts/account-changes-store.ts';
import type { GatewayKey } from '../accounts/gateway-keys-client.ts';
import { type AccountMail, mailWrite } from '../accounts/mails-store.ts';
import { openingGrant } from '../credits/ledger.ts';
import { entryWrite } from '../credits/ledger-store.ts';
import { accountKey, submissionKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import { submittedWrite } from './documents-store.ts';
import { type Facts, factsOf } from './profile-change.ts';
import { type Decision, OPENING_CREDITS, OUTCOMES, type Submission } from './qualification.ts';

export async function findSubmission(
  table: string,
  accountId: string,
  version: number,
): Promise<Submission | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: submissionKey(accountId, version), ConsistentRead: true }),
  );
  return Item as Submission | undefined;
}

/** As many as a reviewer and the account's people look at, newest first. */
const SHOWN = 20;

export async function submissionsOf(table: string, accountId: string): Promise<Submission[]> {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :account AND begins_with(sk, :submission)',
      ExpressionAttributeValues: { ':account': accountKey(accountId).pk, ':submission': 'SUBMISSION#' },
      ScanIndexForward: false,
      ConsistentRead: true,
      Limit: SHOWN,
    }),
  );
  return Items as Submission[];
}

/** The submission, its documents and the account's status. False where the account was changed meanwhile. */
export async function putSubmission(
  context: ChangeContext,
  account: Account,
  submission: Submission,
): Promise<boolean> {
  const { accountId, submissions, name, company } = account;
  const { core } = context.tables;
  const { version, declaredUse } = submission;
  const { set, where } = statusChange('submitted', submission.submittedAt);
  const change = {
    set: { ...set, submissions: version, declaredUse },
    // What is reviewed is what the account says at this moment.
    where: { ...where, submissions, name, company },
  };
  const detail = { documents: submission.documents.length, commercial: submission.commercialAuthorisation };
  const details = { action: 'qualification.submitted', subject: String(version), detail } as const;
  return changeAccount(context, accountId, change, details, {
    submission: submissionWrite(core, accountId, submission),
    ...Object.fromEntries(submission.documents.map(id => [id, submittedWrite(core, accountId, id)])),
  });
}

function submissionWrite(table: string, accountId: string, submission: Submission): TransactWrite {
  return {
    Put: {
      TableName: table,
      Item: { ...submissionKey(accountId, submission.version), ...submission },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** What an account has no longer once a change of its facts waits for nobody. */
export const withdrawn = { changeSubmission: undefined, applicationStatus: undefined, applicationSince: undefined };

/** A change of approved facts, as a submission that waits in place of one before. False where the account was changed meanwhile. */
export async function putChange(
  context: ChangeContext,
  account: Account,
  { facts, set, changed }: { facts: Facts; set: AccountFields; changed: readonly string[] },
): Promise<boolean> {
  const { accountId, submissions, status, changeSubmission, commercialUse } = account;
  const version = (submissions ?? 0) + 1;
  const submittedAt = new Date(context.now).toISOString();
  const submission: Submission = {
    version,
    submittedAt,
    submittedBy: context.actor.id,
    documents: [],
    declaredUse: { text: '', categories: [] },
    ...facts,
    commercialAuthorisation: commercialUse?.authorised ?? false,
    statement: '',
    isChange: true,
  };
  const waits = { submissions: version, changeSubmission: version, applicationStatus: 'submitted' };
  const change = {
    set: { ...set, ...waits, applicationSince: submittedAt },
    where: { status, submissions, changeSubmission },
  };
  const detail = { changed: changed.join(' ') };
  const details = { action: 'qualification.submitted', subject: String(version), detail } as const;
  return changeAccount(context, accountId, change, details, {
    submission: submissionWrite(context.tables.core, accountId, submission),
  });
}

interface Decided {
  readonly account: Account;
  readonly version: number;
  readonly decision: Decision;
  readonly mail: AccountMail;
  /** Of an approved account: what API Gateway counts its calls by. */
  readonly gatewayKey?: GatewayKey;
}

/** The decision, the status and, once, the first credits. False where the submission no longer waits. */
export async function putDecision(
  context: ChangeContext,
  ledgerTable: string,
  { account: { accountId, plan }, version, decision, mail, gatewayKey }: Decided,
): Promise<boolean> {
  const { outcome, reason, decidedAt, commercialAuthorisation } = decision;
  const { set, where } = statusChange(OUTCOMES[outcome], decidedAt, { from: ['submitted'], reason });
  const isApproved = outcome === 'approve';
  const opening = openingGrant(OPENING_CREDITS, context.now);
  const change = {
    set: {
      ...set,
      ...gatewayKey,
      ...(isApproved && {
        commercialUse: { authorised: commercialAuthorisation, decidedAt },
        highWaterMark: OPENING_CREDITS,
        highWaterEntry: opening.id,
      }),
    },
    ...(isApproved && { add: { available: OPENING_CREDITS } }),
    // The API Gateway key is of the plan that was read: where that changes meanwhile, this is refused and can be sent again.
    where: { ...where, submissions: version, ...(gatewayKey && { plan }) },
  };
  const detail = { outcome, commercial: commercialAuthorisation, credits: isApproved ? OPENING_CREDITS : 0 };
  const details = { action: 'qualification.decided', subject: String(version), reason, detail } as const;
  return changeAccount(context, accountId, change, details, {
    submission: decisionWrite(context.tables.core, accountId, version, decision),
    mail: mailWrite(context.tables.core, accountId, mail),
    ...(isApproved && { opening: entryWrite(ledgerTable, accountId, opening, context.now) }),
  });
}

/** The decision about a change of approved facts: they take the place of those of before, or nothing does. False as above. */
export async function putChangeDecision(
  context: ChangeContext,
  account: Account,
  { submission, decision, mail }: { submission: Submission; decision: Decision; mail: AccountMail },
): Promise<boolean> {
  const { accountId, commercialUse } = account;
  const { version } = submission;
  const { outcome, reason, decidedAt, commercialAuthorisation: authorised } = decision;
  const isApproved = outcome === 'approve';
  const commercial =
    authorised === (commercialUse?.authorised ?? false) ? {} : { commercialUse: { authorised, decidedAt } };
  const change = {
    set: { ...withdrawn, ...(isApproved && { ...factsOf(submission), ...commercial }) },
    // The e-mail says what is authorised after it: that is of what was read.
    where: { status: 'active', changeSubmission: version, commercialUse },
  };
  const detail = { outcome, commercial: authorised, changeOfFacts: true };
  const details = { action: 'qualification.decided', subject: String(version), reason, detail } as const;
  return changeAccount(context, accountId, change, details, {
    submission: decisionWrite(context.tables.core, accountId, version, decision),
    mail: mailWrite(context.tables.core, accountId, mail),
  });
}

function decisionWrite(table: string, accountId: string, version: number, decision: Decision): TransactWrite {
  return {
    Update: {
      TableName: table,
      Key: submissionKey(accountId, version),
      UpdateExpression: 'SET decision = :decision',
      ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(decision)',
      ExpressionAttributeValues: { ':decision': decision },
    },
  };
}
