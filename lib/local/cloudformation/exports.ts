/** What stacks export and others read: a name is of one stack, and stays as it is while another reads it. */
import type { Output } from '../provision.ts';
import type { StackRow, StackStore } from './stack-store.ts';

export class Exports {
  readonly #store: StackStore;

  constructor(store: StackStore) {
    this.#store = store;
  }

  /** Every export by its name. */
  all(): ReadonlyMap<string, { readonly value: string; readonly stack: StackRow }> {
    const all = this.#store
      .live()
      .flatMap(stack =>
        stack.outputs.flatMap(({ exportName, value }) =>
          exportName === undefined ? [] : [[exportName, { value, stack }] as const],
        ),
      );
    return new Map(all);
  }

  importersOf(exportName: string): readonly StackRow[] {
    return this.#store.live().filter(({ imports }) => imports.includes(exportName));
  }

  /** Throws where the stack cannot have these outputs. */
  check(stack: StackRow, outputs: readonly Output[]): void {
    for (const { exportName } of outputs) {
      const owner = exportName === undefined ? undefined : this.all().get(exportName)?.stack;
      if (owner && owner.id !== stack.id)
        throw new Error(`Export with name ${exportName} is already exported by stack ${owner.name}`);
    }
    const used = this.usedBy(stack, outputs);
    if (used !== undefined) throw new Error(used);
  }

  /** Why the stack cannot have these outputs in place of its own: another stack reads one. */
  usedBy(stack: StackRow, after: readonly Output[]): string | undefined {
    for (const { exportName, value } of this.#store.find(stack.id)?.outputs ?? []) {
      const now = after.find(output => output.exportName === exportName);
      if (exportName === undefined || now?.value === value) continue;
      const users = this.importersOf(exportName).filter(({ id }) => id !== stack.id);
      if (users.length === 0) continue;
      const names = users.map(({ name }) => name).join(' and ');
      return now
        ? `Cannot update export ${exportName} as it is in use by ${names}.`
        : `Export ${exportName} cannot be deleted as it is in use by ${names}.`;
    }
    return undefined;
  }
}
