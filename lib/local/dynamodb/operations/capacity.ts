/**
 * ConsumedCapacity. A write costs one unit per started KB of the larger of the two images, and the same again for each
 * index entry that it makes, changes or removes; a consistent read one unit per started 4 KB, an eventually consistent
 * one half. In a transaction everything costs double.
 */
import { indexEntryKey } from '../storage/keys.ts';
import { type Index, projectedTo, type Table } from '../storage/table-definition.ts';
import { type Item, itemSize, sameItem } from '../values/value.ts';

type Mode = 'NONE' | 'TOTAL' | 'INDEXES';

interface Consumed {
  readonly table: Table;
  readonly kind: 'Read' | 'Write';
  own: number;
  readonly indexes: Map<string, number>;
}

export class CapacityMeter {
  readonly #mode: Mode;
  readonly #factor: number;
  readonly #consumed = new Map<string, Consumed>();

  /** `factor` is 2 for a transaction. */
  constructor(input: { readonly ReturnConsumedCapacity: Mode }, factor: 1 | 2 = 1) {
    this.#mode = input.ReturnConsumedCapacity;
    this.#factor = factor;
  }

  read(table: Table, bytes: number, consistent: boolean, index?: Index): void {
    const units = Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);
    this.#add(table, 'Read', index, units);
  }

  write(table: Table, before: Item | undefined, after: Item | undefined): void {
    if (this.#mode === 'NONE') return;
    this.#add(table, 'Write', undefined, writeUnits(before, after));
    for (const index of table.indexes) {
      const units = indexUnits(table, index, before, after);
      if (units > 0) this.#add(table, 'Write', index, units);
    }
  }

  /** The member of an answer about one table. */
  single(): { ConsumedCapacity?: unknown } {
    const [only] = this.#report();
    return only ? { ConsumedCapacity: only } : {};
  }

  /** The member of an answer about several tables. */
  list(): { ConsumedCapacity?: unknown } {
    const report = this.#report();
    return report.length > 0 ? { ConsumedCapacity: report } : {};
  }

  #add(table: Table, kind: Consumed['kind'], index: Index | undefined, units: number): void {
    const consumed = this.#consumed.get(table.name) ?? { table, kind, own: 0, indexes: new Map() };
    this.#consumed.set(table.name, consumed);
    if (index) consumed.indexes.set(index.name, (consumed.indexes.get(index.name) ?? 0) + units * this.#factor);
    else consumed.own += units * this.#factor;
  }

  #report(): readonly Record<string, unknown>[] {
    if (this.#mode === 'NONE') return [];
    return [...this.#consumed.values()].map(({ table, kind, own, indexes }) => {
      const total = [...indexes.values()].reduce((sum, units) => sum + units, own);
      return {
        TableName: table.name,
        CapacityUnits: total,
        ...(this.#factor === 2 && { [`${kind}CapacityUnits`]: total }),
        ...(this.#mode === 'INDEXES' && {
          Table: { CapacityUnits: own },
          ...(indexes.size > 0 && {
            GlobalSecondaryIndexes: Object.fromEntries(
              [...indexes].map(([name, units]) => [name, { CapacityUnits: units }]),
            ),
          }),
        }),
      };
    });
  }
}

function writeUnits(...images: readonly (Item | undefined)[]): number {
  return Math.max(1, ...images.map(image => Math.ceil((image ? itemSize(image) : 0) / 1024)));
}

function indexUnits(table: Table, index: Index, before: Item | undefined, after: Item | undefined): number {
  const from = before && indexEntryKey(table, index, before);
  const to = after && indexEntryKey(table, index, after);
  const old = before && from && projectedTo(table, index, before);
  const fresh = after && to && projectedTo(table, index, after);
  if (!old && !fresh) return 0;
  if (old && fresh && from && to && from.hash.equals(to.hash) && from.position.equals(to.position)) {
    return sameItem(old, fresh) ? 0 : writeUnits(old, fresh);
  }
  return (old ? writeUnits(old) : 0) + (fresh ? writeUnits(fresh) : 0);
}
