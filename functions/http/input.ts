/**
 * From what a client sent to a route's input: parameters, query and body as one object, then the contract. A breach
 * becomes a Refusal that names the member.
 */
import * as z from 'zod';
import { Refusal } from '../catalogue/refusal.ts';
import { assertBounded, REPLACEMENT, readForm } from './body-text.ts';
import { breachWords, typeInWords } from './breach-words.ts';
import { NOT_OFFERED } from './member-effect-contract.ts';
import { placeMembers } from './nested-members.ts';

export interface Sent {
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly contentType: string;
  readonly body: string;
}

const FORM_TYPE = 'application/x-www-form-urlencoded';

/** The members that the client sent, whatever their form. JSON is read on GET too: official clients send it there. */
export function readMembers(sent: Sent): Record<string, unknown> {
  // Clients send null for what they leave open.
  return Object.fromEntries(Object.entries(readPatch(sent)).filter(([, value]) => value !== null));
}

/** The members of a change, in which null takes a member away, as in RFC 7396. */
export function readPatch({ pathParameters, query, contentType, body }: Sent): Record<string, unknown> {
  const isForm = contentType.toLowerCase().startsWith(FORM_TYPE);
  const members = isForm ? {} : readJson(body);
  if (isForm) placeMembers(members, Object.entries(readForm(body)));
  placeMembers(members, Object.entries(query));
  return { ...members, ...pathParameters };
}

function readJson(body: string): Record<string, unknown> {
  if (body.trim() === '') return {};
  assertBounded(body);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    // Of the parser's words only the place: the others quote what was sent.
    const [, place] = / at position (\d+)/.exec((error as Error).message) ?? [];
    const where = place === undefined ? '' : `: look at character ${Number(place) + 1}`;
    throw new Refusal('wrong_type', `the body is not valid JSON${formOf(body) ?? where}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal('wrong_type', 'the body must be a JSON object');
  }
  return value as Record<string, unknown>;
}

/** Which form it looks like that was sent as JSON, and what helps; undefined where it looks like none. */
function formOf(body: string): string | undefined {
  const looks = 'and looks like a';
  if (/^\s*--\S/.test(body))
    return ` ${looks} multipart form: leave the content type to the client, which names the boundary in it`;
  return /^[\w.%[\]-]+=/.test(body) ? ` ${looks} form: send JSON, or say -H 'content-type: ${FORM_TYPE}'` : undefined;
}

/**
 * The input of a route as a call is held to it: a read passes over what it does not know, since gateways and clients add
 * members of their own and nothing is changed by it. What changes something refuses what it does not understand.
 */
export function heldTo<Input extends z.ZodType>({ method, input }: { method: string; input: Input }): Input {
  if (method !== 'GET' || !(input instanceof z.ZodObject)) return input;
  return input.strip() as z.ZodType as Input;
}

/** `members` as the contract describes them; throws a Refusal for the first breach. */
export function validate<Input extends z.ZodType>(input: Input, members: unknown): z.output<Input> {
  const result = input.safeParse(members, { reportInput: true, error: breachWords });
  if (result.success) {
    // Of what is kept: a read passes over the rest.
    assertWhole(result.data, []);
    return result.data;
  }
  const [issue] = result.error.issues;
  if (!issue) throw new Refusal('invalid_parameter', 'the request is not valid');
  if (issue.code === 'unrecognized_keys') {
    const unknown = [...issue.path, issue.keys[0] ?? ''].join('.');
    throw new Refusal('invalid_parameter', `${unknown} is not a member of this request`, unknown);
  }
  const field = issue.path.join('.') || 'the request';
  if (issue.code === 'custom' && issue.params?.rule === NOT_OFFERED) {
    throw new Refusal('invalid_parameter', `${field} is not offered: ${issue.message}`, field);
  }
  const absent = issue.input === undefined || issue.input === null;
  if (absent || (issue.code === 'too_small' && String(issue.input).trim() === '')) {
    throw new Refusal('missing_parameter', `${field} is required`, field);
  }
  if (issue.code === 'too_big' && field === 'prompt')
    throw new Refusal('prompt_too_long', tooLong(field, issue.maximum), field);
  if (issue.code === 'too_big' && field === 'negative_prompt') {
    throw new Refusal('negative_prompt_too_long', tooLong(field, issue.maximum), field);
  }
  if (issue.code === 'invalid_type') {
    throw new Refusal('wrong_type', `${field} must be ${typeInWords(issue.expected)}`, field);
  }
  throw new Refusal('invalid_parameter', `${field} is not valid: ${issue.message}`, field);
}

function tooLong(field: string, maximum: number | bigint): string {
  return `${field} is longer than ${maximum} characters`;
}

/**
 * Throws a Refusal for a text that cannot be shown again as it was sent: with half of a surrogate pair, which no UTF-8 has
 * and many readers of JSON refuse a whole list for, or with the sign for bytes that could not be decoded.
 */
function assertWhole(value: unknown, path: readonly string[]): void {
  if (typeof value === 'string') {
    const field = path.join('.') || 'the request';
    if (!value.isWellFormed()) {
      throw new Refusal('invalid_parameter', `${field} has half of a surrogate pair, which is no character`, field);
    }
    if (value.includes(REPLACEMENT)) {
      const message = `${field} has U+FFFD in it, which stands for what was not UTF-8: send it as UTF-8`;
      throw new Refusal('invalid_parameter', message, field);
    }
    return;
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  for (const [name, member] of Object.entries(value)) {
    if (!name.isWellFormed() || name.includes(REPLACEMENT)) assertWhole(name, [...path, 'the name of a member']);
    assertWhole(member, [...path, name]);
  }
}
