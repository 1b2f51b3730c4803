/** StartMessageMoveTask and ListMessageMoveTasks: dead letters go back where they came from, all of them at once. */
import { randomUUID } from 'node:crypto';
import { atomically } from '../database.ts';
import { type Call, type Output, optionalNumber, optionalText, requiredText } from './call.ts';
import type { Queue } from './queues.ts';
import { invalid, refusal } from './sqs-error.ts';

export function startMessageMoveTask(call: Call): Output {
  const { context, queues, messages, arrivals } = call;
  if (call.input.MaxNumberOfMessagesPerSecond !== undefined) {
    throw refusal(
      'UnsupportedOperation',
      'The local SQS moves at once: it does not read MaxNumberOfMessagesPerSecond.',
    );
  }
  const source = sourceQueue(call, 'StartMessageMoveTask');
  for (const action of ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'])
    call.authorize(`sqs:${action}`, source.arn);
  const destinationArn = optionalText(call.input, 'DestinationArn');
  const now = context.clock.now();
  const handle = randomUUID();
  const reached = new Set<Queue>();
  const destinationOf = (origin: string | undefined): Queue => {
    const arn = destinationArn ?? origin ?? '';
    call.authorize('sqs:SendMessage', arn);
    const queue = queues.withArn(arn);
    if (!queue) throw refusal('ResourceNotFoundException', `The destination queue ${arn} does not exist.`);
    return queue;
  };
  if (destinationArn !== undefined) destinationOf(undefined);
  atomically(context.database, () => {
    messages.settle(source, now);
    let moved = 0;
    for (let [message] = messages.next(source, 1); message; [message] = messages.next(source, 1)) {
      const destination = destinationOf(message.deadFrom);
      if (destination.name === source.name)
        throw invalid('DestinationArn', destination.arn, 'Source and destination are one.');
      messages.move(message, destination, now, undefined);
      reached.add(destination);
      moved++;
    }
    context.database
      .prepare('INSERT INTO sqs_move_tasks VALUES (?, ?, ?, ?, ?)')
      .run(handle, source.arn, destinationArn ?? null, now, moved);
  });
  for (const { name } of reached) arrivals.announce(name);
  return { TaskHandle: Buffer.from(handle).toString('base64') };
}

export function listMessageMoveTasks(call: Call): Output {
  const source = sourceQueue(call, 'ListMessageMoveTasks');
  const most = optionalNumber(call.input, 'MaxResults', 1, 10) ?? 1;
  const rows = call.context.database
    .prepare('SELECT * FROM sqs_move_tasks WHERE source = ? ORDER BY started DESC, rowid DESC LIMIT ?')
    .all(source.arn, most);
  return {
    Results: rows.map(row => ({
      Status: 'COMPLETED',
      SourceArn: source.arn,
      DestinationArn: row.destination ?? undefined,
      ApproximateNumberOfMessagesMoved: row.moved,
      ApproximateNumberOfMessagesToMove: row.moved,
      StartedTimestamp: row.started,
    })),
  };
}

/** The dead-letter queue that the call names; throws ResourceNotFoundException, and InvalidParameterValue for another queue. */
function sourceQueue(call: Call, action: string): Queue {
  const arn = requiredText(call.input, 'SourceArn');
  call.authorize(`sqs:${action}`, arn);
  const queue = call.queues.withArn(arn);
  if (!queue)
    throw refusal(
      'ResourceNotFoundException',
      "The resource that you specified for the SourceArn parameter doesn't exist.",
    );
  if (call.queues.deadLetterSources(queue).length === 0) {
    throw refusal('InvalidParameterValueException', 'Source queue must be configured as a Dead Letter Queue.');
  }
  return queue;
}
