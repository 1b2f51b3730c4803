/**
 * ReceiveMessage. One transaction moves dead letters away and takes what is delivered, so no two receives get the same
 * message. A long poll looks, waits for an arrival, and looks again.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { atomically } from '../database.ts';
import { type Output, operation, QUEUE, queueArn, type Sqs } from './call.ts';
import { chosen, md5OfAttributes } from './message-attributes.ts';
import type { Message } from './messages.ts';
import { redrivePolicy } from './queue-attributes.ts';
import { numberOf, type Queue } from './queues.ts';
import { writeReceipt } from './receipt-handle.ts';

const names = z.array(z.string()).default([]);
const RECEIVE = {
  ...QUEUE,
  MaxNumberOfMessages: z.int().min(1).max(10).default(1),
  WaitTimeSeconds: z.int().min(0).max(20).optional(),
  VisibilityTimeout: z.int().min(0).max(43_200).optional(),
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
};
type ReceiveInput = z.output<z.ZodObject<typeof RECEIVE>>;

export const RECEIVE_OPERATIONS = {
  ReceiveMessage: operation(RECEIVE, queueArn, async (input, { state, request: { closed } }) => {
    const { context, arrivals, queues } = state;
    const name = queues.nameIn(input.QueueUrl);
    const began = context.clock.now();
    for (;;) {
      const queue = queues.get(name);
      const waitSeconds = input.WaitTimeSeconds ?? numberOf(queue, 'ReceiveMessageWaitTimeSeconds');
      const deadline = began + waitSeconds * 1000;
      // Who has hung up must not take a message along.
      if (arrivals.closed || closed?.aborted) return {};
      const visibility = input.VisibilityTimeout ?? numberOf(queue, 'VisibilityTimeout');
      const taken = take(state, queue, input.MaxNumberOfMessages, visibility);
      if (taken.length > 0) return { Messages: taken.map(message => shown(input, message)) };
      if (context.clock.now() >= deadline) return {};
      await arrivals.wait(name, deadline);
    }
  }),
};

function take(state: Sqs, queue: Queue, most: number, visibilitySeconds: number): Message[] {
  const { context, messages, queues, arrivals } = state;
  const now = context.clock.now();
  const redrive = redrivePolicy(queue.attributes);
  const dead = redrive && queues.withArn(redrive.deadLetterTargetArn);
  const isDead = (message: Message) => dead !== undefined && message.receives >= (redrive?.maxReceiveCount ?? 0);
  let moved = false;
  const taken = atomically(context.database, () => {
    messages.settle(queue, now);
    for (;;) {
      const next = messages.next(queue, most);
      const over = next.filter(isDead);
      if (over.length === 0) return next.map(message => messages.take(message, now, now + visibilitySeconds * 1000));
      moved = true;
      for (const message of over) if (dead) messages.move(message, dead, now, queue.arn);
    }
  });
  if (moved && dead) arrivals.announce(dead.name);
  return taken;
}

function shown(input: ReceiveInput, message: Message): Output {
  const named = [...input.MessageSystemAttributeNames, ...input.AttributeNames];
  const attributes = chosen(message.attributes, input.MessageAttributeNames);
  const system: Record<string, string | undefined> = {
    ApproximateFirstReceiveTimestamp: String(message.firstReceived),
    ApproximateReceiveCount: String(message.receives),
    SenderId: message.sender,
    SentTimestamp: String(message.sent),
    MessageGroupId: message.tenant === '' ? undefined : message.tenant,
    AWSTraceHeader: message.trace,
    DeadLetterQueueSourceArn: message.deadFrom,
  };
  const given = Object.entries(system).filter(([name, value]) => {
    return value !== undefined && (named.includes('All') || named.includes(name));
  });
  return {
    MessageId: message.id,
    ReceiptHandle: writeReceipt(message.queue, { id: message.id, nonce: message.receipt }),
    MD5OfBody: createHash('md5').update(message.body).digest('hex'),
    Body: message.body,
    Attributes: given.length > 0 ? Object.fromEntries(given) : undefined,
    MessageAttributes: Object.keys(attributes).length > 0 ? attributes : undefined,
    MD5OfMessageAttributes: md5OfAttributes(attributes),
  };
}
