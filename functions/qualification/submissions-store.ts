/** Submissions in the core table, one item each; a decision is written into it once. */
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type Account, statusChange } from '../accounts/account.ts';
import { type ChangeContext, changeAccount } from '../accounts/account-changes-store.ts';
import type { GatewayKey } from '../accounts/gateway-keys-client.ts';
import { grant } from '../credits/ledger.ts';
import { entryWrite } from '../credits/ledger-store.ts';
import { accountKey, submissionKey } from '../data/item-keys.ts';
import { documents } from '../data/table.ts';
import { submittedWrite } from './documents-store.ts';
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
  const { accountId, submissions } = account;
  const { core } = context.tables;
  const { version, declaredUse } = submission;
  const { set, where } = statusChange('submitted', submission.submittedAt);
  const change = { set: { ...set, submissions: version, declaredUse }, where: { ...where, submissions } };
  const detail = { documents: submission.documents.length, commercial: submission.commercialAuthorisation };
  const details = { action: 'qualification.submitted', subject: String(version), detail } as const;
  return changeAccount(context, accountId, change, details, {
    submission: {
      Put: {
        TableName: core,
        Item: { ...submissionKey(accountId, version), ...submission },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    ...Object.fromEntries(submission.documents.map(id => [id, submittedWrite(core, accountId, id)])),
  });
}

interface Decided {
  readonly account: Account;
  readonly version: number;
  readonly decision: Decision;
  /** Of an approved account: what API Gateway counts its calls by. */
  readonly gatewayKey?: GatewayKey;
}

/** The decision, the status and, once, the first credits. False where the submission no longer waits. */
export async function putDecision(
  context: ChangeContext,
  ledgerTable: string,
  { account: { accountId, plan }, version, decision, gatewayKey }: Decided,
): Promise<boolean> {
  const { core } = context.tables;
  const { outcome, reason, decidedAt, commercialAuthorisation } = decision;
  const { set, where } = statusChange(OUTCOMES[outcome], decidedAt, { from: ['submitted'], reason });
  const isApproved = outcome === 'approve';
  const opening = grant('opening', OPENING_CREDITS);
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
    submission: {
      Update: {
        TableName: core,
        Key: submissionKey(accountId, version),
        UpdateExpression: 'SET decision = :decision',
        ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(decision)',
        ExpressionAttributeValues: { ':decision': decision },
      },
    },
    ...(isApproved && { opening: entryWrite(ledgerTable, accountId, opening, context.now) }),
  });
}
