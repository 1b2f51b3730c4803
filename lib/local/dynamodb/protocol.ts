/** AWS JSON 1.0: the operation is named by the header `x-amz-target`, and the body is its input. */
import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError, type AwsRequest, type AwsResponse, type Service } from '../service.ts';
import { type Input, isRecord } from './input.ts';
import { onlyMembers } from './operations/members.ts';
import type { Operation, Stores } from './operations/operation.ts';
import { OPERATIONS } from './operations/registry.ts';
import { STREAM_OPERATIONS } from './streams/stream-operations.ts';

const APIS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  DynamoDB_20120810: OPERATIONS,
  DynamoDBStreams_20120810: STREAM_OPERATIONS,
};
const NAMESPACE = 'com.amazonaws.dynamodb.v20120810#';

/** The endpoint of DynamoDB and of DynamoDB Streams, which share their signing name. */
export function dynamoDbService(stores: Stores): Service {
  return {
    signingName: 'dynamodb',
    async handle(request) {
      const [api = '', name = ''] = (request.headers['x-amz-target'] ?? '').split('.');
      const operations = APIS[api] ?? {};
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation)
        throw new AwsError('UnknownOperationException', `${name || 'No operation'} is not supported here`);
      const input = bodyOf(request);
      onlyMembers(input, name, operation.parameters);
      const authorize: AwsRequest['authorize'] = (...call) => request.authorize(...call);
      return respond(200, operation.run({ input, stores, authorize }));
    },
    refuse: error => respond(error.status, { __type: NAMESPACE + error.code, message: error.message, ...error.detail }),
  };
}

function bodyOf(request: AwsRequest): Input {
  try {
    const body: unknown = JSON.parse(request.body.toString() || '{}');
    if (isRecord(body)) return body;
  } catch {
    // Said below, as for any other body that is no map.
  }
  throw new AwsError('SerializationException', 'The body is not a JSON map');
}

function respond(status: number, answer: Readonly<Record<string, unknown>>): AwsResponse {
  const body = Buffer.from(JSON.stringify(answer));
  return {
    status,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-requestid': randomUUID(),
      'x-amz-crc32': String(crc32(body)),
    },
    body,
  };
}
