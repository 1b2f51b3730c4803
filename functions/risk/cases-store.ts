/** Cases: what met a rule, once for its rule, subject and window, and a list of those that are open. */
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { accountKey } from '../data/item-keys.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import { cursorOf } from '../http/cursor.ts';
import type { RiskCase, RiskReport } from './case.ts';

const OPEN = 'CASES_OPEN';
const caseKey = (caseId: string) => ({ pk: `CASE#${caseId}`, sk: 'CASE' });
/** Which cases there are of an account, below the account: whoever erases it finds them so. */
export const CASE_PLACE = 'CASE#';
const placeKey = (accountId: string, caseId: string) => ({
  pk: accountKey(accountId).pk,
  sk: `${CASE_PLACE}${caseId}`,
});
const REPORT = 'REPORT#';
const reportKey = (caseId: string, reportId: string) => ({ pk: caseKey(caseId).pk, sk: `${REPORT}${reportId}` });
export const openCaseKey = ({ createdAt, caseId }: CasePlace) => ({ pk: OPEN, sk: `${createdAt}#${caseId}` });

const casePlace = z.strictObject({ createdAt: z.string(), caseId: z.string() });
export type CasePlace = z.output<typeof casePlace>;
export const CASE_CURSOR = cursorOf(casePlace);

/** Not as `keyId`, by which the table's index finds keys: a case is none. */
function itemOf({ keyId, ...made }: RiskCase) {
  return { ...made, ...(keyId !== undefined && { ofKey: keyId }) };
}

/**
 * A new case, its place among those that are open, and one below its account, by which it goes with that; the first is
 * refused where there is one already.
 */
export function caseWrites(table: string, made: RiskCase): Record<'case' | 'open' | 'place', TransactWrite> {
  const { caseId, createdAt, accountId } = made;
  return {
    case: {
      Put: {
        TableName: table,
        Item: { ...caseKey(made.caseId), ...itemOf(made) },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    open: { Put: { TableName: table, Item: { ...openCaseKey(made), ...itemOf(made) } } },
    place: { Put: { TableName: table, Item: { ...placeKey(accountId, caseId), caseId, createdAt } } },
  };
}

/** Long enough to be read on from; after that, nobody looks there. */
const LISTED_SECONDS = 24 * 3600;

/** The decision; refused where there is one already. */
export function decidedWrites(
  table: string,
  { caseId, createdAt }: RiskCase,
  { state, reason, decidedBy, decidedAt }: Required<Pick<RiskCase, 'state' | 'reason' | 'decidedBy' | 'decidedAt'>>,
): Record<'case' | 'open', TransactWrite> {
  const expires = Math.floor(Date.parse(decidedAt) / 1000) + LISTED_SECONDS;
  const update = (Key: object, set: string, values: object) => ({
    Update: {
      TableName: table,
      Key: { ...Key },
      UpdateExpression: `SET #state = :state, reason = :reason, decidedBy = :by, decidedAt = :at${set}`,
      ConditionExpression: '#state = :open',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':state': state,
        ':open': 'open',
        ':reason': reason,
        ':by': decidedBy,
        ':at': decidedAt,
        ...values,
      },
    },
  });
  return {
    case: update(caseKey(caseId), '', {}),
    open: update(openCaseKey({ createdAt, caseId }), ', expiresAt = :expires', { ':expires': expires }),
  };
}

export async function findCase(table: string, caseId: string): Promise<RiskCase | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: caseKey(caseId), ConsistentRead: true }),
  );
  return Item && caseOf(Item);
}

function caseOf({ pk: _pk, sk: _sk, expiresAt: _expiresAt, ofKey, ...found }: Record<string, unknown>): RiskCase {
  return { ...found, ...(ofKey !== undefined && { keyId: ofKey }) } as unknown as RiskCase;
}

/** Those that nobody has decided, the oldest first. */
export async function openCases(
  table: string,
  { after, limit }: { after?: CasePlace | undefined; limit: number },
): Promise<{ cases: RiskCase[]; next?: CasePlace }> {
  const { Items = [], LastEvaluatedKey } = await documents.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :open',
      FilterExpression: '#state = :state',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':open': OPEN, ':state': 'open' },
      Limit: limit,
      ...(after && { ExclusiveStartKey: openCaseKey(after) }),
    }),
  );
  if (!LastEvaluatedKey) return { cases: Items.map(caseOf) };
  const [createdAt = '', caseId = ''] = String(LastEvaluatedKey.sk).split('#');
  return { cases: Items.map(caseOf), next: { createdAt, caseId } };
}

/** A report; refused where it was prepared already. */
export function reportWrite(table: string, report: RiskReport): TransactWrite {
  return {
    Put: {
      TableName: table,
      Item: { ...reportKey(report.caseId, report.reportId), ...report },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

export async function findReport(table: string, caseId: string, reportId: string): Promise<RiskReport | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: table, Key: reportKey(caseId, reportId), ConsistentRead: true }),
  );
  return Item as RiskReport | undefined;
}

/** Where the rows of a case are, and whether one of them is a report to an authority. */
export const casePartition = (caseId: string): string => caseKey(caseId).pk;
export const isReport = (sk: string): boolean => sk.startsWith(REPORT);
