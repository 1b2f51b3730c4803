/** SendMessage and SendMessageBatch. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { atomically } from '../database.ts';
import { readInput } from '../protocols/operation.ts';
import {
  BATCH,
  batchEntries,
  eachOf,
  invalidInput,
  type Output,
  operation,
  QUEUE,
  queueArn,
  queueOf,
  type Sqs,
} from './call.ts';
import { checkMessageAttributes, type MessageAttributes, md5OfAttributes, sizeOf } from './message-attributes.ts';
import type { NewMessage } from './messages.ts';
import { numberOf, type Queue } from './queues.ts';
import { refusal } from './sqs-error.ts';

/** AWS: a message, and a batch of them, has at most 1 MiB. */
const LARGEST_BATCH_BYTES = 1_048_576;
// What XML 1.0 has no place for; `u` makes a lone surrogate match as such.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
const UNSENDABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ud800-\udfff]/u;

interface Outgoing extends NewMessage {
  readonly delaySeconds: number;
}

const attributes = z.record(
  z.string(),
  z.strictObject({
    DataType: z.string().default(''),
    StringValue: z.string().optional(),
    BinaryValue: z.string().optional(),
  }),
);
const MESSAGE = {
  MessageBody: z.string().min(1),
  MessageAttributes: attributes.default({}),
  MessageSystemAttributes: attributes.default({}),
  DelaySeconds: z.int().min(0).max(900).optional(),
  MessageGroupId: z.string().optional(),
  MessageDeduplicationId: z.string().optional(),
};
type MessageInput = z.output<z.ZodObject<typeof MESSAGE>>;

export const SEND_OPERATIONS = {
  SendMessage: operation({ ...QUEUE, ...MESSAGE }, queueArn, (input, { state, request }) => {
    const queue = queueOf(state, input);
    return send(state, queue, readMessage(input, queue, request.principal ?? ''));
  }),

  SendMessageBatch: operation(BATCH, { resource: queueArn, action: 'sqs:SendMessage' }, (input, { state, request }) => {
    const queue = queueOf(state, input);
    const entries = batchEntries(input);
    const size = entries.reduce((sum, { MessageBody, MessageAttributes }) => {
      const ofAttributes = sizeOf((MessageAttributes ?? {}) as MessageAttributes);
      return sum + Buffer.byteLength(String(MessageBody ?? '')) + ofAttributes;
    }, 0);
    if (size > LARGEST_BATCH_BYTES) {
      throw refusal(
        'BatchRequestTooLong',
        `Batch requests cannot be longer than ${LARGEST_BATCH_BYTES} bytes. You have sent ${size} bytes.`,
      );
    }
    return eachOf(entries, MESSAGE, entry => send(state, queue, readMessage(entry, queue, request.principal ?? '')));
  }),
};

/** A message that another service sends on a role's behalf. */
export function sendFor(
  state: Sqs,
  queue: Queue,
  { body, groupId, sender }: { body: string; groupId: string | undefined; sender: string },
): { messageId: string } {
  const given = { MessageBody: body, MessageGroupId: groupId };
  const input = readInput(z.strictObject(MESSAGE), given, 'SendMessage', invalidInput);
  return { messageId: String(send(state, queue, readMessage(input, queue, sender)).MessageId) };
}

/** Stores the message and wakes who waits for it; answers what SendMessage does. */
function send({ context, messages, arrivals }: Sqs, queue: Queue, message: Outgoing): Output {
  const now = context.clock.now();
  const id = atomically(context.database, () => messages.add(queue, message, now, now + message.delaySeconds * 1000));
  arrivals.announce(queue.name);
  const { body, attributes, trace } = message;
  return {
    MessageId: id,
    MD5OfMessageBody: createHash('md5').update(body).digest('hex'),
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    MD5OfMessageSystemAttributes:
      trace === undefined ? undefined : md5OfAttributes({ AWSTraceHeader: { DataType: 'String', StringValue: trace } }),
  };
}

/** The message of a request or a batch entry; throws as SQS does for one that it does not take. */
function readMessage(input: MessageInput, queue: Queue, sender: string): Outgoing {
  const { MessageBody: body, MessageAttributes: attributes, MessageSystemAttributes: system } = input;
  if (UNSENDABLE.test(body)) throw refusal('InvalidMessageContents');
  checkMessageAttributes(attributes);
  const largest = numberOf(queue, 'MaximumMessageSize');
  if (Buffer.byteLength(body) + sizeOf(attributes) > largest) {
    throw refusal(
      'InvalidParameterValueException',
      `One or more parameters are invalid. Reason: Message must be shorter than ${largest} bytes.`,
    );
  }
  if (input.MessageDeduplicationId !== undefined) {
    throw refusal(
      'InvalidParameterValueException',
      'The request include parameter that is not valid for this queue type: MessageDeduplicationId',
    );
  }
  const { MessageGroupId: tenant } = input;
  if (tenant !== undefined && !/^[!-~]{1,128}$/.test(tenant)) {
    throw refusal(
      'InvalidParameterValueException',
      `Value ${tenant} for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
  }
  const unknown = Object.keys(system).find(name => name !== 'AWSTraceHeader');
  if (unknown)
    throw refusal('InvalidParameterValueException', `Message system attribute name '${unknown}' is invalid.`);
  return {
    body,
    attributes,
    trace: system.AWSTraceHeader?.StringValue,
    tenant: tenant ?? '',
    sender,
    delaySeconds: input.DelaySeconds ?? numberOf(queue, 'DelaySeconds'),
  };
}
