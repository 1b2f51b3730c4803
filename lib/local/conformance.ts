/** What the cloud does of AWS, operation by operation: out of the services' own tables. Pure. */
import type { Service } from './service.ts';

/** An operation is right here, or is refused by its name; none is ignored. */
type Support = 'right' | 'refused by name';

export interface ConformanceRow {
  readonly api: string;
  readonly operation: string;
  readonly support: Support;
}

/**
 * The table. `known` names the operations of an API on AWS, where that is known; for an API of which it is not, those that
 * are here stand alone.
 */
export function conformance(
  services: readonly Pick<Service, 'operations'>[],
  known: Readonly<Record<string, readonly string[]>>,
): readonly ConformanceRow[] {
  const tables = services.flatMap(({ operations = {} }) => Object.entries(operations));
  return tables
    .flatMap(([api, here]) => {
      const names = new Set([...here, ...(known[api] ?? [])]);
      return [...names].map((operation): ConformanceRow => {
        return { api, operation, support: here.includes(operation) ? 'right' : 'refused by name' };
      });
    })
    .sort((a, b) => order(a.api, b.api) || order(a.support, b.support) * -1 || order(a.operation, b.operation));
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
