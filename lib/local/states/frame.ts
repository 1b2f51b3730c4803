/**
 * One branch of one execution at one moment: all that a decision may look at. A decision answers a Move and notes its
 * history in `events`; it writes nothing, so it may be taken again after a crash.
 */
import type { State } from './definition.ts';
import { ERROR, StateFailure } from './failure.ts';
import type { Json, JsonObject } from './json.ts';
import type { BranchRow, ExecutionRow } from './rows.ts';
import type { Bindings, Templates } from './template.ts';

/** A history event to be: `detail` is what stands in its `...EventDetails`. */
export interface Draft {
  readonly type: string;
  readonly detail: JsonObject;
}

/** The start of a branch of a Parallel or an iteration of a Map. */
export interface Seed {
  readonly state: string;
  readonly input: string;
  /** JSON of the iteration's item; null for a Parallel. */
  readonly item: string | null;
}

/** What becomes of the branch. Times are epoch milliseconds. */
export type Move =
  | { readonly kind: 'next'; readonly state: string; readonly input: string; readonly variables: string }
  | { readonly kind: 'end'; readonly output: string }
  | { readonly kind: 'fail'; readonly failure: StateFailure }
  | { readonly kind: 'wait'; readonly until: number }
  | { readonly kind: 'backoff'; readonly until: number; readonly used: readonly number[] }
  | {
      readonly kind: 'call';
      readonly token: string;
      readonly arguments: string;
      readonly timeoutSeconds: number | undefined;
      readonly heartbeatSeconds: number | undefined;
    }
  | { readonly kind: 'await' }
  | { readonly kind: 'fork'; readonly seeds: readonly Seed[]; readonly concurrency: number };

/** The item of the innermost Map that the branch is in. */
export interface MapItem {
  readonly index: number;
  readonly value: Json;
}

export interface Surroundings {
  readonly machineName: string;
  readonly region: string;
  readonly templates: Templates;
  readonly now: number;
  readonly random: () => number;
}

export class Frame {
  readonly execution: ExecutionRow;
  readonly branch: BranchRow;
  readonly state: State;
  readonly input: Json;
  readonly own: JsonObject;
  readonly around: Surroundings;
  readonly events: Draft[] = [];
  readonly #outer: JsonObject;
  readonly #item: MapItem | undefined;

  /** `outer`: the variables of the levels around; the branch's own hide none of them. */
  constructor(given: {
    execution: ExecutionRow;
    branch: BranchRow;
    state: State;
    outer: JsonObject;
    item: MapItem | undefined;
    around: Surroundings;
  }) {
    this.execution = given.execution;
    this.branch = given.branch;
    this.state = given.state;
    this.input = JSON.parse(given.branch.input) as Json;
    this.own = JSON.parse(given.branch.variables) as JsonObject;
    this.around = given.around;
    this.#outer = given.outer;
    this.#item = given.item;
  }

  get name(): string {
    return this.branch.state;
  }

  get usedRetries(): readonly number[] {
    return JSON.parse(this.branch.used_retries) as number[];
  }

  record(type: string, detail: JsonObject = {}): void {
    this.events.push({ type, detail });
  }

  /** `seen`: more members of `$states`; `item` and `token` stand in for those of the context. */
  evaluate(
    template: Json,
    location: string,
    seen: Bindings = {},
    more: { item?: MapItem; token?: string } = {},
  ): Promise<Json> {
    const context = this.#context(more.item ?? this.#item, more.token);
    const states = { input: this.input, context, ...seen };
    return this.around.templates.evaluate(template, { ...this.#outer, ...this.own, states }, location);
  }

  /** The same, for a field that must be a whole number from `least` up. */
  async evaluateNumber(template: Json, location: string, least: number): Promise<number> {
    const value = await this.evaluate(template, location);
    if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value;
    const cause = `The field '${location}' must be an integer of at least ${least}, but was ${JSON.stringify(value)}.`;
    throw new StateFailure(ERROR.queryEvaluation, cause, location);
  }

  /** `$states.context` */
  #context(item: MapItem | undefined, token: string | undefined): JsonObject {
    const { execution, branch } = this;
    return {
      Execution: {
        Id: execution.arn,
        Input: JSON.parse(execution.input) as Json,
        Name: execution.name,
        RoleArn: execution.role_arn,
        StartTime: new Date(execution.started_at).toISOString(),
        RedriveCount: execution.redrive_count,
        ...(execution.redriven_at === null ? {} : { RedriveTime: new Date(execution.redriven_at).toISOString() }),
      },
      StateMachine: { Id: execution.machine_arn, Name: this.around.machineName },
      State: {
        Name: branch.state,
        EnteredTime: new Date(branch.entered_at).toISOString(),
        RetryCount: this.usedRetries.reduce((sum, used) => sum + used, 0),
      },
      ...(item ? { Map: { Item: { Index: item.index, Value: item.value } } } : {}),
      ...(token === undefined ? {} : { Task: { Token: token } }),
    };
  }
}
