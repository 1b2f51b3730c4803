/** What stands in a platform's tables beside the inventory of what is known of people. */
import { ITEM_KINDS } from '../../functions/retention/sections.ts';
import type { Platform } from './platform.ts';

/** How many items there are, and what is not listed of them: items of no kind, and attributes that their kind does not have. */
export async function unlistedItems(platform: Platform): Promise<{ count: number; unlisted: string[] }> {
  const unlisted = new Set<string>();
  let count = 0;
  for (const name of ['Core', 'Jobs', 'Ledger', 'Idempotency', 'Audit', 'Seals']) {
    for (const item of await platform.everything(name)) {
      count++;
      const [pk, sk] = [String(item.pk), String(item.sk ?? '')];
      const kinds = ITEM_KINDS.filter(
        kind => kind.table === name.toLowerCase() && pk.startsWith(kind.pk) && sk.startsWith(kind.sk),
      );
      const kind = kinds.toSorted((a, b) => b.pk.length + b.sk.length - a.pk.length - a.sk.length)[0];
      if (!kind) unlisted.add(`${name}: ${pk} ${sk}`);
      for (const attribute of Object.keys(item)) {
        // Behind a blank stands which one: `rule <name>`.
        const listed = attribute.split(' ')[0] ?? '';
        if (kind && !(listed in kind.attributes)) unlisted.add(`${name}: ${attribute} of ${kind.about}`);
      }
    }
  }
  return { count, unlisted: [...unlisted] };
}
