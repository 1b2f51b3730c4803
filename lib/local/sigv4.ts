/**
 * Verifies AWS Signature Version 4, in the header and in the query (presigned URLs), as the service side does it.
 * Source: "AWS Signature Version 4 for API requests", docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html.
 */
import { createHash, createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
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
  /** Of temporary credentials. */
  readonly sessionToken: string | undefined;
}

/** How far a signature's date may be from now, either way: AWS takes 15 minutes for signed headers. */
const CLOCK_SKEW_MS = 15 * 60_000;
const LONGEST_EXPIRY_SECONDS = 7 * 24 * 60 * 60;
/** Of a link to another service than S3 that does not say how long it lives. */
const USUAL_EXPIRY_SECONDS = 15 * 60;
const ALGORITHM = 'AWS4-HMAC-SHA256';

/** The service that a signature names, however wrong the rest of it is; undefined for a request without one. */
export function signedService({ query, headers }: Pick<SignedRequest, 'query' | 'headers'>): string | undefined {
  const inHeader = /^AWS4-[A-Z0-9-]+ .*?Credential=([^,\s]*)/.exec(headers.authorization ?? '')?.[1];
  const [, , , service] = (query.get('X-Amz-Credential') ?? inHeader ?? '').split('/');
  return service || undefined;
}

/** The signature's claims, unverified, or undefined where the request is not signed. Throws where they are malformed. */
export function readSignature(request: Pick<SignedRequest, 'query' | 'headers'>): Signature | undefined {
  const parts = signatureParts(request);
  if (!parts) return undefined;
  const { accessKeyId, service, presigned, sessionToken } = parts;
  return { accessKeyId, service, presigned, sessionToken };
}

/** Why a signature is not taken. */
type Fault = 'key' | 'token' | 'signature' | 'skew' | 'missing' | 'malformed';

const FAULTS: Readonly<
  Record<Fault, { readonly s3: readonly [string, number]; readonly other: readonly [string, number] }>
> = {
  key: { s3: ['InvalidAccessKeyId', 403], other: ['UnrecognizedClientException', 403] },
  token: { s3: ['InvalidToken', 400], other: ['UnrecognizedClientException', 403] },
  signature: { s3: ['SignatureDoesNotMatch', 403], other: ['InvalidSignatureException', 403] },
  skew: { s3: ['RequestTimeTooSkewed', 403], other: ['InvalidSignatureException', 403] },
  missing: { s3: ['AccessDenied', 403], other: ['MissingAuthenticationTokenException', 403] },
  malformed: { s3: ['AuthorizationHeaderMalformed', 400], other: ['IncompleteSignatureException', 400] },
};

/** The error by which S3, and every other service, says so. */
export function signatureError(
  service: string,
  fault: Fault,
  message: string,
  detail: Readonly<Record<string, unknown>> = {},
): AwsError {
  const [code, status] = FAULTS[fault][service === 's3' ? 's3' : 'other'];
  return new AwsError(code, message, status, service === 's3' ? detail : {});
}

/** Throws as the service does for an access key that is not known, or is not known by this token. */
export function refuseKey(service: string, accessKeyId: string, why: 'unknown' | 'wrong token'): never {
  const s3 =
    why === 'unknown'
      ? 'The AWS Access Key Id you provided does not exist in our records.'
      : 'The provided token is malformed or otherwise invalid.';
  const message = service === 's3' ? s3 : 'The security token included in the request is invalid.';
  const detail = why === 'unknown' ? { AWSAccessKeyId: accessKeyId } : {};
  throw signatureError(service, why === 'unknown' ? 'key' : 'token', message, detail);
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
  refuseWrongTime(parts, now);
  if (/^[0-9a-f]{64}$/.test(parts.payloadHash ?? '') && parts.payloadHash !== sha256(request.body)) {
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      'The body does not have the SHA-256 that x-amz-content-sha256 gives.',
      400,
    );
  }
  if (!isSignature(parts.signature, sign(request, parts, secret))) refuseSignature(parts.service);
}

export function refuseSignature(service: string): never {
  const message = 'The request signature we calculated does not match the signature you provided.';
  throw signatureError(service, 'signature', `${message} Check your key and signing method.`);
}

/** Whether the hexadecimal text is that signature. */
export function isSignature(hex: string, expected: Buffer): boolean {
  const given = Buffer.from(hex, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function refuseWrongTime({ service, presigned, date, expiresSeconds }: SignatureParts, now: number): void {
  const signedAt = parseAmzDate(date, service, presigned);
  if (!presigned) {
    if (Math.abs(Date.now() - signedAt) <= CLOCK_SKEW_MS) return;
    const message =
      service === 's3'
        ? 'The difference between the request time and the current time is too large.'
        : `Signature expired: ${date} is not within 15 minutes of ${amzDate(Date.now())}`;
    throw signatureError(service, 'skew', message);
  }
  if (signedAt - CLOCK_SKEW_MS > now) throw new AwsError('AccessDenied', 'Request is not yet valid', 403);
  if (now <= signedAt + expiresSeconds * 1000) return;
  if (service === 's3') throw new AwsError('AccessDenied', 'Request has expired', 403);
  throw signatureError(service, 'skew', `Signature expired: the link of ${date} lived for ${expiresSeconds} seconds`);
}

interface SignatureParts extends Signature {
  readonly date: string;
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly expiresSeconds: number;
  readonly payloadHash: string | undefined;
}

function signatureParts(request: Pick<SignedRequest, 'query' | 'headers'>): SignatureParts | undefined {
  const { query, headers } = request;
  const service = signedService(request) ?? '';
  if (query.has('X-Amz-Credential') || query.has('X-Amz-Signature')) return partsOfLink(query, headers, service);
  const header = headers.authorization;
  if (!header?.startsWith('AWS4-')) return undefined;
  const [algorithm = '', ...given] = header.split(' ');
  if (algorithm !== ALGORITHM)
    throw signatureError(service, 'malformed', `The algorithm is ${ALGORITHM}, not ${algorithm}`);
  const fields = new Map(
    given
      .join(' ')
      .split(',')
      .map(field => field.trim().split(/=(.*)/s, 2) as [string, string]),
  );
  for (const name of ['Credential', 'SignedHeaders', 'Signature']) {
    if (!fields.get(name)) {
      throw signatureError(service, 'malformed', `Authorization header requires '${name}' parameter.`);
    }
  }
  return {
    ...readCredential(fields.get('Credential') ?? '', service, 'malformed'),
    presigned: false,
    date: headers['x-amz-date'] ?? '',
    signedHeaders: (fields.get('SignedHeaders') ?? '').split(';'),
    signature: fields.get('Signature') ?? '',
    expiresSeconds: 0,
    payloadHash: headers['x-amz-content-sha256'],
    sessionToken: headers['x-amz-security-token'],
  };
}

function partsOfLink(query: URLSearchParams, headers: SignedRequest['headers'], service: string): SignatureParts {
  const isS3 = service === 's3' || service === '';
  const wanted = ['Algorithm', 'Credential', 'Signature', 'Date', 'SignedHeaders', ...(isS3 ? ['Expires'] : [])];
  if (wanted.some(name => !query.get(`X-Amz-${name}`))) {
    const listed = wanted.map(name => `X-Amz-${name}`).join(', ');
    throw linkError(service, `Query-string authentication version 4 requires the ${listed} parameters.`);
  }
  if (query.get('X-Amz-Algorithm') !== ALGORITHM)
    throw linkError(service, `X-Amz-Algorithm only supports "${ALGORITHM}"`);
  const expires = query.get('X-Amz-Expires') ?? String(USUAL_EXPIRY_SECONDS);
  if (!/^-?\d+$/.test(expires)) throw linkError(service, 'X-Amz-Expires should be a number');
  if (Number(expires) < 0) throw linkError(service, 'X-Amz-Expires must be non-negative');
  if (Number(expires) > LONGEST_EXPIRY_SECONDS) {
    const limit = `the given X-Amz-Expires must be less than ${LONGEST_EXPIRY_SECONDS} seconds`;
    throw linkError(service, `X-Amz-Expires must be less than a week (in seconds); that is, ${limit}`);
  }
  return {
    ...readCredential(query.get('X-Amz-Credential') ?? '', service, 'link'),
    presigned: true,
    date: query.get('X-Amz-Date') ?? '',
    signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: query.get('X-Amz-Signature') ?? '',
    expiresSeconds: Number(expires),
    payloadHash: query.get('X-Amz-Content-Sha256') ?? headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
    sessionToken: query.get('X-Amz-Security-Token') ?? undefined,
  };
}

function linkError(service: string, message: string): AwsError {
  if (service !== 's3' && service !== '') return signatureError(service, 'malformed', message);
  return new AwsError('AuthorizationQueryParametersError', message, 400);
}

interface Credential {
  readonly accessKeyId: string;
  readonly service: string;
  /** Day, region, service and `aws4_request`. */
  readonly scope: string;
}

/** Reads `key/day/region/service/aws4_request`. */
export function readCredential(credential: string, service: string, where: 'malformed' | 'link'): Credential {
  const [accessKeyId, day, region, named, end] = credential.split('/');
  if (accessKeyId && /^\d{8}$/.test(day ?? '') && region && named && end === 'aws4_request') {
    return { accessKeyId, service: named, scope: `${day}/${region}/${named}/aws4_request` };
  }
  const message =
    where === 'link' ? 'Error parsing the X-Amz-Credential parameter' : 'The authorization header is malformed';
  const right = `the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".`;
  throw where === 'link'
    ? linkError(service, `${message}; ${right}`)
    : signatureError(service, where, `${message}; ${right}`);
}

function sign(request: SignedRequest, parts: SignatureParts, secret: string): Buffer {
  const canonical = [
    request.method,
    canonicalPath(request.path, parts.service),
    canonicalQuery(request.query),
    ...parts.signedHeaders.map(name => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    parts.signedHeaders.join(';'),
    parts.payloadHash ?? sha256(request.body),
  ].join('\n');
  return signText(secret, parts.scope, [ALGORITHM, parts.date, parts.scope, sha256(canonical)].join('\n'));
}

/** The signature of a text with the key that the secret has for the scope. */
export function signText(secret: string, scope: string, text: string): Buffer {
  const name = `${secret} ${scope}`;
  const key = keys.get(name) ?? createSecretKey(scope.split('/').reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`)));
  if (keys.size >= 1_000) keys.clear();
  keys.set(name, key);
  return hmac(key, text);
}

/** By secret and scope: a key is the same for a whole day. */
const keys = new Map<string, KeyObject>();

/** S3 signs the path as sent; every other service signs it encoded once more. */
function canonicalPath(path: string, service: string): string {
  return service === 's3' ? path : path.split('/').map(encode).join('/');
}

function canonicalQuery(query: URLSearchParams): string {
  return (
    [...query]
      .filter(([name]) => name !== 'X-Amz-Signature')
      .map(([name, value]) => [encode(name), encode(value)] as const)
      // By the name first: `select` stands before `select-type`, though `=` stands behind `-`.
      .sort(([a, one], [b, other]) => (a === b ? (one < other ? -1 : 1) : a < b ? -1 : 1))
      .map(pair => pair.join('='))
      .join('&')
  );
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function parseAmzDate(date: string, service: string, presigned: boolean): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (!match) {
    const message = `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'", not "${date}"`;
    throw presigned ? linkError(service, message) : signatureError(service, 'malformed', message);
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function amzDate(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: KeyObject | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
