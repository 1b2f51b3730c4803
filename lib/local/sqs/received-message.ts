/**
 * What a consumer does to a message it holds: DeleteMessage, ChangeMessageVisibility and their batches. The handle of
 * the latest receive counts, also after its visibility timeout. As in a standard queue, deleting by an older one, or
 * what is gone already, succeeds and deletes nothing.
 */
import { z } from 'zod';
import { atomically } from '../database.ts';
import { BATCH, batchEntries, eachOf, type Output, operation, QUEUE, queueArn, queueOf, type Sqs } from './call.ts';
import type { Message } from './messages.ts';
import type { Queue } from './queues.ts';
import { readReceipt } from './receipt-handle.ts';
import { invalid, refusal } from './sqs-error.ts';

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
