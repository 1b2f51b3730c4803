/** AWS::SQS::Queue: standard queues. A property that nothing here carries out, such as FifoQueue, is refused by name. */
import { createHash } from 'node:crypto';
import { refuseUnknown } from '../properties.ts';
import type { PolicyStatement, Resource, ResourceType } from '../service.ts';
import type { Sqs } from './call.ts';
import { type Attributes, checkAttributes, redrivePolicy, SETTABLE, takesDeadLettersOf } from './queues.ts';

const PROPERTIES = ['QueueName', 'Tags', ...SETTABLE];

export function queueType(sqs: Sqs): ResourceType {
  return {
    identify({ logicalId, name, properties }) {
      const queueName = nameOf(logicalId, properties.QueueName ?? validName(name));
      const ref = sqs.queues.urlOf(queueName);
      return { ref, attributes: { Arn: sqs.queues.arnOf(queueName), QueueName: queueName, QueueUrl: ref } };
    },
    apply(resource) {
      const { logicalId, properties } = resource;
      refuseUnknown(`${logicalId} (AWS::SQS::Queue)`, properties, PROPERTIES);
      const name = sqs.queues.nameIn(resource.ref);
      const attributes = attributesOf(properties);
      checkAttributes(attributes);
      const target = redrivePolicy(attributes)?.deadLetterTargetArn;
      const dead = target === undefined ? undefined : sqs.queues.withArn(target);
      if (target !== undefined && !dead) {
        throw new Error(`${logicalId}: the dead-letter queue ${target} of its RedrivePolicy does not exist`);
      }
      if (dead && !takesDeadLettersOf(dead.attributes, sqs.queues.arnOf(name))) {
        throw new Error(`${logicalId}: the RedriveAllowPolicy of ${target} does not allow this queue`);
      }
      const tags = ((properties.Tags ?? []) as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]);
      sqs.queues.configure(name, attributes, Object.fromEntries(tags), sqs.context.clock.now());
    },
    remove: ({ ref }) => sqs.queues.remove(sqs.queues.nameIn(ref)),
    made: () => sqs.queues.all().map(({ url }) => url),
  };
}

/** CloudFormation writes numbers and objects where the API has texts. */
function attributesOf(properties: Resource['properties']): Attributes {
  const given = SETTABLE.filter(name => properties[name] !== undefined).map(name => {
    const value: unknown = properties[name];
    return [name, typeof value === 'object' ? JSON.stringify(value) : String(value)];
  });
  return Object.fromEntries(given);
}

/** A physical name as SQS takes it: at most 80 of letters, digits, `-` and `_`. A long one ends in a digest of itself. */
function validName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_-]+/g, '-');
  return plain.length <= 80
    ? plain
    : `${plain.slice(0, 69)}-${createHash('sha256').update(name).digest('hex').slice(0, 10)}`;
}

function nameOf(logicalId: string, name: unknown): string {
  if (typeof name === 'string' && /^[A-Za-z0-9_-]{1,80}$/.test(name)) return name;
  throw new Error(
    `${logicalId}: QueueName must be a literal of 1 to 80 letters, digits, '-', '_', not ${JSON.stringify(name)}`,
  );
}

// AWS::SQS::QueuePolicy: its statements stand on the queue.

export function queuePolicyType(sqs: Sqs): ResourceType {
  return {
    identify: ({ name }) => ({ ref: name, attributes: { Id: name } }),
    apply({ logicalId, stack, properties }) {
      refuseUnknown(`${logicalId} (AWS::SQS::QueuePolicy)`, properties, ['Queues', 'PolicyDocument']);
      for (const url of properties.Queues as string[]) {
        const queue = sqs.queues.get(sqs.queues.nameIn(url));
        const Policy = JSON.stringify(properties.PolicyDocument);
        sqs.queues.configure(queue.name, { ...queue.attributes, Policy }, queue.tags, sqs.context.clock.now());
        const statements = [properties.PolicyDocument.Statement].flat() as PolicyStatement[];
        sqs.context.iam.setResourcePolicy(queue.arn, `${stack}/${logicalId}`, statements);
      }
    },
    remove({ logicalId, stack, properties }) {
      for (const url of properties.Queues as string[]) {
        const name = sqs.queues.nameIn(url);
        const queue = sqs.queues.find(name);
        const { Policy: _, ...attributes } = queue?.attributes ?? {};
        if (queue) sqs.queues.configure(name, attributes, queue.tags, sqs.context.clock.now());
        sqs.context.iam.setResourcePolicy(sqs.queues.arnOf(name), `${stack}/${logicalId}`, []);
      }
    },
    immutable: ['Queues'],
  };
}
