/** The refusal of a service that is not here, in the protocol of the call: a client reads no other. */
import type { AwsRequest, AwsResponse } from '../service.ts';
import { writeXml } from './xml.ts';

const CODE = 'NotImplemented';
/** Not one that clients try again. */
const STATUS = 501;
/** Services whose answers are XML although their calls have paths. */
const XML_SERVICES = new Set(['route53', 'cloudfront', 's3express', 's3-outposts', 's3-object-lambda']);

/** `service` is the name in the signature; undefined where the call has none. */
export function refuseService(call: Pick<AwsRequest, 'headers'>, service: string | undefined): AwsResponse {
  const { headers } = call;
  const what = service ?? headers['x-amz-target'];
  const message = what
    ? `The local cloud has no service named ${what}`
    : 'The local cloud has no service for this call';
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') {
    const typed = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
    return { status: STATUS, headers: typed, body: cborMap({ __type: CODE, message }) };
  }
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  if (headers['x-amz-target'] === undefined && (isForm || XML_SERVICES.has(service ?? ''))) {
    return { status: STATUS, headers: { 'content-type': 'text/xml' }, body: xml(service, message) };
  }
  const type = headers['x-amz-target'] === undefined ? 'application/json' : 'application/x-amz-json-1.1';
  return {
    status: STATUS,
    headers: { 'content-type': type, 'x-amzn-errortype': CODE },
    body: JSON.stringify({ __type: CODE, message }),
  };
}

/** EC2 has its own document for errors. */
function xml(service: string | undefined, message: string): string {
  const requestId = crypto.randomUUID();
  const error = [
    ['Code', CODE],
    ['Message', message],
  ] as const;
  return service === 'ec2'
    ? writeXml([
        'Response',
        [
          ['Errors', [['Error', error]]],
          ['RequestID', requestId],
        ],
      ])
    : writeXml([
        'ErrorResponse',
        [
          ['Error', [['Type', 'Sender'], ...error]],
          ['RequestId', requestId],
        ],
      ]);
}

/** A map of a few short texts as CBOR (RFC 8949). */
function cborMap(members: Readonly<Record<string, string>>): Buffer {
  const texts = Object.entries(members).flat();
  const written = texts.map(text => {
    const bytes = Buffer.from(text);
    const head = Buffer.from([0x79, 0, 0]);
    head.writeUInt16BE(bytes.length, 1);
    return Buffer.concat([head, bytes]);
  });
  return Buffer.concat([Buffer.from([0xa0 + texts.length / 2]), ...written]);
}
