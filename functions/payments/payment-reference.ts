/** The reference of a payment that came outside of Checkout: it is entered once, for one account. Pure. */
import type { TransactWrite } from '../data/table.ts';

export interface RecordedPayment {
  readonly accountId: string;
  readonly credits: number;
  readonly amount: number;
  readonly currency: string;
  readonly reference: string;
}

export function referenceWrite(table: string, payment: RecordedPayment): TransactWrite {
  return {
    Put: {
      TableName: table,
      Item: { pk: `PAYMENT#${payment.reference}`, sk: 'PAYMENT', ...payment },
      ConditionExpression: 'attribute_not_exists(pk)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

/** Whether what stands under the reference is this same payment. */
export function isSamePayment(payment: RecordedPayment, stands: Readonly<Record<string, unknown>>): boolean {
  return (['accountId', 'credits', 'amount', 'currency'] as const).every(name => stands[name] === payment[name]);
}
