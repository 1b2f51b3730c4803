/** AWS JSON 1.1: the operation is named by the header `x-amz-target`. One that is not here is refused by name. */
import type { AwsResponse, Service } from '../service.ts';
import { ADMIN_GROUP_OPERATIONS } from './operations/admin-group-operations.ts';
import { ADMIN_USER_OPERATIONS } from './operations/admin-user-operations.ts';
import type { Operation } from './operations/operation.ts';
import { OWN_USER_OPERATIONS } from './operations/own-user-operations.ts';
import { POOL_OPERATIONS } from './operations/pool-operations.ts';
import { SIGN_IN_OPERATIONS } from './operations/sign-in-operations.ts';
import { SIGN_UP_OPERATIONS } from './operations/sign-up-operations.ts';
import { refusal } from './refusal.ts';
import type { Cognito } from './state.ts';

const TARGET = 'AWSCognitoIdentityProviderService';
const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...SIGN_UP_OPERATIONS,
  ...SIGN_IN_OPERATIONS,
  ...OWN_USER_OPERATIONS,
  ...ADMIN_USER_OPERATIONS,
  ...ADMIN_GROUP_OPERATIONS,
  ...POOL_OPERATIONS,
};

export function cognitoService(cognito: Cognito): Service {
  return {
    signingName: 'cognito-idp',
    unsignedTarget: TARGET,
    async handle(request) {
      const name = (request.headers['x-amz-target'] ?? '').replace(`${TARGET}.`, '');
      const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
      if (!operation) throw refusal('UnknownOperationException', `${name || 'No operation'} is not supported here`);
      return respond(200, await operation.run(cognito, readJson(request.body), { name, request }));
    },
    refuse: error => respond(error.status, { __type: error.code, message: error.message, ...error.detail }),
  };
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString() || '{}');
  } catch {
    throw refusal('InvalidParameterException', 'The body is not JSON.');
  }
}

function respond(status: number, answer: Readonly<Record<string, unknown>>): AwsResponse {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(answer) };
}
