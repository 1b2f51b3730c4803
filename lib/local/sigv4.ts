/**
 * Verifies AWS Signature Version 4, in the header and in the query (presigned URLs), as the service side does it.
 * Source: "AWS Signature Version 4 for API requests", docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError } from './service.ts';

export interface SignedRequest {
  readonly method: string;
  /** As sent, percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Signature {
  readonly accessKeyId: string;
  /** The signing name of the service that the request is for. */
  readonly service: string;
  readonly presigned: boolean;
}

/** How far a signature's date may be from now, either way: AWS takes 15 minutes for signed headers. */
const CLOCK_SKEW_MS = 15 * 60_000;

/** The signature's claims, unverified, or undefined where the request is not signed. */
export function readSignature(request: Pick<SignedRequest, 'query' | 'headers'>): Signature | undefined {
  const parts = signatureParts(request);
  return parts && { accessKeyId: parts.accessKeyId, service: parts.service, presigned: parts.presigned };
}

/**
 * Throws unless the request was signed with `secret`, recently (header) or not yet expired (query). `now` is epoch ms
 * on the cloud's clock, which a test may have moved; the signer's clock is the machine's.
 */
export function verifySignature(request: SignedRequest, secret: string, now: number): void {
  const parts = signatureParts(request);
  if (!parts) throw new AwsError('MissingAuthenticationToken', 'Missing Authentication Token', 403);
  if (parts.presigned && parts.service === 's3' && request.headers.authorization !== undefined) {
    throw new AwsError(
      'InvalidArgument',
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
      400,
    );
  }
  const signedAt = parseAmzDate(parts.date);
  if (parts.presigned) {
    if (now > signedAt + parts.expiresSeconds * 1000) throw new AwsError('AccessDenied', 'Request has expired', 403);
  } else if (Math.abs(Date.now() - signedAt) > CLOCK_SKEW_MS) {
    throw new AwsError(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      403,
    );
  }
  if (/^[0-9a-f]{64}$/.test(parts.payloadHash ?? '') && parts.payloadHash !== sha256(request.body)) {
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      'The body does not have the SHA-256 that x-amz-content-sha256 gives.',
      400,
    );
  }
  const expected = sign(request, parts, secret);
  const given = Buffer.from(parts.signature, 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    const code = parts.service === 's3' ? 'SignatureDoesNotMatch' : 'InvalidSignatureException';
    throw new AwsError(code, 'The request signature we calculated does not match the signature you provided.', 403);
  }
}

interface SignatureParts extends Signature {
  readonly date: string;
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly expiresSeconds: number;
  readonly payloadHash: string | undefined;
}

function signatureParts({ query, headers }: Pick<SignedRequest, 'query' | 'headers'>): SignatureParts | undefined {
  const credential = query.get('X-Amz-Credential');
  if (credential) {
    return parts(credential, {
      presigned: true,
      date: query.get('X-Amz-Date') ?? '',
      signedHeaders: query.get('X-Amz-SignedHeaders') ?? '',
      signature: query.get('X-Amz-Signature') ?? '',
      expiresSeconds: Number(query.get('X-Amz-Expires') ?? 0),
      payloadHash: query.get('X-Amz-Content-Sha256') ?? headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
    });
  }
  const header = headers.authorization;
  if (!header?.startsWith('AWS4-HMAC-SHA256 ')) return undefined;
  const fields = new Map(
    header
      .slice('AWS4-HMAC-SHA256 '.length)
      .split(',')
      .map(field => field.trim().split('=', 2) as [string, string]),
  );
  return parts(fields.get('Credential') ?? '', {
    presigned: false,
    date: headers['x-amz-date'] ?? '',
    signedHeaders: fields.get('SignedHeaders') ?? '',
    signature: fields.get('Signature') ?? '',
    expiresSeconds: 0,
    payloadHash: headers['x-amz-content-sha256'],
  });
}

function parts(
  credential: string,
  rest: Omit<SignatureParts, 'accessKeyId' | 'service' | 'scope' | 'signedHeaders'> & { signedHeaders: string },
): SignatureParts {
  const [accessKeyId, day, region, service, end] = credential.split('/');
  if (!accessKeyId || !day || !region || !service || end !== 'aws4_request') {
    throw new AwsError(
      'IncompleteSignature',
      `Credential must be key/date/region/service/aws4_request, not "${credential}"`,
      400,
    );
  }
  return {
    ...rest,
    accessKeyId,
    service,
    scope: `${day}/${region}/${service}/aws4_request`,
    signedHeaders: rest.signedHeaders.split(';'),
  };
}

function sign(request: SignedRequest, parts: SignatureParts, secret: string): Buffer {
  const [day = '', region = '', service = ''] = parts.scope.split('/');
  const canonical = [
    request.method,
    canonicalPath(request.path, service),
    canonicalQuery(request.query),
    ...parts.signedHeaders.map(name => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    parts.signedHeaders.join(';'),
    parts.payloadHash ?? sha256(request.body),
  ].join('\n');
  const key = ['aws4_request', service, region, day].reduceRight<Buffer | string>(
    (parent, child) => hmac(parent, child),
    `AWS4${secret}`,
  );
  return hmac(key, ['AWS4-HMAC-SHA256', parts.date, parts.scope, sha256(canonical)].join('\n'));
}

/** S3 signs the path as sent; every other service signs it encoded once more. */
function canonicalPath(path: string, service: string): string {
  return service === 's3' ? path : path.split('/').map(encode).join('/');
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function parseAmzDate(date: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (!match) throw new AwsError('IncompleteSignature', `X-Amz-Date must be YYYYMMDDTHHMMSSZ, not "${date}"`, 400);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
