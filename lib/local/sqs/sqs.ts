/**
 * SQS, standard queues. What always holds:
 * - All state is in the database, what is in flight included; only who waits in a long poll is in memory.
 * - A receive is one transaction: a message is never with two consumers while its visibility timeout lasts.
 * - Delivery is fair between message groups (fair-order.ts).
 * - Both of AWS's protocols lead to the same operations; what is not there is refused by name.
 */
import {
  type AwsError,
  type AwsRequest,
  type AwsResponse,
  type CloudContext,
  denyAccess,
  type Engine,
  type Ports,
} from '../service.ts';
import { Arrivals } from './arrivals.ts';
import type { Sqs } from './call.ts';
import { Messages } from './messages.ts';
import { operate } from './operations.ts';
import { formAnswer, formInput, formRefusal, readForm } from './query-protocol.ts';
import { queuePolicyType } from './queue-policy.ts';
import { queueType } from './queue-resource.ts';
import { Queues } from './queues.ts';
import { readMessage, send } from './send-message.ts';
import { queryCode, refusal } from './sqs-error.ts';
import { prepareTables } from './sqs-schema.ts';

// Loopback stands for TLS: a queue's usual policy denies whatever comes without it.
const TRANSPORT = { 'aws:SecureTransport': 'true' };

export function createSqs(context: CloudContext): Engine {
  prepareTables(context.database);
  const messages = new Messages(context.database);
  const arrivals = new Arrivals(context.clock, queue => messages.nextDue(queue));
  const sqs: Sqs = { context, queues: new Queues(context), messages, arrivals };
  return {
    services: [{ signingName: 'sqs', handle: request => handle(sqs, request), refuse }],
    resources: { 'AWS::SQS::Queue': queueType(sqs), 'AWS::SQS::QueuePolicy': queuePolicyType(sqs) },
    provides: { sendMessage: async call => sendFor(sqs, call) },
    async stop() {
      arrivals.close();
    },
  };
}

async function handle(sqs: Sqs, request: AwsRequest): Promise<AwsResponse> {
  const { principal } = request;
  if (principal === undefined) throw refusal('AccessDeniedException');
  const form = targetOf(request) === undefined ? readForm(request) : undefined;
  const action = form ? (form.get('Action') ?? '') : (targetOf(request) ?? '');
  const output = await operate(action, {
    ...sqs,
    principal,
    input: form ? formInput(form, request) : readJson(request),
    gone: request.closed,
    authorize: (name, arn) => request.authorize(name, arn, TRANSPORT),
  });
  if (form) return formAnswer(action, output);
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(output) };
}

/** The operation of a request in the JSON protocol; undefined in the other. */
function targetOf(request: AwsRequest): string | undefined {
  return request.headers['x-amz-target']?.replace(/^AmazonSQS\./, '');
}

function readJson({ body }: AwsRequest): Record<string, unknown> {
  let input: unknown;
  try {
    input = JSON.parse(body.toString() || '{}');
  } catch {}
  if (typeof input === 'object' && input !== null) return input as Record<string, unknown>;
  throw refusal('InvalidParameterValueException', 'The request body is not a JSON object.');
}

function refuse(error: AwsError, request: AwsRequest): AwsResponse {
  if (targetOf(request) === undefined) return formRefusal(error);
  const fault = error.status < 500 ? 'Sender' : 'Receiver';
  return {
    // The JSON protocol has no 404.
    status: error.status === 404 ? 400 : error.status,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-query-error': `${queryCode(error.code)};${fault}`,
    },
    body: JSON.stringify({ __type: `com.amazonaws.sqs#${error.code}`, message: error.message }),
  };
}

/** Another service sends on a role's behalf. */
function sendFor(sqs: Sqs, call: Parameters<Ports['sendMessage']>[0]): { messageId: string } {
  const name = sqs.queues.nameIn(call.queueUrl);
  const arn = sqs.queues.arnOf(name);
  const allowed = sqs.context.iam.allows({
    principal: call.as,
    action: 'sqs:SendMessage',
    resource: arn,
    context: TRANSPORT,
  });
  if (!allowed) denyAccess(call.as, 'sqs:SendMessage', arn);
  const queue = sqs.queues.get(name);
  const input = { MessageBody: call.body, ...(call.groupId !== undefined && { MessageGroupId: call.groupId }) };
  const [sent] = send(sqs, queue, [readMessage(input, queue, call.as)]);
  return { messageId: String(sent?.MessageId) };
}
