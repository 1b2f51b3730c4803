/**
 * Codes that are sent to e-mail addresses and what they prove, each with its audit event in one transaction. There is one
 * code for each account and purpose; its item is deleted by TTL once no rule needs it. The audit trail is kept for good,
 * so that it has addresses in a masked form alone.
 */
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { Refusal } from '../catalogue/refusal.ts';
import { verificationKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import { maskedAddress } from '../runtime/mail-text.ts';
import { type Account, type AccountFields, statusChange } from './account.ts';
import { type ChangeContext, changeAccount } from './account-changes-store.ts';
import { type AddressUse, addressHash, type Purpose, type Verification } from './verification.ts';

/** Longer than a code lives and than the hour whose codes are counted. */
const KEPT_SECONDS = 24 * 3600;

export async function findVerification(
  table: string,
  accountId: string,
  purpose: Purpose,
): Promise<Verification | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: verificationKey(accountId, purpose), ConsistentRead: true }),
  );
  return Item as Verification | undefined;
}

/** Puts a code in the place of the one `before`, unless another was put there since. */
export function verificationWrite(
  table: string,
  accountId: string,
  verification: Verification,
  before: Verification | undefined,
): TransactWrite {
  const expiresAt = Math.floor(verification.expiresAtMs / 1000) + KEPT_SECONDS;
  return {
    Put: {
      TableName: table,
      Item: { ...verificationKey(accountId, verification.purpose), ...verification, expiresAt },
      ...(before
        ? { ConditionExpression: 'codeHash = :before', ExpressionAttributeValues: { ':before': before.codeHash } }
        : { ConditionExpression: 'attribute_not_exists(pk)' }),
    },
  };
}

/** An address and what was sent to it, before this code and with it. */
export interface CountedAddress {
  readonly email: string;
  readonly before: AddressUse | undefined;
  readonly after: AddressUse;
}

const addressKey = (email: string) => ({ pk: `ADDRESS#${addressHash(email)}`, sk: 'CODES' });

export async function findAddressUse(table: string, email: string): Promise<AddressUse | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: addressKey(email), ConsistentRead: true }),
  );
  return Item as AddressUse | undefined;
}

/** Counts what is sent to an address, unless more was sent there since. */
export function addressWrite(table: string, { email, before, after }: CountedAddress): TransactWrite {
  const [newest = 0] = after.sentAtMs.slice(-1);
  return {
    Put: {
      TableName: table,
      Item: { ...addressKey(email), ...after, expiresAt: Math.floor(newest / 1000) + KEPT_SECONDS },
      ...(before
        ? { ConditionExpression: 'sentAtMs = :before', ExpressionAttributeValues: { ':before': before.sentAtMs } }
        : { ConditionExpression: 'attribute_not_exists(pk)' }),
    },
  };
}

export function sentMeanwhile(): Refusal {
  return new Refusal('busy', 'another code was sent to this address at this moment; send the call again');
}

/** Counts an attempt and returns the code that it is made on; undefined where none is valid or no attempt is left. */
export async function countAttempt(
  table: string,
  accountId: string,
  purpose: Purpose,
  now: number,
): Promise<Verification | undefined> {
  try {
    const { Attributes } = await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: verificationKey(accountId, purpose),
        UpdateExpression: 'SET attemptsLeft = attemptsLeft - :one',
        ConditionExpression: 'attemptsLeft > :none AND expiresAtMs > :now',
        ExpressionAttributeValues: { ':one': 1, ':none': 0, ':now': now },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return Attributes as Verification | undefined;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

/** Uses a code up in the transaction of what it proves; what was sent stays counted. */
function usedWrite(table: string, accountId: string, { purpose, codeHash }: Verification): TransactWrite {
  return {
    Update: {
      TableName: table,
      Key: verificationKey(accountId, purpose),
      UpdateExpression: 'SET attemptsLeft = :none, expiresAtMs = :past',
      ConditionExpression: 'codeHash = :hash AND expiresAtMs <> :past',
      ExpressionAttributeValues: { ':none': 0, ':past': 0, ':hash': codeHash },
    },
  };
}

interface Issued {
  readonly verification: Verification;
  readonly before: Verification | undefined;
  readonly counted: CountedAddress;
}

/** Stores codes before they are sent; `set` changes the account with them. */
export async function putCodes(
  context: ChangeContext,
  { accountId, email, status }: Account,
  issued: readonly Issued[],
  set: AccountFields = {},
): Promise<void> {
  // Something is always set: an update without a change is none.
  const change = { set: { email, ...set }, where: { email, status } };
  const subject = maskedAddress(issued.at(-1)?.verification.email ?? '');
  const { core } = context.tables;
  const codes = issued.flatMap(({ verification, before, counted }) => [
    [verification.purpose, verificationWrite(core, accountId, verification, before)],
    [`address of ${verification.purpose}`, addressWrite(core, counted)],
  ]);
  const details = { action: 'email.verification_sent', subject } as const;
  const isDone = await changeAccount(context, accountId, change, details, Object.fromEntries(codes));
  if (!isDone) throw new Refusal('wrong_state', 'another code was sent at this moment; use that one');
}

/** The address is the account's own, and one that was registered may submit its qualification. False where it was not as `account` says. */
export async function verifyEmail(
  context: ChangeContext,
  { accountId, status }: Account,
  used: Verification,
): Promise<boolean> {
  const at = new Date(context.now).toISOString();
  // One that was approved without an address is approved still.
  const { set, where } = status === 'registered' ? statusChange('verified', at) : { set: {}, where: { status } };
  const change = { set: { ...set, emailVerifiedAt: at }, where: { ...where, email: used.email } };
  const details = { action: 'email.verified', subject: maskedAddress(used.email) } as const;
  return changeAccount(context, accountId, change, details, { code: usedWrite(context.tables.core, accountId, used) });
}

/** The new address takes the place of the old. False where the account or a code has changed since. */
export async function replaceEmail(
  context: ChangeContext,
  { accountId, status }: Account,
  { from, to }: { from: Verification; to: Verification },
): Promise<boolean> {
  const at = new Date(context.now).toISOString();
  const change = { set: { email: to.email, emailVerifiedAt: at }, where: { email: from.email, status } };
  const detail = { before: maskedAddress(from.email) };
  const details = { action: 'email.changed', subject: maskedAddress(to.email), detail } as const;
  return changeAccount(context, accountId, change, details, {
    from: usedWrite(context.tables.core, accountId, from),
    to: usedWrite(context.tables.core, accountId, to),
  });
}
