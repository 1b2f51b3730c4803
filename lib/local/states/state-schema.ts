/**
 * The states of a JSONata state machine, as data: every field that the interpreter knows. A field that is not here
 * is refused by its name. JSONata strings are checked apart, by `definition.ts`.
 */
import { z } from 'zod';

const json = z.json();
const expression = z.string().regex(/^\{%[\s\S]*%\}$/, 'must be a JSONata expression {% ... %}');
const template = z.record(z.string(), json);
const variables = z.record(
  z.string().regex(/^(?!states$)[\p{ID_Start}_][\p{ID_Continue}]{0,79}$/u, 'must be the name of a variable'),
  json,
);
const seconds = z.union([z.int().min(1).max(99_999_999), expression]);
const target = z.string().min(1).max(80);

const described = { Comment: z.string().optional(), QueryLanguage: z.literal('JSONata').optional() };
const leaving = { Next: target.optional(), End: z.literal(true).optional() };
const output = { Output: json.optional() };
const assign = { Assign: variables.optional() };

const retrier = z.strictObject({
  ErrorEquals: z.array(z.string().min(1)).min(1),
  IntervalSeconds: z.int().min(1).max(99_999_999).optional(),
  MaxAttempts: z.int().min(0).max(99_999_999).optional(),
  BackoffRate: z.number().min(1).optional(),
  MaxDelaySeconds: z.int().min(1).max(31_622_400).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).optional(),
  Comment: z.string().optional(),
});
const catcher = z.strictObject({
  ErrorEquals: z.array(z.string().min(1)).min(1),
  Next: target,
  Comment: z.string().optional(),
  ...output,
  ...assign,
});
const handling = { Retry: z.array(retrier).optional(), Catch: z.array(catcher).optional() };

const rule = z.strictObject({
  Condition: z.union([z.boolean(), expression]),
  Next: target,
  Comment: z.string().optional(),
  ...output,
  ...assign,
});

/** States within a state are read one level at a time, so that a refusal names the innermost state. */
const level = { StartAt: target, States: z.record(z.string().min(1).max(80), z.unknown()), ...described };

/** The top of a state machine. */
export const machineSchema = z.strictObject({
  ...level,
  TimeoutSeconds: z.int().min(1).max(99_999_999).optional(),
  Version: z.literal('1.0').optional(),
});

const pass = z.strictObject({ Type: z.literal('Pass'), ...described, ...leaving, ...output, ...assign });
const choice = z.strictObject({
  Type: z.literal('Choice'),
  Choices: z.array(rule).min(1),
  Default: target.optional(),
  ...described,
  ...output,
  ...assign,
});
const wait = z.strictObject({
  Type: z.literal('Wait'),
  Seconds: z.union([z.int().min(0).max(99_999_999), expression]).optional(),
  Timestamp: z.string().min(1).optional(),
  ...described,
  ...leaving,
  ...output,
  ...assign,
});
const succeed = z.strictObject({ Type: z.literal('Succeed'), ...described, ...output });
const fail = z.strictObject({
  Type: z.literal('Fail'),
  Error: z.string().optional(),
  Cause: z.string().optional(),
  ...described,
});
const task = z.strictObject({
  Type: z.literal('Task'),
  Resource: z.string().min(1),
  Arguments: z.union([expression, template]).optional(),
  TimeoutSeconds: seconds.optional(),
  HeartbeatSeconds: seconds.optional(),
  ...described,
  ...leaving,
  ...output,
  ...assign,
  ...handling,
});
const parallel = z.strictObject({
  Type: z.literal('Parallel'),
  Branches: z.array(z.strictObject(level)).min(1),
  Arguments: z.union([expression, template]).optional(),
  ...described,
  ...leaving,
  ...output,
  ...assign,
  ...handling,
});
const map = z.strictObject({
  Type: z.literal('Map'),
  Items: z.union([expression, z.array(json)]).optional(),
  ItemSelector: z.union([expression, template]).optional(),
  ItemProcessor: z.strictObject({
    ...level,
    ProcessorConfig: z.strictObject({ Mode: z.literal('INLINE') }).optional(),
  }),
  MaxConcurrency: z.union([z.int().min(0), expression]).optional(),
  ...described,
  ...leaving,
  ...output,
  ...assign,
  ...handling,
});

export const stateSchema = z.discriminatedUnion('Type', [pass, choice, wait, succeed, fail, task, parallel, map]);

export type Retrier = z.infer<typeof retrier>;
export type Catcher = z.infer<typeof catcher>;
export type ChoiceState = z.infer<typeof choice>;
export type WaitState = z.infer<typeof wait>;
export type FailState = z.infer<typeof fail>;
export type TaskState = z.infer<typeof task>;
export type ParallelState = z.infer<typeof parallel>;
export type MapState = z.infer<typeof map>;
export type State = z.infer<typeof stateSchema>;
