/**
 * From what a client sent to a route's input: parameters, query and body as one object, then the contract. A breach
 * becomes a Refusal that names the member.
 */
import type { z } from 'zod';
import { Refusal } from '../catalogue/refusal.ts';

export interface Sent {
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly contentType: string;
  readonly body: string;
}

/** The members that the client sent, whatever their form. JSON is read on GET too: official clients send it there. */
export function readMembers(sent: Sent): Record<string, unknown> {
  // Clients send null for what they leave open.
  return Object.fromEntries(Object.entries(readPatch(sent)).filter(([, value]) => value !== null));
}

/** The members of a change, in which null takes a member away, as in RFC 7396. */
export function readPatch({ pathParameters, query, contentType, body }: Sent): Record<string, unknown> {
  const parsed = contentType.toLowerCase().startsWith('application/x-www-form-urlencoded')
    ? Object.fromEntries(new URLSearchParams(body))
    : readJson(body);
  return { ...parsed, ...query, ...pathParameters };
}

function readJson(body: string): Record<string, unknown> {
  if (body.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw new Refusal('wrong_type', `the body is not valid JSON: ${(error as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal('wrong_type', 'the body must be a JSON object');
  }
  return value as Record<string, unknown>;
}

/** `members` as the contract describes them; throws a Refusal for the first breach. */
export function validate<Input extends z.ZodType>(input: Input, members: unknown): z.output<Input> {
  const result = input.safeParse(members, { reportInput: true });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (!issue) throw new Refusal('invalid_parameter', 'the request is not valid');
  if (issue.code === 'unrecognized_keys') {
    const [unknown = ''] = issue.keys;
    throw new Refusal('invalid_parameter', `${unknown} is not a member of this request`, unknown);
  }
  const field = issue.path.join('.') || 'the request';
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
    throw new Refusal('wrong_type', `${field} must be ${withArticle(issue.expected)}`, field);
  }
  throw new Refusal('invalid_parameter', `${field} is not valid: ${describe(issue)}`, field);
}

function tooLong(field: string, maximum: number | bigint): string {
  return `${field} is longer than ${maximum} characters`;
}

function withArticle(type: string): string {
  const name = type === 'int' ? 'integer' : type;
  return /^[aeio]/.test(name) ? `an ${name}` : `a ${name}`;
}

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union' && issue.message === 'Invalid input') {
    return 'it must be a positive integer, as a number or in quotes';
  }
  return issue.message;
}
