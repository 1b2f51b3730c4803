/**
 * E-mails to an account, as they are kept: which, when, to whom in a masked form, and whether SES took it. One about a
 * decision is written by the transaction of the decision, with what it says, and sent after it by whoever claims it: a
 * decision that is sent again sends no second e-mail, and one whose e-mail failed sends it.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { accountKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import type { TemplateName } from './email-templates.ts';

export interface AccountMail {
  readonly mailId: string;
  /** The template, or `alert`. */
  readonly template: TemplateName | 'alert';
  /** Of one about a decision: what fills the template in, but for what the account says of itself by then. */
  readonly fields?: Readonly<Record<string, string | number>>;
  /** ISO 8601. */
  readonly createdAt: string;
  /** In a masked form. */
  readonly to?: string;
  readonly sentAt?: string;
  readonly failedAt?: string;
  /** Epoch ms: somebody is about to send it. */
  readonly claimedAtMs?: number;
}

const mailKey = (accountId: string, mailId: string) => ({ pk: accountKey(accountId).pk, sk: `MAIL#${mailId}` });

/** Longer than any function that sends may run: whoever claimed it then is gone. */
const CLAIMED_MS = 60_000;
/** Of those that no decision refers to. */
const KEPT_SECONDS = 400 * 24 * 3600;

/** One that is due, in the transaction of what it is about. */
export function mailWrite(table: string, accountId: string, mail: AccountMail): TransactWrite {
  return {
    Put: {
      TableName: table,
      Item: { ...mailKey(accountId, mail.mailId), ...mail },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** One that was sent, or could not be. */
export async function keepMail(table: string, accountId: string, mail: AccountMail): Promise<void> {
  const expiresAt = Math.floor(Date.parse(mail.createdAt) / 1000) + KEPT_SECONDS;
  await documents.send(
    new PutCommand({ TableName: table, Item: { ...mailKey(accountId, mail.mailId), ...mail, expiresAt } }),
  );
}

/** The e-mail, for the caller to send now; undefined where it was sent, is being sent, or never was due. */
export async function claimMail(
  table: string,
  accountId: string,
  mailId: string,
  now: number,
): Promise<AccountMail | undefined> {
  try {
    const { Attributes } = await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: mailKey(accountId, mailId),
        UpdateExpression: 'SET claimedAtMs = :now',
        ConditionExpression:
          'attribute_exists(pk) AND attribute_not_exists(sentAt) AND (attribute_not_exists(claimedAtMs) OR claimedAtMs < :gone)',
        ExpressionAttributeValues: { ':now': now, ':gone': now - CLAIMED_MS },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Attributes as AccountMail;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

/** Notes what became of one that was claimed: one that failed can be claimed again. */
export async function noteMail(
  table: string,
  accountId: string,
  mailId: string,
  { to, at, isSent }: { to: string; at: string; isSent: boolean },
): Promise<void> {
  await documents.send(
    new UpdateCommand({
      TableName: table,
      Key: mailKey(accountId, mailId),
      UpdateExpression: isSent
        ? 'SET #to = :to, sentAt = :at REMOVE claimedAtMs, failedAt'
        : 'SET #to = :to, failedAt = :at REMOVE claimedAtMs',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#to': 'to' },
      ExpressionAttributeValues: { ':to': to, ':at': at },
    }),
  );
}

/** Up to `limit` e-mails, newest first, after the id `after`, which need not be one. */
export async function mailsOf(
  table: string,
  accountId: string,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<{ mails: AccountMail[]; more: boolean }> {
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': accountKey(accountId).pk, ':prefix': 'MAIL#' },
      ScanIndexForward: false,
      Limit: limit,
      ...(after !== undefined && { ExclusiveStartKey: mailKey(accountId, after) }),
    }),
  );
  return { mails: Items as AccountMail[], more: LastEvaluatedKey !== undefined };
}
