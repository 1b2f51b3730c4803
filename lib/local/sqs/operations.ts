/** The operations of SQS that are here, and the input members that each reads; any other is refused by name. */
import type { Call, Handler, Output } from './call.ts';
import { listMessageMoveTasks, startMessageMoveTask } from './move-tasks.ts';
import * as queues from './queue-operations.ts';
import { receiveMessage } from './receive-message.ts';
import * as received from './received-message.ts';
import { sendMessage, sendMessageBatch } from './send-message.ts';
import { refusal } from './sqs-error.ts';

interface Operation {
  readonly handle: Handler;
  readonly reads: readonly string[];
}

const SENT = [
  'MessageBody',
  'MessageAttributes',
  'MessageSystemAttributes',
  'DelaySeconds',
  'MessageGroupId',
  'MessageDeduplicationId',
];
const NAMES = ['AttributeNames', 'MessageSystemAttributeNames', 'MessageAttributeNames'];

const OPERATIONS: Readonly<Record<string, Operation>> = {
  ChangeMessageVisibility: {
    handle: received.changeMessageVisibility,
    reads: ['QueueUrl', 'ReceiptHandle', 'VisibilityTimeout'],
  },
  ChangeMessageVisibilityBatch: { handle: received.changeMessageVisibilityBatch, reads: ['QueueUrl', 'Entries'] },
  DeleteMessage: { handle: received.deleteMessage, reads: ['QueueUrl', 'ReceiptHandle'] },
  DeleteMessageBatch: { handle: received.deleteMessageBatch, reads: ['QueueUrl', 'Entries'] },
  GetQueueAttributes: { handle: queues.getQueueAttributes, reads: ['QueueUrl', 'AttributeNames'] },
  GetQueueUrl: { handle: queues.getQueueUrl, reads: ['QueueName', 'QueueOwnerAWSAccountId'] },
  ListDeadLetterSourceQueues: {
    handle: queues.listDeadLetterSourceQueues,
    reads: ['QueueUrl', 'MaxResults', 'NextToken'],
  },
  ListMessageMoveTasks: { handle: listMessageMoveTasks, reads: ['SourceArn', 'MaxResults'] },
  ListQueues: { handle: queues.listQueues, reads: ['QueueNamePrefix', 'MaxResults', 'NextToken'] },
  ListQueueTags: { handle: queues.listQueueTags, reads: ['QueueUrl'] },
  PurgeQueue: { handle: queues.purgeQueue, reads: ['QueueUrl'] },
  ReceiveMessage: {
    handle: receiveMessage,
    reads: ['QueueUrl', 'MaxNumberOfMessages', 'WaitTimeSeconds', 'VisibilityTimeout', ...NAMES],
  },
  SendMessage: { handle: sendMessage, reads: ['QueueUrl', ...SENT] },
  SendMessageBatch: { handle: sendMessageBatch, reads: ['QueueUrl', 'Entries'] },
  SetQueueAttributes: { handle: queues.setQueueAttributes, reads: ['QueueUrl', 'Attributes'] },
  StartMessageMoveTask: {
    handle: startMessageMoveTask,
    reads: ['SourceArn', 'DestinationArn', 'MaxNumberOfMessagesPerSecond'],
  },
  TagQueue: { handle: queues.tagQueue, reads: ['QueueUrl', 'Tags'] },
  UntagQueue: { handle: queues.untagQueue, reads: ['QueueUrl', 'TagKeys'] },
};

/** Does the operation called `name`; throws UnsupportedOperation for one, or a parameter, that is not here. */
export async function operate(name: string, call: Call): Promise<Output> {
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (!operation) throw refusal('UnsupportedOperation', `The local SQS does not have the operation ${name}.`);
  const unread = Object.keys(call.input).find(member => !operation.reads.includes(member));
  if (unread) throw refusal('UnsupportedOperation', `The local SQS does not read ${unread} of ${name}.`);
  return operation.handle(call);
}
