/** A stack on its way to a template: what its references stand for, and what it has already. */
import type { Stack } from '../assembly.ts';
import { type StackScope, type Surroundings, scopeOf } from '../provision.ts';
import { newPhysicalName } from './physical-names.ts';
import type { ResourceRow, StackRow, Target } from './stack-store.ts';
import { type Lookups, parametersOf, readTemplate } from './template.ts';

export interface PlanOptions {
  /** Whether the stack was there before: what is made may then have to go again alone. */
  readonly update: boolean;
  /** Whether what there is already may become the stack's. */
  readonly importing: boolean;
  readonly token?: string | undefined;
  /** Gets the name of each export that the template reads. */
  readonly imports?: Set<string>;
}

export interface Plan extends PlanOptions {
  readonly row: StackRow;
  readonly stack: Stack;
  readonly scope: StackScope;
  /** Physical names by logical id. */
  readonly names: Map<string, string>;
  /** What the stack has now, by logical id. */
  readonly current: Map<string, ResourceRow>;
}

/** Throws ValidationError where a parameter has no value. */
export function planFor(
  { row, target, rows }: { readonly row: StackRow; readonly target: Target; readonly rows: readonly ResourceRow[] },
  surroundings: Pick<Surroundings, 'types' | 'account' | 'exported'> & { readonly lookups: Lookups },
  options: PlanOptions,
): Plan {
  const stack = { name: row.name, template: readTemplate(target.body) };
  const kept = rows.filter(({ state }) => state !== 'new');
  const names = new Map(kept.map(each => [each.logicalId, each.name]));
  const nameOf = (logicalId: string): string => {
    const name = names.get(logicalId) ?? newPhysicalName(row.name, logicalId);
    names.set(logicalId, name);
    return name;
  };
  const scope = scopeOf(stack, {
    types: surroundings.types,
    account: surroundings.account,
    parameters: parametersOf(stack.template, target.parameters, surroundings.lookups),
    stackId: row.id,
    nameOf,
    exported: name => {
      options.imports?.add(name);
      return surroundings.exported(name);
    },
  });
  return { ...options, row, stack, scope, names, current: new Map(kept.map(each => [each.logicalId, each])) };
}
