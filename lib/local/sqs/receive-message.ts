/**
 * ReceiveMessage. One transaction moves dead letters away and takes what is delivered, so no two receives get the same
 * message. A long poll looks, waits for an arrival, and looks again.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { atomically } from '../database.ts';
import { BATCH, batchEntries, eachOf, type Output, operation, QUEUE, queueArn, queueOf, type Sqs } from './call.ts';
import { chosen, md5OfAttributes } from './message-attributes.ts';
import type { Message } from './messages.ts';
import { numberOf, type Queue, redrivePolicy } from './queues.ts';
import { invalid, refusal } from './sqs-error.ts';

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

// What a consumer does to a message it holds: DeleteMessage, ChangeMessageVisibility and their batches. The handle of
// the latest receive counts, also after its visibility timeout. As in a standard queue, deleting by an older one, or
// what is gone already, succeeds and deletes nothing.

/** AWS: a message is in flight for at most 12 hours after it was received. */
const LONGEST_VISIBILITY_MS = 43_200_000;
const HANDLE = { ReceiptHandle: z.string().min(1) };
const VISIBILITY = { ...HANDLE, VisibilityTimeout: z.int().min(0).max(43_200) };
type Handle = z.output<z.ZodObject<typeof HANDLE>>;

export const RECEIVED_OPERATIONS = {
  DeleteMessage: operation({ ...QUEUE, ...HANDLE }, queueArn, (input, { state }) =>
    remove(state, queueOf(state, input), input),
  ),

  DeleteMessageBatch: operation(BATCH, { resource: queueArn, action: 'sqs:DeleteMessage' }, (input, { state }) => {
    const queue = queueOf(state, input);
    return eachOf(batchEntries(input), HANDLE, entry => remove(state, queue, entry));
  }),

  ChangeMessageVisibility: operation({ ...QUEUE, ...VISIBILITY }, queueArn, (input, { state }) =>
    change(state, queueOf(state, input), input),
  ),

  ChangeMessageVisibilityBatch: operation(
    BATCH,
    { resource: queueArn, action: 'sqs:ChangeMessageVisibility' },
    (input, { state }) => {
      const queue = queueOf(state, input);
      return eachOf(batchEntries(input), VISIBILITY, entry => change(state, queue, entry));
    },
  ),
};

function remove(state: Sqs, queue: Queue, input: Handle): Output {
  atomically(state.context.database, () => {
    const message = held(state, queue, input);
    if (message) state.messages.remove(message);
  });
  return {};
}

function change(state: Sqs, queue: Queue, input: z.output<z.ZodObject<typeof VISIBILITY>>): Output {
  const { context, messages, arrivals } = state;
  const { VisibilityTimeout: timeout } = input;
  const now = context.clock.now();
  atomically(context.database, () => {
    messages.settle(queue, now);
    const message = held(state, queue, input);
    if (!message) {
      const reason = 'Message does not exist or is not available for visibility timeout change.';
      throw invalid('ReceiptHandle', input.ReceiptHandle, reason);
    }
    if (message.ready) throw refusal('MessageNotInflight');
    const visibleAt = now + timeout * 1000;
    if (visibleAt > message.lastReceived + LONGEST_VISIBILITY_MS) {
      const reason = 'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]';
      throw invalid('VisibilityTimeout', timeout, reason);
    }
    messages.setVisibleAt(message, now, visibleAt);
  });
  // A shorter timeout moves up the moment at which a long poll has to look.
  arrivals.announce(queue.name);
  return {};
}

/** The message whose latest receive the handle names; throws ReceiptHandleIsInvalid for what is no handle. */
function held({ messages }: Sqs, queue: Queue, input: Handle): Message | undefined {
  const { id, nonce } = readReceipt(queue.name, input.ReceiptHandle);
  const message = messages.find(queue, id);
  return message?.receipt === nonce ? message : undefined;
}

// Receipt handles: they name a message and one receive of it, and say to which queue they belong. Pure.

interface Receipt {
  readonly id: string;
  /** Which receive of the message; the latest one counts. */
  readonly nonce: string;
}

function writeReceipt(queue: string, { id, nonce }: Receipt): string {
  return Buffer.from(`${id} ${nonce} ${seal(queue, id, nonce)}`).toString('base64');
}

/** Throws ReceiptHandleIsInvalid for what was never a handle of this queue. */
function readReceipt(queue: string, handle: string): Receipt {
  const [id = '', nonce = '', given] = Buffer.from(handle, 'base64').toString().split(' ');
  if (given !== seal(queue, id, nonce)) {
    throw refusal('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
  }
  return { id, nonce };
}

// Against slips, not against forgery: whoever may delete from the queue may delete anything in it.
function seal(queue: string, id: string, nonce: string): string {
  return createHash('sha256').update(`${queue} ${id} ${nonce}`).digest('base64url').slice(0, 22);
}
