/** AWS::SQS::QueuePolicy: its statements stand on the queue. */

import { refuseUnknown } from '../properties.ts';
import type { PolicyStatement, ResourceType } from '../service.ts';
import type { Sqs } from './call.ts';

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
  };
}
