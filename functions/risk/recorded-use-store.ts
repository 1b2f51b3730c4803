/** The recorded calls of an account, page by page, in the order of time: what changed nothing and what was refused stand apart. */
import { paginateQuery } from '@aws-sdk/lib-dynamodb';
import { type AuditEvent, callsPartition, eventOf } from '../audit/event.ts';
import { documents } from '../data/table.ts';
import { momentDigits } from '../runtime/ids.ts';

/** From `from` to before `to`, epoch ms. */
export async function* recordedEvents(
  table: string,
  accountId: string,
  span: { readonly from: number; readonly to: number },
): AsyncGenerator<AuditEvent> {
  const [changes, calls] = [events(table, accountId, span), events(table, callsPartition(accountId), span)];
  let [change, call] = await Promise.all([changes.next(), calls.next()]);
  while (!change.done || !call.done) {
    // An id begins with its moment.
    if (call.done || (!change.done && change.value.eventId < call.value.eventId)) {
      if (!change.done) yield change.value;
      change = await changes.next();
    } else {
      yield call.value;
      call = await calls.next();
    }
  }
}

async function* events(
  table: string,
  pk: string,
  { from, to }: { readonly from: number; readonly to: number },
): AsyncGenerator<AuditEvent, undefined> {
  const query = {
    TableName: table,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: {
      ':pk': pk,
      ':first': `EVENT#evt_${momentDigits(from)}`,
      ':last': `EVENT#evt_${momentDigits(to)}`,
    },
  };
  for await (const { Items = [] } of paginateQuery({ client: documents }, query)) yield* Items.map(eventOf);
  return undefined;
}
