/** StartMessageMoveTask and ListMessageMoveTasks: dead letters go back where they came from, all of them at once. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { atomically } from '../database.ts';
import { operation, type Sqs } from './call.ts';
import type { Queue } from './queues.ts';
import { invalid, refusal } from './sqs-error.ts';

const SOURCE = { SourceArn: z.string().min(1) };

export const MOVE_OPERATIONS = {
  StartMessageMoveTask: operation(
    { ...SOURCE, DestinationArn: z.string().optional(), MaxNumberOfMessagesPerSecond: z.unknown().optional() },
    ({ SourceArn }) => SourceArn,
    (input, { state, authorize }) => {
      const { context, queues, messages, arrivals } = state;
      if (input.MaxNumberOfMessagesPerSecond !== undefined) {
        throw refusal(
          'UnsupportedOperation',
          'The local SQS moves at once: it does not read MaxNumberOfMessagesPerSecond.',
        );
      }
      const source = sourceQueue(state, input);
      for (const action of ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'])
        authorize(`sqs:${action}`, source.arn);
      const { DestinationArn: destinationArn } = input;
      const now = context.clock.now();
      const handle = randomUUID();
      const reached = new Set<Queue>();
      const destinationOf = (origin: string | undefined): Queue => {
        const arn = destinationArn ?? origin ?? '';
        authorize('sqs:SendMessage', arn);
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
    },
  ),

  ListMessageMoveTasks: operation(
    { ...SOURCE, MaxResults: z.int().min(1).max(10).default(1) },
    ({ SourceArn }) => SourceArn,
    (input, { state }) => {
      const source = sourceQueue(state, input);
      const rows = state.context.database
        .prepare('SELECT * FROM sqs_move_tasks WHERE source = ? ORDER BY started DESC, rowid DESC LIMIT ?')
        .all(source.arn, input.MaxResults);
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
    },
  ),
};

/** The dead-letter queue that the call names; throws ResourceNotFoundException, and InvalidParameterValue for another queue. */
function sourceQueue({ queues }: Sqs, { SourceArn: arn }: { SourceArn: string }): Queue {
  const queue = queues.withArn(arn);
  if (!queue)
    throw refusal(
      'ResourceNotFoundException',
      "The resource that you specified for the SourceArn parameter doesn't exist.",
    );
  if (queues.deadLetterSources(queue).length === 0) {
    throw refusal('InvalidParameterValueException', 'Source queue must be configured as a Dead Letter Queue.');
  }
  return queue;
}
