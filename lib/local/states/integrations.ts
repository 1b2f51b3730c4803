/**
 * The services that a Task can call, all on behalf of the state machine's role. A call that fails throws StateFailure
 * with the error name that Step Functions gives: the service's prefix and the exception.
 */
import { createHash, randomUUID } from 'node:crypto';
import { AwsError, type CloudContext } from '../service.ts';
import { ERROR, StateFailure } from './failure.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { expressionIn } from './template.ts';

export interface Integration {
  /** As history writes it: `lambda`, `sqs`. */
  readonly resourceType: 'lambda' | 'sqs';
  /** As history writes it: `invoke`, `sendMessage.waitForTaskToken`. */
  readonly resource: string;
  /** Whether the task ends with SendTaskSuccess or SendTaskFailure rather than with the call's own answer. */
  readonly waitsForToken: boolean;
}

const CALLS = {
  lambda: { resource: 'invoke', prefix: 'Lambda', denied: 'AWSLambdaException', required: ['FunctionName'] },
  sqs: { resource: 'sendMessage', prefix: 'SQS', denied: 'SqsException', required: ['QueueUrl', 'MessageBody'] },
} as const;
const ACCEPTED = {
  lambda: ['FunctionName', 'Payload'],
  sqs: ['QueueUrl', 'MessageBody', 'MessageGroupId'],
} as const;

/** What the Resource of a Task stands for, or undefined where it is none of these. */
export function integrationOf(resource: string): Integration | undefined {
  const match = /^arn:aws[\w-]*:states:::(lambda:invoke|sqs:sendMessage)(\.waitForTaskToken)?$/.exec(resource);
  if (!match?.[1]) return undefined;
  const resourceType = match[1] === 'lambda:invoke' ? 'lambda' : 'sqs';
  const pattern = match[2] ?? '';
  return { resourceType, resource: CALLS[resourceType].resource + pattern, waitsForToken: pattern !== '' };
}

/** Why the Arguments cannot be sent, or undefined where they can; those that JSONata makes are checked when it has made them. */
export function checkArguments({ resourceType }: Integration, given: Json | undefined): string | undefined {
  if (expressionIn(given) !== undefined) return undefined;
  if (!isObject(given)) return 'Arguments must be an object';
  const accepted: readonly string[] = ACCEPTED[resourceType];
  const extra = Object.keys(given).find(name => !accepted.includes(name));
  if (extra !== undefined) return `the argument ${extra} is not supported here`;
  const missing = CALLS[resourceType].required.find(name => given[name] === undefined);
  return missing && `the argument ${missing} is missing`;
}

/** Makes the call; `as` is the ARN of the state machine's role. The answer is `$states.result` unless a token is waited for. */
export async function call(context: CloudContext, integration: Integration, given: Json, as: string): Promise<Json> {
  const { prefix, denied } = CALLS[integration.resourceType];
  const reason = checkArguments(integration, given);
  if (reason) throw new StateFailure(ERROR.runtime, reason);
  try {
    return integration.resourceType === 'lambda'
      ? await invoke(context, given as JsonObject, as)
      : await sendMessage(context, given as JsonObject, as);
  } catch (error) {
    if (error instanceof StateFailure) throw error;
    if (!(error instanceof AwsError)) throw new StateFailure(`${prefix}.SdkClientException`, String(error));
    const code = error.code.startsWith('AccessDenied') ? denied : error.code;
    const cause = `${error.message} (Service: ${prefix}, Status Code: ${error.status}, Error Code: ${error.code})`;
    throw new StateFailure(`${prefix}.${code}`, cause);
  }
}

async function invoke(context: CloudContext, given: JsonObject, as: string): Promise<Json> {
  const name = String(given.FunctionName);
  const functionArn = name.startsWith('arn:')
    ? name
    : `arn:aws:lambda:${context.region}:${context.accountId}:function:${name}`;
  const answer = await context.ports.invokeFunction({ functionArn, payload: JSON.stringify(given.Payload ?? {}), as });
  if (answer.functionError) throw functionFailure(answer.payload);
  return {
    ExecutedVersion: '$LATEST',
    Payload: parsedPayload(answer.payload),
    StatusCode: 200,
    ...sdkMetadata(),
  };
}

/** The handler's error: its type is the error's name, its whole JSON the cause. */
function functionFailure(payload: string): StateFailure {
  const error = parsedPayload(payload);
  const name = isObject(error) && typeof error.errorType === 'string' ? error.errorType : 'Lambda.Unknown';
  return new StateFailure(name, payload);
}

function parsedPayload(payload: string): Json {
  try {
    return payload === '' ? null : (JSON.parse(payload) as Json);
  } catch {
    return payload;
  }
}

async function sendMessage(context: CloudContext, given: JsonObject, as: string): Promise<Json> {
  const { QueueUrl, MessageBody, MessageGroupId } = given;
  const body = typeof MessageBody === 'string' ? MessageBody : JSON.stringify(MessageBody);
  const group = MessageGroupId === undefined ? {} : { groupId: String(MessageGroupId) };
  const { messageId } = await context.ports.sendMessage({ queueUrl: String(QueueUrl), body, ...group, as });
  return {
    MD5OfMessageBody: createHash('md5').update(body).digest('hex'),
    MessageId: messageId,
    ...sdkMetadata(),
  };
}

function sdkMetadata(): JsonObject {
  return { SdkHttpMetadata: { HttpStatusCode: 200 }, SdkResponseMetadata: { RequestId: randomUUID() } };
}
