/**
 * REST-XML, as S3 speaks it: method, what the path names, and a parameter or header tell operations apart. A row lists
 * the parameters and headers that it reads; any other is refused by its name.
 */
import type { AwsError, AwsRequest, AwsResponse } from '../service.ts';
import { writeXml, type XmlNode } from './xml.ts';

export interface XmlOperation<Call> {
  readonly method: string;
  readonly on: 'service' | 'bucket' | 'object';
  /** The parameter or header by which it is told from others of its method. */
  readonly by?: string;
  /** Parameters that it reads besides. */
  readonly reads?: readonly string[];
  /** Headers that it reads, without `x-amz-`; those of the transfer it may always have. */
  readonly headers?: readonly string[];
  run(call: Call): AwsResponse | Promise<AwsResponse>;
}

/** Headers without `x-amz-` that speak of the transfer, not of the operation. */
const TRANSFER = new Set([
  'content-sha256',
  'date',
  'security-token',
  'user-agent',
  'decoded-content-length',
  'trailer',
  'sdk-checksum-algorithm',
  'expected-bucket-owner',
  'source-expected-bucket-owner',
  'checksum-mode',
  'checksum-algorithm',
  'checksum-type',
  'checksum-crc32',
  'checksum-crc32c',
  'checksum-sha1',
  'checksum-sha256',
]);

/** What a request has that no row reads. */
export type Unread =
  | { readonly kind: 'operation'; readonly parameter: string | undefined }
  | { readonly kind: 'header'; readonly header: string; readonly operation: string };

/** The operation that a request asks for, or what of the request nobody reads. */
export function findOperation<Call>(
  operations: Readonly<Record<string, XmlOperation<Call>>>,
  request: AwsRequest,
  on: XmlOperation<Call>['on'],
): XmlOperation<Call> | Unread {
  // The SDK says which operation it means: one that is not here may look like another.
  const meant = request.query.get('x-id');
  if (meant !== null && !Object.hasOwn(operations, meant)) return { kind: 'operation', parameter: `x-id=${meant}` };
  const candidates = Object.entries(operations).filter(([, row]) => row.method === request.method && row.on === on);
  const named = candidates.find(([, { by }]) => by !== undefined && (request.query.has(by) || by in request.headers));
  const [name, operation] = named ?? candidates.find(([, { by }]) => by === undefined) ?? [];
  const read = new Set([operation?.by, ...(operation?.reads ?? [])]);
  const parameter = [...request.query.keys()].find(given => !/^x-/i.test(given) && !read.has(given));
  if (!operation || parameter !== undefined) return { kind: 'operation', parameter };
  const header = Object.keys(request.headers).find(given => {
    const short = given.startsWith('x-amz-') ? given.slice('x-amz-'.length) : undefined;
    const known = short === undefined || short.startsWith('meta-') || TRANSFER.has(short);
    return !known && !operation.headers?.includes(short);
  });
  return header === undefined ? operation : { kind: 'header', header, operation: name ?? '' };
}

/** An answer that is a document of the service's namespace. */
export function xmlDocument(
  root: XmlNode,
  namespace: string,
  headers: Readonly<Record<string, string>> = {},
): AwsResponse {
  return { status: 200, headers: { 'content-type': 'application/xml', ...headers }, body: writeXml(root, namespace) };
}

/** The answer for an error: a document, or, to HEAD and with 304, only the status. `headers` of its detail are headers. */
export function errorDocument(error: AwsError, request: AwsRequest): AwsResponse {
  // Other services call it AccessDeniedException.
  const code = error.code === 'AccessDeniedException' ? 'AccessDenied' : error.code;
  const { headers = {}, ...elements } = error.detail as { headers?: Readonly<Record<string, string>> };
  if (request.method === 'HEAD' || error.status === 304) return { status: error.status, headers };
  const body = writeXml([
    'Error',
    [
      ['Code', code],
      ['Message', error.message],
      ...Object.entries(elements).map(([name, value]) => [name, String(value)] as const),
      ['Resource', request.path],
      ['RequestId', crypto.randomUUID()],
    ],
  ]);
  return { status: error.status, headers: { 'content-type': 'application/xml', ...headers }, body };
}
