/** The operations on queues themselves. Queues are made by the template alone. */
import { atomically } from '../database.ts';
import {
  type Call,
  type Output,
  optionalNumber,
  optionalText,
  queueFor,
  requiredText,
  textList,
  textMap,
} from './call.ts';
import { checkAttributes, redrivePolicy, SETTABLE, takesDeadLettersOf } from './queue-attributes.ts';
import type { Queue } from './queues.ts';
import { invalid, refusal } from './sqs-error.ts';

const COUNTED = {
  ApproximateNumberOfMessages: 'visible',
  ApproximateNumberOfMessagesNotVisible: 'inFlight',
  ApproximateNumberOfMessagesDelayed: 'delayed',
} as const;
const KNOWN = new Set([
  'All',
  'Policy',
  'QueueArn',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  ...Object.keys(COUNTED),
  ...SETTABLE,
]);

export function getQueueAttributes(call: Call): Output {
  const queue = queueFor(call, 'GetQueueAttributes');
  const wanted = textList(call.input, 'AttributeNames');
  const unknown = wanted.find(name => !KNOWN.has(name));
  if (unknown) throw refusal('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  const counts = atomically(call.context.database, () => {
    call.messages.settle(queue, call.context.clock.now());
    return call.messages.count(queue);
  });
  const all: Record<string, string> = {
    ...queue.attributes,
    QueueArn: queue.arn,
    CreatedTimestamp: String(Math.floor(queue.created / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modified / 1000)),
    ...Object.fromEntries(Object.entries(COUNTED).map(([name, count]) => [name, String(counts[count])])),
  };
  const shown = Object.entries(all).filter(([name]) => wanted.includes('All') || wanted.includes(name));
  return { Attributes: shown.length > 0 ? Object.fromEntries(shown) : undefined };
}

export function setQueueAttributes(call: Call): Output {
  const queue = queueFor(call, 'SetQueueAttributes');
  const changes = textMap(call.input, 'Attributes');
  checkAttributes(changes);
  const attributes = Object.fromEntries(
    // An empty text takes an attribute away.
    Object.entries({ ...queue.attributes, ...changes }).filter(([, value]) => value !== ''),
  );
  const target = redrivePolicy(attributes)?.deadLetterTargetArn;
  const dead = target === undefined ? undefined : call.queues.withArn(target);
  if (target !== undefined && !dead) {
    throw invalid('RedrivePolicy', attributes.RedrivePolicy, 'Dead letter target does not exist.');
  }
  if (dead && !takesDeadLettersOf(dead.attributes, queue.arn)) {
    throw invalid('RedrivePolicy', attributes.RedrivePolicy, 'The dead letter target does not allow this queue.');
  }
  call.queues.configure(queue.name, attributes, queue.tags, call.context.clock.now());
  call.arrivals.announce(queue.name);
  return {};
}

export function getQueueUrl(call: Call): Output {
  const name = requiredText(call.input, 'QueueName');
  const owner = optionalText(call.input, 'QueueOwnerAWSAccountId');
  if (owner !== undefined && owner !== call.context.accountId) throw refusal('QueueDoesNotExist');
  call.authorize('sqs:GetQueueUrl', call.queues.arnOf(name));
  return { QueueUrl: call.queues.get(name).url };
}

export function listQueues(call: Call): Output {
  call.authorize('sqs:ListQueues', call.queues.arnOf('*'));
  const prefix = optionalText(call.input, 'QueueNamePrefix') ?? '';
  return page(
    call,
    call.queues.all().filter(({ name }) => name.startsWith(prefix)),
    'QueueUrls',
  );
}

export function listDeadLetterSourceQueues(call: Call): Output {
  const queue = queueFor(call, 'ListDeadLetterSourceQueues');
  return page(call, call.queues.deadLetterSources(queue), 'queueUrls');
}

export function purgeQueue(call: Call): Output {
  const queue = queueFor(call, 'PurgeQueue');
  const now = call.context.clock.now();
  if (queue.purged !== undefined && now < queue.purged + 60_000) {
    throw refusal(
      'PurgeQueueInProgress',
      `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
    );
  }
  atomically(call.context.database, () => {
    call.messages.clear(queue);
    call.queues.setPurged(queue.name, now);
  });
  return {};
}

export function listQueueTags(call: Call): Output {
  return { Tags: queueFor(call, 'ListQueueTags').tags };
}

export function tagQueue(call: Call): Output {
  const queue = queueFor(call, 'TagQueue');
  retag(call, queue, { ...queue.tags, ...textMap(call.input, 'Tags') });
  return {};
}

export function untagQueue(call: Call): Output {
  const queue = queueFor(call, 'UntagQueue');
  const gone = textList(call.input, 'TagKeys');
  retag(call, queue, Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !gone.includes(key))));
  return {};
}

function retag(call: Call, queue: Queue, tags: Readonly<Record<string, string>>): void {
  call.queues.configure(queue.name, queue.attributes, tags, call.context.clock.now());
}

/** One page of queue URLs; the token is the name after which the next page begins. */
function page(call: Call, queues: readonly Queue[], member: string): Output {
  const most = optionalNumber(call.input, 'MaxResults', 1, 1000);
  const token = optionalText(call.input, 'NextToken');
  const after = token === undefined ? '' : Buffer.from(token, 'base64url').toString();
  const rest = queues.filter(({ name }) => name > after);
  const shown = rest.slice(0, most ?? 1000);
  const last = shown.at(-1)?.name ?? '';
  return {
    [member]: shown.map(({ url }) => url),
    NextToken: shown.length < rest.length ? Buffer.from(last).toString('base64url') : undefined,
  };
}
