/**
 * PostObject: an upload by an HTML form. The form carries the object's headers as fields; a policy in it, signed by
 * whoever lets others upload, says which fields it may have, with what values, how large the file may be, and until when.
 * Source: "POST Object" and "Creating a POST policy" of the Amazon S3 documentation.
 */
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import busboy from 'busboy';
import { type AwsRequest, type AwsResponse, authorizing } from '../service.ts';
import { isSignature, readCredential, refuseKey, refuseSignature, signText } from '../sigv4.ts';
import { type Call, document } from './call.ts';
import { putObject } from './put-object.ts';
import { refusal } from './s3-error.ts';
import { parseTagging } from './tags.ts';

/** Each field's name in lower case; what comes behind the file is not read. */
interface Form {
  readonly fields: ReadonlyMap<string, string>;
  readonly file: { readonly name: string; readonly type: string | undefined; readonly bytes: Buffer };
}

export async function postObject(call: Call): Promise<AwsResponse> {
  const form = await readForm(call.request);
  const { fields, file } = form;
  const given = fields.get('key');
  if (given === undefined) {
    const message =
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.";
    throw refusal('InvalidArgument', message, { ArgumentName: 'key', ArgumentValue: '' });
  }
  const key = given.replaceAll(/\$\{filename\}/g, () => file.name);
  const principal = principalOf(call, { ...form, fields: new Map([...fields, ['key', key]]) });
  const headers = objectHeaders(form);
  const request: AwsRequest = {
    ...call.request,
    headers,
    body: file.bytes,
    principal,
    authorize: authorizing(call.context.iam, principal),
  };
  const stored = await putObject({ ...call, request, key, header: name => headers[name] });
  return answerTo(call, fields, key, stored.headers ?? {});
}

async function readForm({ headers, body }: AwsRequest): Promise<Form> {
  if (!headers['content-type']?.startsWith('multipart/form-data')) {
    const Condition = 'Bucket POST must be of the enclosure-type multipart/form-data';
    throw refusal('PreconditionFailed', undefined, { Condition });
  }
  const fields = new Map<string, string>();
  const files: Promise<Form['file']>[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  try {
    const parser = busboy({ headers: { 'content-type': headers['content-type'] }, limits: { fieldSize: 1024 * 1024 } });
    parser.on('field', (name, value) => {
      if (files.length === 0) fields.set(name.toLowerCase(), value);
    });
    parser.on('file', (name, stream: Readable, { filename, mimeType }) => {
      const bytes = buffer(stream);
      if (name.toLowerCase() === 'file')
        files.push(bytes.then(read => ({ name: filename ?? '', type: mimeType, bytes: read })));
    });
    parser.on('close', resolve);
    parser.on('error', reject);
    parser.end(body);
    await promise;
  } catch {
    throw refusal('MalformedPOSTRequest');
  }
  const [file, ...more] = await Promise.all(files);
  if (file && more.length === 0) return { fields, file };
  const message = 'POST requires exactly one file upload per request.';
  throw refusal('InvalidArgument', message, { ArgumentName: 'file', ArgumentValue: files.length });
}

/** Who lets the form upload; undefined for a form without a policy. Throws where the policy does not allow this form. */
function principalOf(call: Call, form: Form): string | undefined {
  const policy = form.fields.get('policy');
  if (policy === undefined) return undefined;
  const field = (name: string): string => {
    const value = form.fields.get(name);
    if (value !== undefined) return value;
    if (form.fields.has('awsaccesskeyid')) {
      const message = 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.';
      throw refusal('InvalidRequest', message);
    }
    const message = `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`;
    throw refusal('InvalidArgument', message, { ArgumentName: name, ArgumentValue: '' });
  };
  if (field('x-amz-algorithm') !== 'AWS4-HMAC-SHA256')
    throw refusal('InvalidRequest', 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  const { accessKeyId, service, scope } = readCredential(field('x-amz-credential'), 's3', 'link');
  const holder = call.context.iam.holderOf(accessKeyId, form.fields.get('x-amz-security-token'));
  if (typeof holder === 'string') return refuseKey('s3', accessKeyId, holder);
  field('x-amz-date');
  const isSigned = service === 's3' && isSignature(field('x-amz-signature'), signText(holder.secret, scope, policy));
  if (!isSigned) return refuseSignature('s3');
  checkPolicy(readPolicy(policy), form, call);
  return holder.principal;
}

interface Policy {
  readonly expiration: number;
  readonly conditions: readonly unknown[];
}

function readPolicy(text: string): Policy {
  const invalid = (why: string) => refusal('InvalidPolicyDocument', `Invalid Policy: ${why}`);
  let policy: { expiration?: unknown; conditions?: unknown } | null;
  try {
    policy = JSON.parse(Buffer.from(text, 'base64').toString());
  } catch {
    throw invalid('Invalid JSON.');
  }
  if (typeof policy !== 'object' || policy === null) throw invalid('Invalid JSON.');
  if (policy.expiration === undefined) throw invalid('Policy missing expiration.');
  if (!Array.isArray(policy.conditions)) throw invalid('Policy missing conditions.');
  const expiration = Date.parse(String(policy.expiration));
  if (Number.isNaN(expiration)) throw invalid(`Invalid 'expiration' value: '${policy.expiration}'`);
  return { expiration, conditions: policy.conditions };
}

/** Fields that no condition needs to name. */
const UNNAMED = new Set(['x-amz-signature', 'policy', 'file']);

/** Throws AccessDenied or EntityTooLarge where the form is not what the policy describes. */
function checkPolicy({ expiration, conditions }: Policy, { fields, file }: Form, { bucket, now }: Call): void {
  const denied = (why: string) => refusal('AccessDenied', `Invalid according to Policy: ${why}`);
  if (expiration <= now) throw denied('Policy expired.');
  const named = new Set<string>();
  for (const condition of conditions) {
    const failed = () => denied(`Policy Condition failed: ${JSON.stringify(condition)}`);
    const [operator, subject, wanted] = partsOf(condition);
    if (operator === 'content-length-range') {
      checkSize(file.bytes.length, Number(subject), Number(wanted));
      continue;
    }
    const name = subject.replace(/^\$/, '').toLowerCase();
    named.add(name);
    const value = name === 'bucket' ? bucket.name : (fields.get(name) ?? '');
    if (operator === 'eq' ? value !== wanted : !value.startsWith(wanted)) throw failed();
  }
  const extra = [...fields.keys()].find(
    name => !named.has(name) && !UNNAMED.has(name) && !name.startsWith('x-ignore-'),
  );
  if (extra !== undefined) throw denied(`Extra input fields: ${extra}`);
}

/** Operator, field and value of a condition, which is written in two ways; throws InvalidPolicyDocument. */
function partsOf(condition: unknown): readonly [string, string, string] {
  if (Array.isArray(condition) && condition.length === 3) {
    const [operator, subject, wanted] = condition.map(String) as [string, string, string];
    const known = operator.toLowerCase();
    if (['eq', 'starts-with', 'content-length-range'].includes(known)) return [known, subject, wanted];
  } else if (typeof condition === 'object' && condition !== null && !Array.isArray(condition)) {
    const [pair, ...more] = Object.entries(condition);
    if (pair && more.length === 0) return ['eq', pair[0], String(pair[1])];
  }
  const message = `Invalid Policy: Invalid Simple-Condition: ${JSON.stringify(condition)}`;
  throw refusal('InvalidPolicyDocument', message);
}

function checkSize(size: number, least: number, most: number): void {
  if (size > most) throw refusal('EntityTooLarge', undefined, { ProposedSize: size, MaxSizeAllowed: most });
  if (size < least) throw refusal('EntityTooSmall', undefined, { ProposedSize: size, MinSizeAllowed: least });
}

const DESCRIBING = ['content-type', 'content-disposition', 'content-encoding', 'cache-control', 'expires'];
/** Fields with `x-amz-` that speak of the form, or of an object as the headers of PutObject do. */
const SIGNING = ['algorithm', 'credential', 'date', 'signature', 'security-token'];
const WRITING =
  /^x-amz-(meta-.+|storage-class|server-side-encryption(-aws-kms-key-id|-bucket-key-enabled)?|checksum-.+|sdk-checksum-algorithm|object-lock-.+)$/;

/** The headers that a PutObject of the same object would have. */
function objectHeaders({ fields, file }: Form): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of fields) {
    if (DESCRIBING.includes(name) || WRITING.test(name)) headers[name] = value;
    else if (name === 'acl') headers['x-amz-acl'] = value;
    else if (name === 'tagging')
      headers['x-amz-tagging'] = String(new URLSearchParams(parseTagging(Buffer.from(value))));
    else if (name.startsWith('x-amz-') && !SIGNING.includes(name.slice('x-amz-'.length))) {
      throw refusal('NotImplemented', undefined, { Header: name, Operation: 'PostObject' });
    }
  }
  return file.type === undefined ? headers : { 'content-type': file.type, ...headers };
}

/** 303 to where the form wants its user to go, else the status that it asks for: 204 unless that is 200 or 201. */
function answerTo(
  { context, bucket }: Call,
  fields: Form['fields'],
  key: string,
  stored: Readonly<Record<string, string>>,
): AwsResponse {
  const { etag = '' } = stored;
  const location = `${context.awsUrl}/${bucket.name}/${key.split('/').map(encodeURIComponent).join('/')}`;
  const target = fields.get('success_action_redirect') ?? fields.get('redirect');
  const redirected = target !== undefined && URL.canParse(target) ? new URL(target) : undefined;
  if (redirected) {
    for (const [name, value] of Object.entries({ bucket: bucket.name, key, etag }))
      redirected.searchParams.set(name, value);
    return { status: 303, headers: { ...stored, location: redirected.href } };
  }
  const headers = { ...stored, location };
  const status = fields.get('success_action_status');
  if (status !== '201') return { status: status === '200' ? 200 : 204, headers };
  const described = document(
    [
      'PostResponse',
      [
        ['Location', location],
        ['Bucket', bucket.name],
        ['Key', key],
        ['ETag', etag],
      ],
    ],
    headers,
  );
  return { ...described, status: 201 };
}
