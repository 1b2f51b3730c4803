/**
 * ReceiveMessage. One transaction moves dead letters away and takes what is delivered, so no two receives get the same
 * message. A long poll looks, waits for an arrival, and looks again.
 */
import { createHash } from 'node:crypto';
import { atomically } from '../database.ts';
import { type Call, type Output, optionalNumber, queueFor, textList } from './call.ts';
import { chosen, md5OfAttributes } from './message-attributes.ts';
import type { Message } from './messages.ts';
import { redrivePolicy } from './queue-attributes.ts';
import { numberOf, type Queue } from './queues.ts';
import { writeReceipt } from './receipt-handle.ts';

export async function receiveMessage(call: Call): Promise<Output> {
  const { context, arrivals, gone } = call;
  const { name } = queueFor(call, 'ReceiveMessage');
  const most = optionalNumber(call.input, 'MaxNumberOfMessages', 1, 10) ?? 1;
  const asked = optionalNumber(call.input, 'WaitTimeSeconds', 0, 20);
  const visibility = optionalNumber(call.input, 'VisibilityTimeout', 0, 43_200);
  const began = context.clock.now();
  for (;;) {
    const queue = call.queues.get(name);
    const deadline = began + (asked ?? numberOf(queue, 'ReceiveMessageWaitTimeSeconds')) * 1000;
    // Who has hung up must not take a message along.
    if (arrivals.closed || gone?.aborted) return {};
    const taken = take(call, queue, most, visibility ?? numberOf(queue, 'VisibilityTimeout'));
    if (taken.length > 0) return { Messages: taken.map(message => answered(call, message)) };
    if (context.clock.now() >= deadline) return {};
    await arrivals.wait(name, deadline);
  }
}

function take(call: Call, queue: Queue, most: number, visibilitySeconds: number): Message[] {
  const { context, messages, queues, arrivals } = call;
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

function answered(call: Call, message: Message): Output {
  const named = [...textList(call.input, 'MessageSystemAttributeNames'), ...textList(call.input, 'AttributeNames')];
  const attributes = chosen(message.attributes, textList(call.input, 'MessageAttributeNames'));
  const system: Record<string, string | undefined> = {
    ApproximateFirstReceiveTimestamp: String(message.firstReceived),
    ApproximateReceiveCount: String(message.receives),
    SenderId: message.sender,
    SentTimestamp: String(message.sent),
    MessageGroupId: message.tenant === '' ? undefined : message.tenant,
    AWSTraceHeader: message.trace,
    DeadLetterQueueSourceArn: message.deadFrom,
  };
  const shown = Object.entries(system).filter(([name, value]) => {
    return value !== undefined && (named.includes('All') || named.includes(name));
  });
  return {
    MessageId: message.id,
    ReceiptHandle: writeReceipt(message.queue, { id: message.id, nonce: message.receipt }),
    MD5OfBody: createHash('md5').update(message.body).digest('hex'),
    Body: message.body,
    Attributes: shown.length > 0 ? Object.fromEntries(shown) : undefined,
    MessageAttributes: Object.keys(attributes).length > 0 ? attributes : undefined,
    MD5OfMessageAttributes: md5OfAttributes(attributes),
  };
}
