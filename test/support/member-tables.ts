/** What each member of a dialect does, of its contracts: as data for tests, and as the tables that the docs have. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { EFFECTS, type MemberEffect } from '../../functions/http/member-effect-contract.ts';
import type { Family, Route } from '../../functions/http/route.ts';
import { FAMILIES } from '../../functions/routes.ts';

interface Member {
  readonly name: string;
  readonly effect: 'done' | MemberEffect['effect'];
  readonly why: string;
}

export function membersOf({ input, files = {} }: Pick<Route, 'input' | 'files'>): Member[] {
  if (!(input instanceof z.ZodObject)) throw new Error('the input of a route is an object');
  const shape: Readonly<Record<string, z.ZodType>> = input.shape;
  const others = Object.keys(files).filter(name => !(name in shape));
  return [
    ...others.map(name => ({ name, effect: 'done' as const, why: '' })),
    ...Object.entries(shape).map(([name, schema]) => {
      const said = EFFECTS.get(schema);
      if (!said) return { name, effect: 'done' as const, why: '' };
      return { name, effect: said.effect, why: said.effect === 'refused' ? said.instead : said.because };
    }),
  ];
}

const COLUMNS = ['done', 'refused', 'neural', 'none'] as const;
const HEADS = '| call | done | refused | no effect with the preview engine | no effect |\n|---|---|---|---|---|\n';

/** The markdown of the tables: by call, and then each member that is not done with the reason. */
export function documentedMembers(dialect: Family['dialect']): string {
  const routes = FAMILIES.filter(family => family.dialect === dialect && family.name !== 'Not offered').flatMap(
    family => Object.values(family.routes),
  );
  const rows = routes
    .filter(route => membersOf(route).length > 0)
    .map(route => {
      const cells = COLUMNS.map(column =>
        membersOf(route)
          .filter(({ effect }) => effect === column)
          .map(({ name }) => `\`${name}\``)
          .join(', '),
      );
      return `| \`${route.method} ${shortOf(route)}\` | ${cells.join(' | ')} |\n`;
    });
  return `\n${HEADS}${rows.join('')}\n${reasons(routes)}\n`;
}

const WORDS = {
  refused: 'refused by its name',
  none: 'no effect',
  neural: 'done by a neural engine; no effect with the preview engine',
} as const;

function reasons(routes: readonly Route[]): string {
  const rows = new Map<string, string[]>();
  for (const route of routes) {
    for (const { name, effect, why } of membersOf(route)) {
      if (effect === 'done') continue;
      const row = `\`${name}\` | ${WORDS[effect]} | ${why}`;
      rows.set(row, [...(rows.get(row) ?? []), shortOf(route)]);
    }
  }
  const lines = [...rows].sort(([one], [other]) => (one < other ? -1 : 1));
  const place = (calls: readonly string[]): string =>
    calls.length > MOST_NAMED ? `${calls.length} calls` : calls.map(call => `\`${call}\``).join(', ');
  return `| member | | because | in |\n|---|---|---|---|\n${lines.map(([row, calls]) => `| ${row} | ${place(calls)} |\n`).join('')}`;
}

const MOST_NAMED = 5;
const shortOf = ({ path }: Route): string => path.replace('/openapi/v2/', '');

/** Where they stand. */
export const DOCUMENTED = [
  ['docs/pixverse-compatibility.md', 'pixverse'],
  ['docs/videos-dialect.md', 'videos'],
] as const;

const PLACE = /(?<=<!-- members -->\n).*?(?=<!-- end of members -->)/s;

/** The tables that a page has. */
export function tableIn(page: string): string | undefined {
  return PLACE.exec(page)?.[0];
}

if (import.meta.main) {
  for (const [page, dialect] of DOCUMENTED) {
    const file = join(import.meta.dirname, '../..', page);
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(PLACE, () => documentedMembers(dialect)),
    );
  }
}
