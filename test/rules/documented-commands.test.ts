/** The commands of the documentation run with version 1 of the aws CLI and with version 2, as each is shipped. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Every command with its options, lines that go on included. */
const commands = [
  'README.md',
  ...globSync('docs/**/*.md'),
  'lib/identity-stack.ts',
  ...globSync('bin/**/*.ts'),
].flatMap(file => {
  const text = readFileSync(file, 'utf8').replaceAll('\\\n', ' ');
  return [...text.matchAll(/\baws [a-z][a-z0-9-]+ [a-z][^\n`]*/g)].map(([command]) => ({ file, command }));
});

/** What one version alone has, and what both understand in its place. */
const ONE_VERSION: readonly [RegExp, string][] = [
  [/--cli-binary-format/, 'version 1 does not know it: give a payload by fileb://'],
  [/--payload(?! fileb:\/\/)/, 'version 2 reads it as base64 and version 1 as it is: give it by fileb://'],
  [/--cli-(auto-prompt|input-yaml|pager)|--no-cli-pager|--cli-input-yaml|--output yaml/, 'version 1 does not know it'],
  [/\baws logs (tail|start-live-tail)\b/, 'version 1 does not know it: use filter-log-events'],
  [/\baws (configure (sso|list-profiles|import)|sso login|history|ddb|login)\b/, 'version 1 does not know it'],
];

describe('the aws commands of the documentation', () => {
  it('are found', () => {
    expect(commands.length).toBeGreaterThan(8);
    expect(commands.filter(({ command }) => command.includes('lambda invoke')).length).toBeGreaterThan(2);
  });

  it.each(ONE_VERSION.map(([form, remedy]) => [String(form), form, remedy] as const))(
    'have no %s',
    (_, form, remedy) => {
      expect(
        commands.filter(({ command }) => form.test(command)),
        remedy,
      ).toEqual([]);
    },
  );
});

it('the shell is told by a line that no shell splits', () => {
  const evals = ['README.md', ...globSync('docs/**/*.md'), ...globSync('bin/**/*.ts')].flatMap(file =>
    [...readFileSync(file, 'utf8').matchAll(/eval .*npm run -s env\)"?/g)].map(([found]) => found),
  );
  expect(evals.length).toBeGreaterThan(2);
  expect(new Set(evals)).toEqual(new Set(['eval "$(npm run -s env)"']));
});
