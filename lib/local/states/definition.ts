/**
 * A state machine's definition, read once and checked whole: what is accepted here can run.
 * State names are unique in the whole machine, so a state is found by its name at whatever depth it stands.
 */
import { z } from 'zod';
import { checkArguments, integrationOf } from './integrations.ts';
import { isObject, type Json } from './json.ts';
import type { Templates } from './template.ts';

export interface Definition {
  readonly startAt: string;
  readonly timeoutSeconds: number | undefined;
  readonly states: ReadonlyMap<string, State>;
}

/** Throws an Error that names the state and the field where the definition is not one that this engine runs. */
export function readDefinition(text: string, templates: Templates): Definition {
  let source: unknown;
  try {
    source = JSON.parse(text);
  } catch (error) {
    throw new Error(`the definition is not JSON: ${(error as Error).message}`);
  }
  const language = isObject(source) ? source.QueryLanguage : undefined;
  refuseOtherLanguage(language, 'the state machine');
  const machine = parsed(machineSchema, source, 'the state machine');
  const reader = new Reader(templates, language === 'JSONata');
  reader.readLevel(machine, 'the state machine', new Set());
  return { startAt: machine.StartAt, timeoutSeconds: machine.TimeoutSeconds, states: reader.states };
}

interface Level {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, unknown>>;
}

class Reader {
  readonly states = new Map<string, State>();
  readonly #templates: Templates;
  readonly #jsonataByDefault: boolean;

  constructor(templates: Templates, jsonataByDefault: boolean) {
    this.#templates = templates;
    this.#jsonataByDefault = jsonataByDefault;
  }

  /** `outer`: the variables of the levels around this one, which it may read but not assign. */
  readLevel(level: Level, where: string, outer: ReadonlySet<string>): void {
    const here = new Map(Object.entries(level.States).map(([name, source]) => [name, this.#readState(name, source)]));
    if (!here.has(level.StartAt))
      throw new Error(`${where}: StartAt names '${level.StartAt}', which is no state there`);
    const assigned = new Set(outer);
    for (const [name, state] of here) {
      for (const next of targets(state)) {
        if (!here.has(next)) throw new Error(`state '${name}': Next names '${next}', which is no state at its level`);
      }
      for (const variable of variablesOf(state)) {
        if (outer.has(variable)) throw new Error(`state '${name}': variable '${variable}' belongs to an outer level`);
        assigned.add(variable);
      }
    }
    for (const [name, state] of here) {
      if (state.Type === 'Map') this.readLevel(state.ItemProcessor, `state '${name}'`, assigned);
      if (state.Type === 'Parallel') {
        for (const branch of state.Branches) this.readLevel(branch, `state '${name}'`, assigned);
      }
    }
  }

  #readState(name: string, source: unknown): State {
    const where = `state '${name}'`;
    const language = isObject(source) ? source.QueryLanguage : undefined;
    refuseOtherLanguage(language, where);
    if (!this.#jsonataByDefault && language === undefined) {
      throw new Error(`${where}: its QueryLanguage is JSONPath; this engine runs JSONata alone`);
    }
    if (this.states.has(name)) throw new Error(`${where}: the name is used twice`);
    const state = parsed(stateSchema, source, where);
    this.states.set(name, state);
    checkFlow(state, where);
    checkHandling(state, where);
    if (state.Type === 'Task') checkTask(state, where);
    this.#checkExpressions(state, where);
    return state;
  }

  #checkExpressions(state: State, where: string): void {
    for (const [field, value] of Object.entries(state)) {
      if (field === 'Branches' || field === 'ItemProcessor') continue;
      try {
        this.#templates.check(value as Json);
      } catch (error) {
        throw new Error(`${where}: ${field}: ${(error as Error).message}`);
      }
    }
  }
}

function refuseOtherLanguage(language: unknown, where: string): void {
  if (language === undefined || language === 'JSONata') return;
  throw new Error(`${where}: QueryLanguage ${JSON.stringify(language)} is refused; this engine runs JSONata alone`);
}

function parsed<T>(schema: z.ZodType<T>, source: unknown, where: string): T {
  const result = schema.safeParse(source);
  if (result.success) return result.data;
  const reasons = result.error.issues.map(({ path, message }) => [...path, message].join(': '));
  throw new Error(`${where}: ${reasons.join('; ')}`);
}

function checkFlow(state: State, where: string): void {
  if (state.Type === 'Choice' || state.Type === 'Succeed' || state.Type === 'Fail') return;
  if ((state.Next === undefined) === (state.End === undefined)) throw new Error(`${where}: needs one of Next and End`);
  if (state.Type === 'Wait' && (state.Seconds === undefined) === (state.Timestamp === undefined)) {
    throw new Error(`${where}: needs one of Seconds and Timestamp`);
  }
}

function checkHandling(state: State, where: string): void {
  if (state.Type !== 'Task' && state.Type !== 'Map' && state.Type !== 'Parallel') return;
  for (const [field, handlers] of [['Retry', state.Retry ?? []] as const, ['Catch', state.Catch ?? []] as const]) {
    for (const [index, { ErrorEquals }] of handlers.entries()) {
      if (!ErrorEquals.includes('States.ALL')) continue;
      const lastAndAlone = ErrorEquals.length === 1 && index === handlers.length - 1;
      if (!lastAndAlone) throw new Error(`${where}: ${field}: States.ALL must stand alone, and last`);
    }
  }
  for (const { IntervalSeconds = 1, MaxDelaySeconds } of state.Retry ?? []) {
    if (MaxDelaySeconds !== undefined && MaxDelaySeconds <= IntervalSeconds) {
      throw new Error(`${where}: Retry: MaxDelaySeconds must be greater than IntervalSeconds`);
    }
  }
}

function checkTask(state: State & { Type: 'Task' }, where: string): void {
  const integration = integrationOf(state.Resource);
  if (!integration) throw new Error(`${where}: the Resource ${state.Resource} is not supported here`);
  const reason = checkArguments(integration, state.Arguments as Json | undefined);
  if (reason) throw new Error(`${where}: ${reason}`);
  const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state;
  if (heartbeat === undefined) return;
  // Only the holder of a token can send a heartbeat.
  if (!integration.waitsForToken) throw new Error(`${where}: HeartbeatSeconds needs .waitForTaskToken`);
  if (typeof heartbeat === 'number' && typeof timeout === 'number' && heartbeat >= timeout) {
    throw new Error(`${where}: HeartbeatSeconds must be smaller than TimeoutSeconds`);
  }
}

function targets(state: State): readonly string[] {
  const ways = [
    'Next' in state ? state.Next : undefined,
    'Default' in state ? state.Default : undefined,
    ...('Choices' in state ? state.Choices.map(rule => rule.Next) : []),
    ...('Catch' in state ? (state.Catch ?? []).map(catcher => catcher.Next) : []),
  ];
  return ways.filter(way => way !== undefined);
}

function variablesOf(state: State): readonly string[] {
  const assigns = [
    'Assign' in state ? state.Assign : undefined,
    ...('Choices' in state ? state.Choices.map(rule => rule.Assign) : []),
    ...('Catch' in state ? (state.Catch ?? []).map(catcher => catcher.Assign) : []),
  ];
  return assigns.flatMap(assign => Object.keys(assign ?? {}));
}

// The states of a JSONata state machine, as data: every field that the interpreter knows. A field that is not here
// is refused by its name. JSONata strings are checked apart.

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
const machineSchema = z.strictObject({
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

const stateSchema = z.discriminatedUnion('Type', [pass, choice, wait, succeed, fail, task, parallel, map]);

export type Retrier = z.infer<typeof retrier>;
export type Catcher = z.infer<typeof catcher>;
export type ChoiceState = z.infer<typeof choice>;
export type WaitState = z.infer<typeof wait>;
export type FailState = z.infer<typeof fail>;
export type TaskState = z.infer<typeof task>;
export type ParallelState = z.infer<typeof parallel>;
export type MapState = z.infer<typeof map>;
export type State = z.infer<typeof stateSchema>;
