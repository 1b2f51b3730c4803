/** The answers of a route, by status, in the manner of its dialect. Pure. */

import type { z } from 'zod';
import { REFUSALS, type RefusalKind } from '../../catalogue/refusal.ts';
import { SUPPORT } from '../../catalogue/support.ts';
import type { OpenRoute, Route } from '../../http/route.ts';
import type { Answer, Header, Schema } from './model.ts';
import { AT_THE_GATE, GATE_STATUSES } from './refusals.ts';

const JSON_TYPE = 'application/json';
const PROBLEM_TYPE = 'application/problem+json';
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const numbers = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

const text = (description: string) => ({ description, schema: { type: 'string' } });
const header = (name: string) => ({ $ref: `#/components/headers/${name}` });
const REQUEST_ID = { 'x-request-id': header('RequestId') };
const RETRY_AFTER = { 'retry-after': header('RetryAfter') };

/** Headers of many responses. */
export const HEADERS: Readonly<Record<string, Header>> = {
  RequestId: text(`Name it to ${SUPPORT}.`),
  RetryAfter: text('Seconds, where waiting so long helps.'),
};

/** What API Gateway answers in the route's stead. */
function atTheGate(status: number): Answer {
  const codes = AT_THE_GATE.filter(explained => explained.status === status).map(({ code }) => code);
  return {
    description: `Before the route is reached: ${codes.join(', ')}.`,
    headers: { ...REQUEST_ID, ...(status === 429 && RETRY_AFTER) },
    content: { [JSON_TYPE]: { schema: ref('GateRefusal') } },
  };
}

/** PixVerse's dialect: 200 with an envelope, whatever the answer. `resp` is the schema of `Resp`. */
export function envelopes(
  resp: Schema,
  refusals: readonly RefusalKind[],
  example: unknown,
): Readonly<Record<string, Answer>> {
  const success: Schema = {
    ...ref('Success'),
    properties: { Resp: { ...resp, description: 'What was asked for.' } },
  };
  const codes = numbers(refusals.filter(kind => kind !== 'internal').map(kind => REFUSALS[kind].pixverse));
  const refusal: Schema = {
    ...ref('Refusal'),
    properties: { ErrCode: { enum: codes, description: 'Which refusal.' } },
  };
  const sample = example === undefined ? {} : { example: { ErrCode: 0, ErrMsg: 'Success', Resp: example } };
  return {
    200: {
      description: 'Done where ErrCode is 0; refused where it is another, and then nothing has changed.',
      content: { [JSON_TYPE]: { schema: { oneOf: [success, refusal] }, ...sample } },
    },
    ...Object.fromEntries(GATE_STATUSES.map(status => [status, atTheGate(status)])),
    500: {
      description: 'Our fault; nothing is charged.',
      headers: REQUEST_ID,
      content: { [JSON_TYPE]: { schema: { anyOf: [ref('Refusal'), ref('GateRefusal')] } } },
    },
  };
}

/** The dialect of /v1: HTTP's statuses, and problems (RFC 9457). */
export function statuses(
  { success, empty = {} }: Route,
  body: Schema,
  refusals: readonly RefusalKind[],
  example: unknown,
): Readonly<Record<string, Answer>> {
  const { status = 200, contentType = JSON_TYPE, partial } = success ?? {};
  const json = { schema: body, ...(example !== undefined && { example }) };
  const content = [contentType].flat().map(type => [type, type === JSON_TYPE ? json : { schema: { type: 'string' } }]);
  const done: Answer = {
    description: 'Done.',
    content: Object.fromEntries(content),
  };
  const refused = numbers([...GATE_STATUSES, ...refusals.map(kind => REFUSALS[kind].http)]);
  return {
    [status]: done,
    ...(partial && { 206: { ...done, description: 'The range that was asked for.' } }),
    ...Object.fromEntries(Object.entries(empty).map(([code, description]) => [code, { description }])),
    ...Object.fromEntries(refused.map(code => [code, problem(code, refusals)])),
  };
}

/** What an open route answers: what it says itself, and what API Gateway says of any call that it does not let through. */
export function openAnswers(
  { answers, example }: OpenRoute,
  schemaOf: (output: z.ZodType) => Schema,
): Readonly<Record<string, Answer>> {
  const own = Object.entries(answers).map(
    ([status, { description, contentType = JSON_TYPE, output }]): [string, Answer] => {
      const isSuccess = Number(status) < 300;
      const json = output && { schema: schemaOf(output), ...(isSuccess && { example: example.answer }) };
      const content = output || contentType !== JSON_TYPE ? { [contentType]: json ?? TEXT } : undefined;
      return [status, { description, headers: REQUEST_ID, ...(content && { content }) }];
    },
  );
  const gate = GATE_STATUSES.filter(status => !GUARDED.includes(status) && !(status in answers));
  return { ...Object.fromEntries(gate.map(status => [status, atTheGate(status)])), ...Object.fromEntries(own) };
}

/** Statuses of the authorizer and of usage plans, which open routes have not. */
const GUARDED: readonly number[] = [401, 403];
const TEXT = { schema: { type: 'string' } } as const;

function problem(status: number, refusals: readonly RefusalKind[]): Answer {
  const codes = refusals.filter(kind => REFUSALS[kind].http === status);
  const gate = GATE_STATUSES.includes(status) ? atTheGate(status) : undefined;
  if (codes.length === 0 && gate) return gate;
  const schema: Schema = { ...ref('Problem'), properties: { code: { enum: codes, description: 'Which refusal.' } } };
  return {
    description: [`${codes.join(', ')}.`, ...(gate ? [gate.description] : [])].join(' '),
    headers: { ...REQUEST_ID, ...gate?.headers, ...(status === 503 && RETRY_AFTER) },
    content: { [PROBLEM_TYPE]: { schema }, ...gate?.content },
  };
}
