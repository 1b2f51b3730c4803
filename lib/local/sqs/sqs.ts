/**
 * SQS, standard queues. What always holds:
 * - All state is in the database, what is in flight included; only who waits in a long poll is in memory.
 * - A receive is one transaction: a message is never with two consumers while its visibility timeout lasts.
 * - Delivery is fair between message groups (messages.ts).
 * - Both of AWS's protocols lead to the same operations; what is not there is refused by name.
 */
import type { DatabaseSync } from 'node:sqlite';
import { jsonService } from '../protocols/json.ts';
import { queryService } from '../protocols/query.ts';
import { type AwsRequest, type CloudContext, denyAccess, type Engine, type Ports, type Service } from '../service.ts';
import { Arrivals } from './arrivals.ts';
import { invalidInput, type Sqs } from './call.ts';
import { Messages } from './messages.ts';
import { MOVE_OPERATIONS } from './move-tasks.ts';
import { QUEUE_OPERATIONS } from './queue-operations.ts';
import { queuePolicyType, queueType } from './queue-resource.ts';
import { Queues } from './queues.ts';
import { RECEIVE_OPERATIONS, RECEIVED_OPERATIONS } from './receive-message.ts';
import { SEND_OPERATIONS, sendFor } from './send-message.ts';
import { queryCode, refusal } from './sqs-error.ts';

const OPERATIONS = {
  ...QUEUE_OPERATIONS,
  ...SEND_OPERATIONS,
  ...RECEIVE_OPERATIONS,
  ...RECEIVED_OPERATIONS,
  ...MOVE_OPERATIONS,
};
// Loopback stands for TLS: a queue's usual policy denies whatever comes without it.
const CONDITIONS = { 'aws:SecureTransport': 'true' };

export function createSqs(context: CloudContext): Engine {
  prepareTables(context.database);
  const messages = new Messages(context.database);
  const arrivals = new Arrivals(context.clock, queue => messages.nextDue(queue));
  const sqs: Sqs = { context, queues: new Queues(context), messages, arrivals };
  return {
    services: [serviceOf(sqs)],
    resources: { 'AWS::SQS::Queue': queueType(sqs), 'AWS::SQS::QueuePolicy': queuePolicyType(sqs) },
    provides: { sendMessage: async call => sendMessage(sqs, call) },
    async stop() {
      arrivals.close();
    },
  };
}

/** Both of AWS's protocols: a call of AWS JSON has a target, one of the older query protocol has none. */
function serviceOf(state: Sqs): Service {
  const common = {
    signingName: 'sqs',
    state,
    conditions: CONDITIONS,
    invalidInput,
    unknownOperation: (name: string) =>
      refusal('UnsupportedOperation', `The local SQS does not have the operation ${name}.`),
  };
  const json = jsonService({
    ...common,
    version: '1.0',
    targets: { AmazonSQS: OPERATIONS },
    accessStatus: 403,
    errorType: code => `com.amazonaws.sqs#${code}`,
    errorHeaders: ({ code, status }) => ({
      'x-amzn-query-error': `${queryCode(code)};${status < 500 ? 'Sender' : 'Receiver'}`,
    }),
  });
  const query = queryService({
    ...common,
    operations: OPERATIONS,
    xmlns: 'http://queue.amazonaws.com/doc/2012-11-05/',
    lists: {
      AttributeName: 'AttributeNames',
      MessageAttributeName: 'MessageAttributeNames',
      MessageSystemAttributeName: 'MessageSystemAttributeNames',
      TagKey: 'TagKeys',
    },
    maps: {
      Attribute: 'Attributes',
      MessageAttribute: 'MessageAttributes',
      MessageSystemAttribute: 'MessageSystemAttributes',
      Tag: 'Tags',
    },
    numbers: new Set([
      'DelaySeconds',
      'MaxNumberOfMessages',
      'VisibilityTimeout',
      'WaitTimeSeconds',
      'MaxResults',
      'MaxNumberOfMessagesPerSecond',
    ]),
    elements: {
      Messages: 'Message',
      QueueUrls: 'QueueUrl',
      queueUrls: 'QueueUrl',
      Failed: 'BatchResultErrorEntry',
      Results: 'ListMessageMoveTasksResultEntry',
    },
    pathMember: 'QueueUrl',
    errorCode: queryCode,
  });
  const protocol = (request: AwsRequest): Service => (request.headers['x-amz-target'] === undefined ? query : json);
  return {
    signingName: 'sqs',
    target: 'AmazonSQS',
    operations: { sqs: Object.keys(OPERATIONS) },
    recognises: request => [json, query].some(one => one.recognises?.(request)),
    handle: request => protocol(request).handle(request),
    refuse(error, request) {
      const response = protocol(request).refuse(error, request);
      // The JSON protocol has no 404.
      return protocol(request) === json && response.status === 404 ? { ...response, status: 400 } : response;
    },
  };
}

/** Another service sends on a role's behalf. */
function sendMessage(sqs: Sqs, call: Parameters<Ports['sendMessage']>[0]): { messageId: string } {
  const name = sqs.queues.nameIn(call.queueUrl);
  const resource = sqs.queues.arnOf(name);
  const action = 'sqs:SendMessage';
  if (!sqs.context.iam.allows({ principal: call.as, action, resource, context: CONDITIONS })) {
    denyAccess(call.as, action, resource);
  }
  return sendFor(sqs, sqs.queues.get(name), { body: call.body, groupId: call.groupId, sender: call.as });
}

// The tables of SQS. A message is `ready` (1) or waits for `visible_at` (0): delayed where it was never received since
// it came here, else in flight. Whatever is due becomes ready before anything is read, so the indexes are by `ready`.

function prepareTables(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE IF NOT EXISTS sqs_queues (
      name TEXT PRIMARY KEY,
      attributes TEXT NOT NULL,
      tags TEXT NOT NULL,
      created INTEGER NOT NULL,
      modified INTEGER NOT NULL,
      purged INTEGER
    ) STRICT;
    CREATE TABLE IF NOT EXISTS sqs_messages (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      queue TEXT NOT NULL REFERENCES sqs_queues (name),
      id TEXT NOT NULL UNIQUE,
      body TEXT NOT NULL,
      attributes TEXT NOT NULL,
      trace TEXT,
      tenant TEXT NOT NULL,
      sender TEXT NOT NULL,
      sent INTEGER NOT NULL,
      ready INTEGER NOT NULL,
      visible_at INTEGER NOT NULL,
      receives INTEGER NOT NULL,
      first_received INTEGER,
      last_received INTEGER,
      receipt TEXT,
      dead_from TEXT
    ) STRICT;
    CREATE INDEX IF NOT EXISTS sqs_ready ON sqs_messages (queue, tenant, seq) WHERE ready = 1;
    CREATE INDEX IF NOT EXISTS sqs_waiting ON sqs_messages (queue, visible_at) WHERE ready = 0;
    CREATE INDEX IF NOT EXISTS sqs_in_flight ON sqs_messages (queue, tenant) WHERE ready = 0 AND receives > 0;
    CREATE INDEX IF NOT EXISTS sqs_age ON sqs_messages (queue, sent);
    CREATE TABLE IF NOT EXISTS sqs_turns (
      queue TEXT NOT NULL,
      tenant TEXT NOT NULL,
      turn INTEGER NOT NULL,
      served INTEGER NOT NULL,
      PRIMARY KEY (queue, tenant)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS sqs_move_tasks (
      handle TEXT PRIMARY KEY,
      source TEXT NOT NULL,
      destination TEXT,
      started INTEGER NOT NULL,
      moved INTEGER NOT NULL
    ) STRICT;
  `);
}
