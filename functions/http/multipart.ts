/** Multipart bodies as members: a file is a Buffer, and `video[id]` is the member `id` of `video`. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Refusal } from '../catalogue/refusal.ts';
import { assertForm, assertPlain, decoded } from './body-text.ts';
import { headerOf } from './caller.ts';
import { type FormPart, formParts, MalformedForm } from './form-parts.ts';
import { placeMembers } from './nested-members.ts';
import { bodyOf, fieldsOf } from './request-context.ts';

/** Of a body, to see what it looks like. */
const BEGINNING = 64;
/** A call has some twenty members, and two files at the most. */
const MOST_PARTS = 42;

/** The members of a call that may bring files: multipart, urlencoded or JSON. */
export async function formMembersOf(event: APIGatewayProxyEvent): Promise<Record<string, unknown>> {
  const contentType = headerOf(event, 'content-type') ?? '';
  if (!contentType.toLowerCase().startsWith('multipart/form-data')) return fieldsOf(event);
  assertPlain(headerOf(event, 'content-encoding'));
  const body = bodyOf(event);
  assertForm(body.toString('latin1', 0, BEGINNING), contentType);
  const members = readMultipart(contentType, body);
  placeMembers(members, Object.entries(event.queryStringParameters ?? {}));
  return { ...members, ...event.pathParameters };
}

/** Throws a Refusal where the body is not such a form. */
function readMultipart(contentType: string, body: Buffer): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  let parts = 0;
  try {
    for (const part of formParts(contentType, body)) {
      if (++parts > MOST_PARTS) throw new MalformedForm(`it has more than ${MOST_PARTS} parts`);
      placeMembers(members, [[part.name, isFile(part) ? part.bytes : textOf(part)]]);
    }
  } catch (error) {
    if (!(error instanceof MalformedForm)) throw error;
    throw new Refusal('wrong_type', `the multipart body cannot be read: ${error.message}`);
  }
  return members;
}

/** A sender need not name a file (RFC 7578, 4.2): what is no text is one too. */
function isFile({ fileName, contentType }: FormPart): boolean {
  return fileName !== undefined || !/^(text\/.*|application\/(json|x-www-form-urlencoded))$/.test(contentType);
}

function textOf({ name, charset = 'utf-8', bytes }: FormPart): string {
  const text = decoded(bytes, charset);
  if (text !== undefined) return text;
  throw new Refusal('wrong_type', `${name} is not text in ${charset.toUpperCase()}: send it as UTF-8`, name);
}
