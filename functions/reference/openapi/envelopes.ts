/**
 * The shapes around answers: PixVerse's envelope of a success and of a refusal, RFC 9457's problem, and what API Gateway
 * answers, which is both. Pure data.
 */
import type { Schema } from './model.ts';
import { AT_THE_GATE, EXPLAINED } from './refusals.ts';

const text = (description: string): Schema => ({ type: 'string', description });
const closed = (properties: Readonly<Record<string, Schema>>, description: string): Schema => ({
  type: 'object',
  description,
  properties,
  required: Object.keys(properties),
});

const all = [...EXPLAINED, ...AT_THE_GATE];
const ERR_CODES = [...new Set(all.flatMap(({ errCodes }) => errCodes))].sort((a, b) => a - b);
const param: Schema = { anyOf: [{ type: 'string' }, { type: 'null' }], description: 'The member that was wrong.' };

const success = {
  ErrCode: { const: 0, description: '0: it was done.' },
  ErrMsg: text('`Success`, and what must be said with it.'),
  Resp: { description: 'What was asked for: each call says its members.' },
} as const satisfies Record<string, Schema>;

const envelope = {
  ErrCode: { type: 'integer', enum: ERR_CODES, description: 'Which refusal: see the table of refusals.' },
  ErrMsg: text('What was wrong, where, and what would be right.'),
  Resp: { type: 'null', description: 'Nothing.' },
} as const satisfies Record<string, Schema>;

const problem = {
  type: text('Where the code is explained.'),
  title: text('What the status or the code says, in words.'),
  status: { type: 'integer', description: 'The HTTP status.' },
  detail: text('What was wrong, where, and what would be right.'),
  instance: text('This occurrence: `urn:request:` and the request id.'),
  code: { type: 'string', enum: [...new Set(all.map(({ code }) => code))], description: 'Which refusal.' },
  param,
  error: closed(
    {
      message: text('As `detail`.'),
      type: text('The family, as clients of the Videos API know it.'),
      param,
      code: text('As `code`.'),
    },
    'The same, where clients of the Videos API look for it.',
  ),
} as const satisfies Record<string, Schema>;

export const ENVELOPES: Readonly<Record<string, Schema>> = {
  Success: closed(success, 'A success in the PixVerse dialect.'),
  Refusal: closed(envelope, 'A refusal in the PixVerse dialect.'),
  Problem: closed(problem, 'A refusal under /v1: a problem (RFC 9457).'),
  GateRefusal: closed(
    { ...envelope, ...problem },
    'A refusal before the route is reached, in both dialects at once: an envelope that is also a problem.',
  ),
};
