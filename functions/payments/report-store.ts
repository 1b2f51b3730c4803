/**
 * Stores what a reported fact changes, in one transaction: the purchase as it was decided on, its ledger entries, what
 * the account may spend, the trace, and what a person has to look at.
 */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { findAccount } from '../accounts/accounts-store.ts';
import { auditWrite } from '../audit/audit-store.ts';
import { type AuditAction, auditEvent } from '../audit/event.ts';
import { balanceWrite } from '../credits/balance-store.ts';
import { availableBy, type Entry } from '../credits/ledger.ts';
import { entryWrite } from '../credits/ledger-store.ts';
import { documents, type TransactWrite } from '../data/table.ts';
import type { Random } from '../runtime/ids.ts';
import { concernWrite, putConcern } from './concerns-store.ts';
import { decide, type Fact, type Purchase, purchaseKey, shortfallsOf, subjectOf } from './purchase.ts';
import { findPurchase } from './purchases-store.ts';

export interface ReportTables {
  readonly core: string;
  readonly ledger: string;
  readonly audit: string;
}

/** A fact, of which purchase, and the provider's event that said it. */
export interface Report {
  readonly accountId: string;
  readonly purchaseId: string;
  readonly fact: Fact;
  readonly eventId: string;
  /** When the event was made, ISO 8601. */
  readonly eventAt: string;
}

interface Tools {
  readonly now: number;
  readonly random: Random;
  readonly pause: (ms: number) => Promise<void>;
}

/** Other transactions of the account, such as its submissions, may be in the way for a moment. */
const RETRIES = 8;

export async function applyReport(
  tables: ReportTables,
  report: Report,
  tools: Tools,
): Promise<'changed' | 'nothing' | 'refused'> {
  const { accountId, purchaseId, fact, eventId, eventAt } = report;
  const about = { subject: subjectOf(fact, eventId), at: eventAt, accountId, purchaseId };
  for (let tries = 1; ; tries++) {
    const [purchase, account] = await Promise.all([
      findPurchase(tables.core, accountId, purchaseId),
      findAccount(tables.core, accountId),
    ]);
    if (!purchase || !account) {
      const why = `there is no purchase ${purchaseId} of the account ${accountId}; nothing was credited`;
      await putConcern(tables.core, { ...about, concern: 'unknown_purchase', why });
      return 'refused';
    }
    const decision = decide(purchase, account.available, fact, new Date(tools.now).toISOString());
    if (decision.kind === 'nothing') return 'nothing';
    if (decision.kind === 'refused') {
      await putConcern(tables.core, { ...about, concern: decision.concern, why: decision.why });
      return 'refused';
    }
    const writes = writesOf(tables, purchase, decision, account.available, { ...tools, eventAt });
    try {
      await documents.send(new TransactWriteCommand({ TransactItems: writes }));
      return 'changed';
    } catch (error) {
      if (!(error instanceof TransactionCanceledException) || tries > RETRIES) throw error;
      await tools.pause(2 ** tries * 5);
    }
  }
}

function writesOf(
  tables: ReportTables,
  before: Purchase,
  { purchase, entries }: { purchase: Purchase; entries: readonly Entry[] },
  available: number,
  { now, random, eventAt }: Tools & { readonly eventAt: string },
): TransactWrite[] {
  const { accountId, purchaseId } = purchase;
  const shortfalls = shortfallsOf(before, purchase);
  return [
    {
      Put: {
        TableName: tables.core,
        Item: { ...purchaseKey(accountId, purchaseId), ...purchase },
        ConditionExpression: 'revision = :revision',
        ExpressionAttributeValues: { ':revision': before.revision },
      },
    },
    ...entries.map(entry => entryWrite(tables.ledger, accountId, entry, now)),
    // A shortfall was reckoned with what could be spent then: with more, more is taken.
    ...(entries.length > 0
      ? [balanceWrite(tables.core, accountId, entries, shortfalls.length > 0 ? available : undefined)]
      : []),
    ...entries.map(entry => auditWrite(tables.audit, traceOf(accountId, purchaseId, entry, { now, random }))),
    ...shortfalls.map(([refundId, shortfall]) =>
      concernWrite(tables.core, {
        ...{ concern: 'refund_shortfall', subject: refundId, at: eventAt, accountId, purchaseId },
        why: `${shortfall} credits of the refund ${refundId} were spent already and could not be taken back`,
      }),
    ),
  ];
}

function traceOf(accountId: string, purchaseId: string, entry: Entry, tools: { now: number; random: Random }) {
  const action: AuditAction = entry.kind === 'purchase' ? 'credits.purchased' : 'credits.refunded';
  const detail = {
    entry: entry.id,
    credits: availableBy(entry),
    ...(entry.money && { amount: entry.money.amount, currency: entry.money.currency }),
  };
  return auditEvent({ kind: 'platform', id: 'stripe' }, { accountId, action, subject: purchaseId, detail }, tools);
}
