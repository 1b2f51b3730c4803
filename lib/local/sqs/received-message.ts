/**
 * What a consumer does to a message it holds: DeleteMessage, ChangeMessageVisibility and their batches. The handle of
 * the latest receive counts, also after its visibility timeout. As in a standard queue, deleting by an older one, or
 * what is gone already, succeeds and deletes nothing.
 */
import { atomically } from '../database.ts';
import { batchEntries, eachOf } from './batches.ts';
import { type Call, type Output, optionalNumber, queueFor, requiredText } from './call.ts';
import type { Message } from './messages.ts';
import type { Queue } from './queues.ts';
import { readReceipt } from './receipt-handle.ts';
import { invalid, refusal } from './sqs-error.ts';

/** AWS: a message is in flight for at most 12 hours after it was received. */
const LONGEST_VISIBILITY_MS = 43_200_000;

export function deleteMessage(call: Call): Output {
  return remove(call, queueFor(call, 'DeleteMessage'), call.input);
}

export function deleteMessageBatch(call: Call): Output {
  const queue = queueFor(call, 'DeleteMessage');
  return eachOf(batchEntries(call.input), entry => remove(call, queue, entry));
}

export function changeMessageVisibility(call: Call): Output {
  return change(call, queueFor(call, 'ChangeMessageVisibility'), call.input);
}

export function changeMessageVisibilityBatch(call: Call): Output {
  const queue = queueFor(call, 'ChangeMessageVisibility');
  return eachOf(batchEntries(call.input), entry => change(call, queue, entry));
}

function remove(call: Call, queue: Queue, input: Call['input']): Output {
  atomically(call.context.database, () => {
    const message = held(call, queue, input);
    if (message) call.messages.remove(message);
  });
  return {};
}

function change(call: Call, queue: Queue, input: Call['input']): Output {
  const { context, messages, arrivals } = call;
  const timeout = optionalNumber(input, 'VisibilityTimeout', 0, 43_200);
  if (timeout === undefined) {
    throw refusal('MissingRequiredParameterException', 'The request must contain the parameter VisibilityTimeout.');
  }
  const now = context.clock.now();
  atomically(context.database, () => {
    messages.settle(queue, now);
    const message = held(call, queue, input);
    if (!message) {
      const reason = 'Message does not exist or is not available for visibility timeout change.';
      throw invalid('ReceiptHandle', requiredText(input, 'ReceiptHandle'), reason);
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
function held(call: Call, queue: Queue, input: Call['input']): Message | undefined {
  const { id, nonce } = readReceipt(queue.name, requiredText(input, 'ReceiptHandle'));
  const message = call.messages.find(queue, id);
  return message?.receipt === nonce ? message : undefined;
}
