/**
 * Which operation a request asks for. A call that is no row of OPERATIONS, or brings a parameter or an x-amz- header that
 * its row does not read, is refused by name.
 */
import type { AwsRequest } from '../service.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { refusal } from './s3-error.ts';

/** Headers without `x-amz-` that speak of the transfer, not of the operation. */
const EVERYWHERE = new Set([
  ...['content-sha256', 'date', 'security-token', 'user-agent', 'decoded-content-length', 'trailer'],
  ...['sdk-checksum-algorithm', 'expected-bucket-owner', 'source-expected-bucket-owner'],
  ...['checksum-mode', 'checksum-algorithm', 'checksum-type', 'checksum-crc32', 'checksum-crc32c'],
  ...['checksum-sha1', 'checksum-sha256'],
]);

/** The operation that a request asks for; throws NotImplemented, naming what is not there. */
export function operationOf(request: AwsRequest, on: Operation['on']): Operation {
  const candidates = OPERATIONS.filter(operation => operation.method === request.method && operation.on === on);
  const stands = ({ by }: Operation) => by !== undefined && (request.query.has(by) || by in request.headers);
  const given = [...request.query.keys()].filter(name => !/^x-/i.test(name));
  const operation = candidates.find(stands) ?? candidates.find(({ by }) => by === undefined);
  const read = new Set([operation?.by, ...(operation?.reads ?? [])]);
  const unread = given.find(name => !read.has(name));
  if (!operation || unread !== undefined) throw missing(request, on, unread);
  for (const name of Object.keys(request.headers)) {
    const header = name.startsWith('x-amz-') ? name.slice('x-amz-'.length) : undefined;
    if (header === undefined || header.startsWith('meta-') || EVERYWHERE.has(header)) continue;
    if (operation.headers?.includes(header)) continue;
    throw refusal('NotImplemented', undefined, { Header: name, Operation: operation.name });
  }
  return operation;
}

function missing(request: AwsRequest, on: string, parameter: string | undefined): Error {
  const what = `${request.method} (${on})${parameter === undefined ? '' : ` with the parameter '${parameter}'`}`;
  return refusal('NotImplemented', `The local S3 does not do this: ${what}`, {
    Method: request.method,
    Parameter: parameter ?? '',
  });
}
