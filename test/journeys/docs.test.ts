/** README.md and docs/ as a reader would use them: every block is run from the text itself, and prints what the page says. */
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seed } from '../../bin/local/seed.ts';
import { installMissing } from '../support/debian-packages.ts';
import { blocksOf, stepsOf } from '../support/doc-blocks.ts';
import { type Place, programFolder, runProgram, runSessions, writeProgram } from '../support/doc-runner.ts';
import { assertInstalled } from '../support/installed.ts';
import { Platform, ROOT } from '../support/platform.ts';

const PAGES = ['README.md', ...globSync('docs/*.md', { cwd: ROOT })].map(name => {
  const text = readFileSync(join(ROOT, name), 'utf8');
  return { name, steps: stepsOf(blocksOf(text, name)) };
});

const folder = programFolder(ROOT, tmpdir());
let place: Place;

beforeAll(async () => {
  assertInstalled(ROOT);
  installMissing();
  const { cloud, dataDir } = await Platform.shared();
  // As `npm start` leaves it: the developer, the people, and where everything is.
  const { local } = await seed(cloud, dataDir);
  const { PATH, HOME, TMPDIR } = process.env;
  const env = { PATH, HOME, TMPDIR, MUTOSCOPE_DATA_DIR: dataDir, API: local.apiUrl, KEY: local.apiKey };
  const known = new Map([
    ['http://127.0.0.1:4480', local.apiUrl],
    ['http://127.0.0.1:4481', cloud.awsUrl],
    ['mut_...', local.apiKey],
    ...Object.entries(local.outputs).map(([name, value]): [string, string] => [`<${name}>`, value]),
  ]);
  place = { root: ROOT, folder, env, known };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const programs = PAGES.flatMap(({ steps }) => steps).filter(step => step.kind === 'program');
/** The same program on two pages is one. */
const distinct = [...new Map(programs.map(program => [program.text, program])).values()];
const sessions = PAGES.filter(({ steps }) => steps.some(({ kind }) => kind === 'command'));

describe.concurrent('what a reader would do', () => {
  it.each(sessions.map(({ name, steps }) => [name, steps] as const))(
    'in the shell of %s, command by command, does and prints what the page says',
    (_name, steps) => runSessions(steps, place),
  );

  it.each(distinct.map(program => [program.place, program] as const))(
    'with the program of %s does and prints what the page says',
    (_place, program) => runProgram(program, place),
  );
});

describe('what a page has', () => {
  it('in TypeScript compiles in strict mode against the types of its packages', () => {
    const types = join(folder, 'types');
    mkdirSync(types);
    const typed = programs.filter(({ language }) => language === 'ts');
    expect(typed.length).toBeGreaterThan(1);
    const files = typed.map(({ place: name, text }) => writeProgram(types, name, 'ts', text));
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      erasableSyntaxOnly: true,
      noEmit: true,
      skipLibCheck: true,
      target: 'es2024',
      module: 'nodenext',
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
    };
    const config = join(types, 'tsconfig.json');
    writeFileSync(config, JSON.stringify({ compilerOptions, files }));
    const compile = () => execFileSync(process.execPath, [TSC, '-p', config], { encoding: 'utf8' });
    expect(errorsOf(compile)).toBe('');
    // And it is the types that decide: those sizes and seconds that are said not to be in them are not.
    const unknown = `import OpenAI from 'openai';\nawait new OpenAI().videos.create({ prompt: '', seconds: '1' });\n`;
    writeFileSync(config, JSON.stringify({ compilerOptions, files: [writeProgram(types, 'unknown', 'ts', unknown)] }));
    expect(errorsOf(compile)).toContain(`Type '"1"' is not assignable to type 'VideoSeconds`);
  });
});

function errorsOf(compile: () => string): string {
  try {
    return compile();
  } catch (error) {
    return String((error as { stdout?: string }).stdout);
  }
}

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
