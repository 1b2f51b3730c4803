/**
 * Secrets Manager. What always holds:
 * - A secret's ARN is made of its name, so it is the same at every start; its values are versions that nothing overwrites.
 * - The template gives a secret its first value, and another only when what the template says has changed: what was put
 *   since stays over every start.
 * - Every call is decided by the policies on the secret's ARN, by whatever name it was called.
 */
import { randomInt } from 'node:crypto';
import { AwsError, type AwsRequest, type AwsResponse, type CloudContext, type Engine } from '../service.ts';
import { OPERATIONS } from './operations.ts';
import { secretType } from './secret-resource.ts';
import { SecretStore } from './secret-store.ts';

export function createSecretsManager(context: CloudContext): Engine {
  const store = new SecretStore(context);
  return {
    services: [{ signingName: 'secretsmanager', handle: async request => handle(store, request), refuse }],
    resources: { 'AWS::SecretsManager::Secret': secretType(store, randomInt) },
  };
}

/** AWS JSON 1.1: the operation is named by the header `x-amz-target`, and the body is its input. */
function handle(store: SecretStore, request: AwsRequest): AwsResponse {
  const name = (request.headers['x-amz-target'] ?? '').replace(/^secretsmanager\./, '');
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (!operation) {
    throw new AwsError('UnknownOperationException', `The local Secrets Manager does not know ${name || 'this call'}`);
  }
  const authorize: AwsRequest['authorize'] = (...call) => request.authorize(...call);
  return answer(200, operation({ store, input: bodyOf(request), authorize }));
}

function bodyOf({ body }: AwsRequest): unknown {
  try {
    return JSON.parse(body.toString() || '{}');
  } catch {
    throw new AwsError('SerializationException', 'The body is not JSON');
  }
}

function refuse({ code, message, status }: AwsError): AwsResponse {
  return answer(status, { __type: code, Message: message });
}

function answer(status: number, body: object): AwsResponse {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) };
}
