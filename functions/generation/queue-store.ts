/** The queue of jobs as a reader sees it. */
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';

const client = new SQSClient({});

/** How many jobs wait and how many are in hand, approximately, of all accounts together. */
export async function queueDepth(queueUrl: string): Promise<{ waiting: number; inHand: number }> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inHand: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
}
