/** Makes the frame of a branch from what is stored. */
import type { CloudContext } from '../service.ts';
import { type Definition, readDefinition } from './definition.ts';
import { Frame, type MapItem } from './frame.ts';
import type { Json, JsonObject } from './json.ts';
import type { BranchRow, ExecutionRow } from './rows.ts';
import type { Store } from './store.ts';
import { Templates } from './template.ts';

export class Frames {
  readonly templates: Templates;
  readonly #context: CloudContext;
  readonly #store: Store;
  readonly #definitions = new Map<string, Definition>();

  constructor(context: CloudContext, store: Store) {
    this.#context = context;
    this.#store = store;
    this.templates = new Templates(() => context.clock.now());
  }

  /** The definition of that hash, read once. */
  definition(hash: string): Definition {
    const known = this.#definitions.get(hash);
    if (known) return known;
    const definition = readDefinition(this.#store.definition(hash), this.templates);
    this.#definitions.set(hash, definition);
    return definition;
  }

  of(execution: ExecutionRow, branch: BranchRow): Frame {
    const state = this.definition(execution.definition).states.get(branch.state);
    if (!state) throw new Error(`${execution.arn} stands at '${branch.state}', which its definition does not have`);
    const { outer, item } = this.#surrounding(branch);
    return new Frame({
      execution,
      branch,
      state,
      outer,
      item,
      around: {
        machineName: execution.machine_arn.split(':').at(-1) ?? '',
        region: this.#context.region,
        templates: this.templates,
        now: this.#context.clock.now(),
        random: Math.random,
      },
    });
  }

  /** The variables of the levels around a branch, and the item of the innermost Map that it is in. */
  #surrounding(branch: BranchRow): { outer: JsonObject; item: MapItem | undefined } {
    let outer: JsonObject = {};
    let item: MapItem | undefined;
    for (
      let at: BranchRow | undefined = branch;
      at;
      at = at.parent === null ? undefined : this.#store.branch(at.parent)
    ) {
      if (at !== branch) outer = { ...(JSON.parse(at.variables) as JsonObject), ...outer };
      if (at.item !== null) item ??= { index: at.slot, value: JSON.parse(at.item) as Json };
    }
    return { outer, item };
  }
}
