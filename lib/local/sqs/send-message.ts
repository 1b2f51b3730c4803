/** SendMessage and SendMessageBatch. */
import { createHash } from 'node:crypto';
import { atomically } from '../database.ts';
import { batchEntries, eachOf } from './batches.ts';
import { type Call, type Output, optionalNumber, optionalText, queueFor, requiredText, type Sqs } from './call.ts';
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

export function sendMessage(call: Call): Output {
  const queue = queueFor(call, 'SendMessage');
  return send(call, queue, [readMessage(call.input, queue, call.principal)])[0] as Output;
}

export function sendMessageBatch(call: Call): Output {
  const queue = queueFor(call, 'SendMessage');
  const entries = batchEntries(call.input);
  const size = entries.reduce((sum, { MessageBody, MessageAttributes }) => {
    return sum + Buffer.byteLength(String(MessageBody ?? '')) + sizeOf((MessageAttributes ?? {}) as MessageAttributes);
  }, 0);
  if (size > LARGEST_BATCH_BYTES) {
    throw refusal(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${LARGEST_BATCH_BYTES} bytes. You have sent ${size} bytes.`,
    );
  }
  return eachOf(entries, entry => send(call, queue, [readMessage(entry, queue, call.principal)])[0] as Output);
}

/** Stores messages and wakes who waits for them; answers what SendMessage does for each. */
export function send({ context, messages, arrivals }: Sqs, queue: Queue, outgoing: readonly Outgoing[]): Output[] {
  const now = context.clock.now();
  const ids = atomically(context.database, () =>
    outgoing.map(message => messages.add(queue, message, now, now + message.delaySeconds * 1000)),
  );
  arrivals.announce(queue.name);
  return outgoing.map(({ body, attributes, trace }, index) => ({
    MessageId: ids[index],
    MD5OfMessageBody: createHash('md5').update(body).digest('hex'),
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    MD5OfMessageSystemAttributes:
      trace === undefined ? undefined : md5OfAttributes({ AWSTraceHeader: { DataType: 'String', StringValue: trace } }),
  }));
}

/** The message of a request or a batch entry; throws as SQS does for one that it does not take. */
export function readMessage(input: Call['input'], queue: Queue, sender: string): Outgoing {
  const body = requiredText(input, 'MessageBody');
  if (UNSENDABLE.test(body)) throw refusal('InvalidMessageContents');
  const attributes = (input.MessageAttributes ?? {}) as MessageAttributes;
  checkMessageAttributes(attributes);
  const largest = numberOf(queue, 'MaximumMessageSize');
  if (Buffer.byteLength(body) + sizeOf(attributes) > largest) {
    throw refusal(
      'InvalidParameterValueException',
      `One or more parameters are invalid. Reason: Message must be shorter than ${largest} bytes.`,
    );
  }
  if (optionalText(input, 'MessageDeduplicationId') !== undefined) {
    throw refusal(
      'InvalidParameterValueException',
      'The request include parameter that is not valid for this queue type: MessageDeduplicationId',
    );
  }
  const tenant = optionalText(input, 'MessageGroupId');
  if (tenant !== undefined && !/^[!-~]{1,128}$/.test(tenant)) {
    throw refusal(
      'InvalidParameterValueException',
      `Value ${tenant} for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
  }
  const system = (input.MessageSystemAttributes ?? {}) as MessageAttributes;
  const unknown = Object.keys(system).find(name => name !== 'AWSTraceHeader');
  if (unknown)
    throw refusal('InvalidParameterValueException', `Message system attribute name '${unknown}' is invalid.`);
  return {
    body,
    attributes,
    trace: system.AWSTraceHeader?.StringValue,
    tenant: tenant ?? '',
    sender,
    delaySeconds: optionalNumber(input, 'DelaySeconds', 0, 900) ?? numberOf(queue, 'DelaySeconds'),
  };
}
