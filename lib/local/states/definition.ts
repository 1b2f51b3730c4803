/**
 * A state machine's definition, read once and checked whole: what is accepted here can run.
 * State names are unique in the whole machine, so a state is found by its name at whatever depth it stands.
 */
import type { z } from 'zod';
import { checkArguments, integrationOf } from './integrations.ts';
import { isObject, type Json } from './json.ts';
import { machineSchema, type State, stateSchema } from './state-schema.ts';
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
