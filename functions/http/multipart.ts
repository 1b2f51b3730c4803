/** Multipart bodies as members: a file is a Buffer, and `video[id]` is the member `id` of `video`. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import busboy from 'busboy';
import { Refusal } from '../catalogue/refusal.ts';
import { headerOf } from './caller.ts';
import { bodyOf, fieldsOf } from './request-context.ts';

/** A field holds a prompt of 5,000 characters or a picture as a data URL; the gateway takes 10 MB in all. */
const LIMITS = { files: 2, fields: 40, fieldSize: 8 * 1024 * 1024, fieldNameSize: 100 };

/** The members of a call that may bring files: multipart, urlencoded or JSON. */
export async function formMembersOf(event: APIGatewayProxyEvent): Promise<Record<string, unknown>> {
  const contentType = headerOf(event, 'content-type') ?? '';
  if (!contentType.toLowerCase().startsWith('multipart/form-data')) return fieldsOf(event);
  const members = await readMultipart(contentType, bodyOf(event));
  return { ...members, ...event.queryStringParameters, ...event.pathParameters };
}

/** Throws a Refusal where the body is not such a form. */
function readMultipart(contentType: string, body: Buffer): Promise<Record<string, unknown>> {
  return new Promise((done, fail) => {
    const members: Record<string, unknown> = {};
    const malformed = (error: Error) =>
      fail(new Refusal('wrong_type', `the multipart body cannot be read: ${error.message}`));
    try {
      const form = busboy({ headers: { 'content-type': contentType }, limits: LIMITS });
      form.on('file', (name, stream) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        // A form that ends within the file is an error of both; unheard here, it would end the process.
        stream.on('error', malformed);
        stream.on('end', () => place(members, name, Buffer.concat(chunks)));
      });
      form.on('field', (name, value) => place(members, name, value));
      form.on('error', error => malformed(error as Error));
      form.on('close', () => done(members));
      form.end(body);
    } catch (error) {
      malformed(error as Error);
    }
  });
}

/** One level of brackets, as clients write objects in forms; anything else is a name like any other. */
function place(members: Record<string, unknown>, name: string, value: unknown): void {
  const [, outer, inner] = /^(\w+)\[(\w+)\]$/.exec(name) ?? [];
  if (outer === undefined || inner === undefined) {
    define(members, name, value);
    return;
  }
  const held = Object.hasOwn(members, outer) ? members[outer] : undefined;
  const object = typeof held === 'object' && held !== null && !Buffer.isBuffer(held) ? { ...held } : {};
  define(object, inner, value);
  define(members, outer, object);
}

/** As an own member whatever it is called: `__proto__` is a name too. */
function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
