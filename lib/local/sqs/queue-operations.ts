/** The operations on queues themselves. Queues are made by the template alone. */
import { z } from 'zod';
import { atomically } from '../database.ts';
import { type Output, operation, QUEUE, queueArn, queueOf, type Sqs } from './call.ts';
import { checkAttributes, type Queue, redrivePolicy, SETTABLE, takesDeadLettersOf } from './queues.ts';
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

const PAGE = { MaxResults: z.int().min(1).max(1000).default(1000), NextToken: z.string().optional() };
const texts = z.record(z.string(), z.string());

export const QUEUE_OPERATIONS = {
  GetQueueAttributes: operation(
    { ...QUEUE, AttributeNames: z.array(z.string()).default([]) },
    queueArn,
    (input, { state }) => {
      const queue = queueOf(state, input);
      const wanted = input.AttributeNames;
      const unknown = wanted.find(name => !KNOWN.has(name));
      if (unknown) throw refusal('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
      const counts = atomically(state.context.database, () => {
        state.messages.settle(queue, state.context.clock.now());
        return state.messages.count(queue);
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
    },
  ),

  SetQueueAttributes: operation({ ...QUEUE, Attributes: texts.default({}) }, queueArn, (input, { state }) => {
    const { queues, arrivals, context } = state;
    const queue = queueOf(state, input);
    checkAttributes(input.Attributes);
    const attributes = Object.fromEntries(
      // An empty text takes an attribute away.
      Object.entries({ ...queue.attributes, ...input.Attributes }).filter(([, value]) => value !== ''),
    );
    const target = redrivePolicy(attributes)?.deadLetterTargetArn;
    const dead = target === undefined ? undefined : queues.withArn(target);
    if (target !== undefined && !dead) {
      throw invalid('RedrivePolicy', attributes.RedrivePolicy, 'Dead letter target does not exist.');
    }
    if (dead && !takesDeadLettersOf(dead.attributes, queue.arn)) {
      throw invalid('RedrivePolicy', attributes.RedrivePolicy, 'The dead letter target does not allow this queue.');
    }
    queues.configure(queue.name, attributes, queue.tags, context.clock.now());
    arrivals.announce(queue.name);
    return {};
  }),

  GetQueueUrl: operation(
    { QueueName: z.string().min(1), QueueOwnerAWSAccountId: z.string().optional() },
    ({ QueueName, QueueOwnerAWSAccountId: owner }, { state: { context, queues } }) => {
      if (owner !== undefined && owner !== context.accountId) throw refusal('QueueDoesNotExist');
      return queues.arnOf(QueueName);
    },
    ({ QueueName }, { state: { queues } }) => ({ QueueUrl: queues.get(QueueName).url }),
  ),

  ListQueues: operation(
    { ...PAGE, QueueNamePrefix: z.string().default('') },
    (_, { state: { queues } }) => queues.arnOf('*'),
    (input, { state: { queues } }) => {
      const found = queues.all().filter(({ name }) => name.startsWith(input.QueueNamePrefix));
      return page(input, found, 'QueueUrls');
    },
  ),

  ListDeadLetterSourceQueues: operation({ ...QUEUE, ...PAGE }, queueArn, (input, { state }) =>
    page(input, state.queues.deadLetterSources(queueOf(state, input)), 'queueUrls'),
  ),

  PurgeQueue: operation(QUEUE, queueArn, (input, { state }) => {
    const queue = queueOf(state, input);
    const now = state.context.clock.now();
    if (queue.purged !== undefined && now < queue.purged + 60_000) {
      throw refusal(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
      );
    }
    atomically(state.context.database, () => {
      state.messages.clear(queue);
      state.queues.setPurged(queue.name, now);
    });
    return {};
  }),

  ListQueueTags: operation(QUEUE, queueArn, (input, { state }) => ({ Tags: queueOf(state, input).tags })),

  TagQueue: operation({ ...QUEUE, Tags: texts.default({}) }, queueArn, (input, { state }) => {
    const queue = queueOf(state, input);
    return retag(state, queue, { ...queue.tags, ...input.Tags });
  }),

  UntagQueue: operation({ ...QUEUE, TagKeys: z.array(z.string()).default([]) }, queueArn, (input, { state }) => {
    const queue = queueOf(state, input);
    const kept = Object.entries(queue.tags).filter(([key]) => !input.TagKeys.includes(key));
    return retag(state, queue, Object.fromEntries(kept));
  }),
};

function retag({ queues, context }: Sqs, queue: Queue, tags: Readonly<Record<string, string>>): Output {
  queues.configure(queue.name, queue.attributes, tags, context.clock.now());
  return {};
}

/** One page of queue URLs; the token is the name after which the next page begins. */
function page(
  { MaxResults, NextToken: token }: { MaxResults: number; NextToken?: string | undefined },
  queues: readonly Queue[],
  member: string,
): Output {
  const after = token === undefined ? '' : Buffer.from(token, 'base64url').toString();
  const rest = queues.filter(({ name }) => name > after);
  const shown = rest.slice(0, MaxResults);
  const last = shown.at(-1)?.name ?? '';
  return {
    [member]: shown.map(({ url }) => url),
    NextToken: shown.length < rest.length ? Buffer.from(last).toString('base64url') : undefined,
  };
}
